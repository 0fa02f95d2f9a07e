"""Text of a PDF that is printed: not white, not without ink, not too small to read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream, DictionaryObject, NameObject

_SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})
_WITHOUT_INK = 3
_TINY, _PALE = 1.0, 0.97


@dataclass(frozen=True)
class Pen:
    """How text would be printed at a place in a page."""

    mode: int = 0
    pale: bool = False
    size: float = 12.0
    scale: float = 1.0

    @property
    def is_seen(self) -> bool:
        """Whether a reader sees it."""
        return self.mode != _WITHOUT_INK and not self.pale and self.size * self.scale > _TINY


def only_seen(page: PageObject, reader: PdfReader) -> None:
    """Take out of a page, and of the drawings it shows, the text that its reader cannot see."""
    contents = page.get_contents()
    if contents is not None:
        page[NameObject("/Contents")] = _seen(contents, reader)
    drawn = page.get("/Resources", DictionaryObject()).get_object().get("/XObject", DictionaryObject()).get_object()
    for drawing in drawn.values():
        _only_seen_in(drawing.get_object(), reader)


def _only_seen_in(drawing: Any, reader: PdfReader) -> None:  # noqa: ANN401 - pypdf's own type
    if drawing.get("/Subtype") == "/Form":
        drawing.set_data(_seen(drawing, reader).get_data())


def _seen(contents: Any, reader: PdfReader) -> ContentStream:  # noqa: ANN401 - pypdf's own type
    stream = ContentStream(contents, reader)
    pen, kept, below = Pen(), [], list[Pen]()
    for operands, operator in stream.operations:
        if operator == b"q":
            below.append(pen)
        elif operator == b"Q" and below:
            pen = below.pop()
        else:
            pen = _after(pen, operator, operands)
        if operator not in _SHOWS or pen.is_seen:
            kept.append((operands, operator))
    stream.operations = kept
    return stream


def _after(pen: Pen, operator: bytes, operands: Any) -> Pen:  # noqa: ANN401 - pypdf's own type
    change = _CHANGES.get(operator)
    return pen if change is None else change(pen, operands)


def _light(amounts: Iterable[Any]) -> bool:
    return all(float(amount) >= _PALE for amount in amounts)


def _coloured(pen: Pen, operands: Any) -> Pen:  # noqa: ANN401 - pypdf's own type
    numbers = [each for each in operands if isinstance(each, int | float)]
    cmyk = 4
    light = not any(map(float, numbers)) if len(numbers) == cmyk else _light(numbers)
    return replace(pen, pale=bool(numbers) and light)


_CHANGES: dict[bytes, Callable[[Pen, Any], Pen]] = {
    b"Tr": lambda pen, told: replace(pen, mode=int(told[0])),
    b"Tf": lambda pen, told: replace(pen, size=abs(float(told[1]))),
    b"Tm": lambda pen, told: replace(pen, scale=max(abs(float(told[3])), abs(float(told[1])))),
    b"BT": lambda pen, _told: replace(pen, scale=1.0),
    **dict.fromkeys((b"g", b"rg", b"k", b"sc", b"scn"), _coloured),
}
