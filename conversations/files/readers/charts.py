"""Charts and diagrams of Office files: their title, their series of values, their words."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from conversations.files.readers import numbers
from conversations.files.readers.bounds import MOST_ROWS, joined

KINDS = ("chart", "diagramData")
"""The last word of the relation by which each is found."""
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_CHART, _MAIN = f"{{{_DRAWING}/chart}}", f"{{{_DRAWING}/main}}"
MOST_SERIES = 100


def lines_of(kind: str, root: Any) -> Iterator[str]:
    """Yield the lines of a chart or of a diagram."""
    return _chart(root) if kind == "chart" else _paragraphs(root)


def _chart(root: Any) -> Iterator[str]:
    title = root.find(f"{_CHART}chart/{_CHART}title")
    words = " ".join(_paragraphs(title)) if title is not None else ""
    yield f"Chart: {words}" if words else "Chart:"
    for series in islice(root.iter(f"{_CHART}ser"), MOST_SERIES):
        name = " ".join(_points(series, "tx").values())
        labels = _points(series, "cat") or _points(series, "xVal")
        values = _points(series, "val") or _points(series, "yVal")
        shown = joined(f"{labels.get(place, '')} {value}" for place, value in values.items())
        yield f"{name}: {shown}" if name else shown


def _points(series: Any, part: str) -> dict[str, str]:
    """Return the values of a part of a series by their place, as they are shown."""
    found = series.find(f"{_CHART}{part}")
    if found is None:
        return {}
    pattern = next(found.iter(f"{_CHART}formatCode"), None)
    code = (pattern.text if pattern is not None else None) or "General"
    return {
        point.get("idx", ""): _shown(point.findtext(f"{_CHART}v") or "", code)
        for point in islice(found.iter(f"{_CHART}pt"), MOST_ROWS)
    }


def _shown(value: str, code: str) -> str:
    try:
        return numbers.shown(float(value), code) if code != "General" else numbers.shown(value)
    except ValueError:
        return value


def _paragraphs(root: Any) -> Iterator[str]:
    for paragraph in root.iter(f"{_MAIN}p"):
        words = "".join(one.text or "" for one in paragraph.iter(f"{_MAIN}t"))
        if words.strip():
            yield words
