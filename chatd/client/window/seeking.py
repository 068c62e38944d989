"""Where words stand in lines: the next place above or below, and round.

Not by the search of Tk's Text. The one of Tk 8.6 that takes large and small letters for the
same ends the whole program where an emoji stands in what it searches.
"""

import re
from collections.abc import Sequence

Place = tuple[int, int, int]
"""Which line, where in it the words begin, and where they end."""


def seek(lines: Sequence[str], words: str, here: tuple[int, int], upwards: bool) -> Place | None:
    """``here``: a line and where in it to begin; what begins there is only found downwards."""
    pattern = re.compile(re.escape(words), re.IGNORECASE)
    first, column = here
    for step in range(len(lines) + 1):
        line = (first - step if upwards else first + step) % len(lines)
        found = [match.span() for match in pattern.finditer(lines[line])]
        if step == 0:
            found = [span for span in found if (span[0] < column) == upwards]
        if found:
            return (line, *found[-1 if upwards else 0])
    return None
