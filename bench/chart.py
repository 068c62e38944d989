"""One chart for the docs: CPU for each delivery, a panel for each size. SVG, by hand."""

from collections.abc import Sequence
from html import escape

from bench.measure import LOAD, Results
from bench.servers import Server

WIDTH, LABELS, RIGHT = 760, 130, 70
ROW, BAR, PANEL_HEAD, TOP, BOTTOM = 22, 14, 34, 52, 16
BARS = WIDTH - LABELS - RIGHT

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 16px; font-weight: 600; }
.head { font-weight: 600; }
.note { fill: #59636e; }
.bar { fill: #9aa4af; }
.floor { fill: #59636e; }
.chatd { fill: #0969da; }
.page { fill: #ffffff; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .note { fill: #9198a1; }
  .bar { fill: #565f69; }
  .floor { fill: #9198a1; }
  .chatd { fill: #4493f8; }
  .page { fill: #0d1117; }
}
"""


def chart(results: Results, servers: Sequence[Server], sizes: Sequence[int]) -> str:
    """The SVG. All panels have one scale, so that lengths compare across them.

    It ends where most bars do: a few that are many times as long run off the edge.
    """
    panels = [(size, _bars(results, servers, size)) for size in sizes]
    most = _scale([value for _, bars in panels for _, value in bars])
    parts: list[str] = []
    y = TOP
    for size, bars in panels:
        parts.append(_text(16, y + 20, f"{size} members", "head"))
        y += PANEL_HEAD
        for server, value in bars:
            parts.append(_bar(server, value, most, y))
            y += ROW
    height = y + BOTTOM
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            "<title>CPU of the server for each line delivered to a member</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="page" width="{WIDTH}" height="{height}"/>',
            _text(16, 28, "CPU of the server for each line delivered to a member", "title"),
            _text(16, 48, "microseconds, one sender, 64 bytes, under load; less is better", "note"),
            *parts,
            "</svg>\n",
        ]
    )


def _scale(values: Sequence[float]) -> float:
    """The value that the longest bar stands for."""
    if not values:
        return 1.0
    usual = sorted(values)[int(len(values) * 0.75)]
    return usual if usual * 2 < max(values) else max(values)


def _bars(results: Results, servers: Sequence[Server], size: int) -> list[tuple[Server, float]]:
    """The cheapest first."""
    figures = [(server, results.median(server.name, size, LOAD)) for server in servers]
    known = [(server, value) for server, value in figures if value is not None]
    return sorted(known, key=lambda pair: pair[1])


def _bar(server: Server, value: float, most: float, y: int) -> str:
    length = min(max(value / most, 0.002), 1.0) * BARS
    tip = BAR // 2 if value > most else 0
    kind = server.name if server.name in ("floor", "chatd") else "bar"
    middle = y + BAR - 2
    return "\n".join(
        [
            _text(LABELS - 8, middle, server.title, "", anchor="end"),
            f'<path class="{kind}" d="M{LABELS} {y}h{length:.1f}l{tip} {BAR / 2}l-{tip} {BAR / 2}'
            f'h-{length:.1f}z"/>',
            _text(round(LABELS + length + tip + 6), middle, f"{value:.3f}", "note"),
        ]
    )


def _text(x: int, y: int, words: str, kind: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'
