"""The short way for what most reads are: nothing but BCST, in plain ASCII."""

_PRINTED = bytes(range(0x20, 0x7F)) + b"\t"
_ONE_END = (b"\r\n", b"\n")


def all_said(data: bytes, line_bytes: int) -> tuple[str, ...] | None:
    """What is said in a read of nothing but whole BCST lines, in plain ASCII and not too long;
    None for any other, which wants reading line by line.

    It is what most reads are, and a few operations on the whole of it are what makes many
    lines cheap. ``line_bytes`` as in LineBuffer.
    """
    ends = data.translate(None, _PRINTED)
    if ends in _ONE_END:  # as when people type: each call counts then, for its code is cold
        return _one_said(data, ends, line_bytes)
    end = "\r\n" if ends.startswith(b"\r") else "\n"
    count = len(ends) // len(end)
    if not count or ends != end.encode() * count:
        return None
    if not (data.startswith(b"BCST ") and data.endswith(end.encode())):
        return None
    said = tuple(data.decode("ascii")[5 : -len(end)].split(end + "BCST "))
    if len(said) != count or not all(map(str.strip, said)):
        return None
    return None if line_bytes and max(map(len, said)) + 5 > line_bytes else said


def _one_said(data: bytes, end: bytes, line_bytes: int) -> tuple[str, ...] | None:
    if not (data.startswith(b"BCST ") and data.endswith(end)):
        return None
    line = data.decode("ascii")[5 : -len(end)]
    if (line_bytes and len(line) + 5 > line_bytes) or not line.strip():
        return None
    return (line,)
