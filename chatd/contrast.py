"""How well one colour can be read on another, by WCAG 2.1."""


def luminance(red: int, green: int, blue: int) -> float:
    """Relative luminance (WCAG 2.1), 0 for black to 1 for white."""
    parts = [part / 255 for part in (red, green, blue)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: float, other: float) -> float:
    """How far two luminances are apart: from 1 to 21."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
