"""A time as people write it at this end of the wire: local time, or so long ago."""

import re
from datetime import UTC, datetime, time, timedelta

EXAMPLES = "21:00, yesterday, 2026-11-20, 2026-11-20 21:00, 2026-11-20T21:00Z, 90m, 2h, 3d or 1w"

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGO = re.compile(r"(\d{1,6})([mhdw])(?: ago)?")
_CLOCK = re.compile(r"\d\d?:\d\d(:\d\d)?")


def when(text: str, now: datetime) -> datetime:
    """The time that ``text`` means, in UTC. ``now``: the local time, without a zone.

    A time of day alone is the last time that it was that late. What has no zone is local.
    Raises ValueError, with words for whoever wrote it.
    """
    text = text.strip()
    try:
        return _when(text.lower(), now).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"“{text}” is not a time. Write it as {EXAMPLES}.") from None


def _when(text: str, now: datetime) -> datetime:
    if match := _AGO.fullmatch(text):
        return now - timedelta(**{_UNITS[match[2]]: int(match[1])})
    midnight = datetime.combine(now.date(), time())
    if text in ("today", "yesterday"):
        return midnight - timedelta(days=text == "yesterday")
    if _CLOCK.fullmatch(text):
        today = datetime.combine(now.date(), time.fromisoformat(text.zfill(5)))
        return today if today <= now else today - timedelta(days=1)
    return datetime.fromisoformat(text.upper())
