"""Runs of text on a PDF's page: where each is printed, and whether it is seen on what is printed below it."""

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pypdfium2
from pypdfium2 import raw

_INVISIBLE = frozenset({raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP})
_TINY, _ALIKE, _CLEAR, _DARK = 1.0, 0.06, 26, 0.35
_DEEPEST = 8
_MOST_RULE_POINTS = 6
"""Corners of a rectangle; a shape with more may be a frame that covers nothing."""
_LINE_END_HYPHEN, _SPACE = 2, 32

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points from the page's lower left corner."""
Colour = tuple[float, float, float]
_BOLD = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
"""What the name of a bold font says; the weight that pdfium tells is a guess from its stems."""
_LONGEST_NAME = 128
WHITE: Colour = (1.0, 1.0, 1.0)


@dataclass
class Run:
    """Text printed at once on one line."""

    text: str
    box: Box
    size: float
    headed: bool = False
    """Whether it stands on a dark ground, as the names of a table's columns often do."""
    bold: bool = False

    @property
    def middle(self) -> float:
        """Its height on the page."""
        return (self.box[1] + self.box[3]) / 2


@dataclass
class Printed:
    """One page: its runs in the order they are stored, its ruled lines, what is not seen, and how much is pictures."""

    width: float
    height: float
    runs: list[Run] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    pictured: float = 0.0


@dataclass(frozen=True)
class _Ground:
    order: int
    box: Box
    colour: Colour | None
    covers: bool


@dataclass(frozen=True)
class _Ink:
    order: int
    mode: int
    colour: Colour | None
    alpha: int
    bold: bool


def printed(page: pypdfium2.PdfPage) -> Printed:
    """Return what is printed on a page."""
    width, height = page.get_size()
    made = Printed(width, height)
    inks, grounds = dict[int, _Ink](), list[_Ground]()
    for order, (item, box) in enumerate(_objects(page)):
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            inks[_address(item)] = _ink(item, order)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            _draw(made, grounds, item, box, order)
        elif kind in {raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING}:
            grounds.append(_Ground(order, box, None, covers=False))
            made.pictured += max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1]) / (width * height or 1)
    for run, address in _runs(page):
        ink = inks.get(address)
        why = "" if ink is None else _why_unseen(run, ink, grounds, made)
        if why:
            made.hidden.append((why, run.text))
        elif run.text.strip():
            made.runs.append(run)
    return made


def _draw(made: Printed, grounds: list[_Ground], item: object, box: Box, order: int) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    thin = min(box[2] - box[0], box[3] - box[1]) < 2 * _TINY
    if stroke.value or (fill.value and thin):
        made.rules.append(box)
    if fill.value and not thin and not raw.FPDFPageObj_HasTransparency(item):
        colour, _ = _colour(item)
        covers = raw.FPDFPath_CountSegments(item) <= _MOST_RULE_POINTS
        grounds.append(_Ground(order, box, colour, covers))


def _objects(page: pypdfium2.PdfPage) -> Iterator[tuple[object, Box]]:
    for at in range(raw.FPDFPage_CountObjects(page)):
        yield from _within(raw.FPDFPage_GetObject(page, at), (1, 0, 0, 1, 0, 0), _DEEPEST)


def _within(item: object, matrix: Sequence[float], deepest: int) -> Iterator[tuple[object, Box]]:
    if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_FORM:
        yield item, _box(item, matrix)
    elif deepest:
        own = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(item, own)
        inner = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
        for at in range(raw.FPDFFormObj_CountObjects(item)):
            yield from _within(raw.FPDFFormObj_GetObject(item, at), inner, deepest - 1)


def _times(one: Sequence[float], other: Sequence[float]) -> Sequence[float]:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _box(item: object, matrix: Sequence[float]) -> Box:
    sides = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(item, *sides)
    left, bottom, right, top = (side.value for side in sides)
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return (min(across), min(up), max(across), max(up))


def _address(item: object) -> int:
    return ctypes.addressof(item.contents) if item else 0  # type: ignore[attr-defined]  # a pointer of the library


def _ink(item: object, order: int) -> _Ink:
    colour, alpha = _colour(item)
    name = ctypes.create_string_buffer(_LONGEST_NAME)
    raw.FPDFFont_GetBaseFontName(raw.FPDFTextObj_GetFont(item), name, _LONGEST_NAME)
    bold = _BOLD.search(name.value) is not None
    return _Ink(order, raw.FPDFTextObj_GetTextRenderMode(item), colour, alpha, bold)


def _colour(item: object) -> tuple[Colour | None, int]:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(item, *parts):
        return None, 255
    red, green, blue, alpha = (part.value for part in parts)
    return (red / 255, green / 255, blue / 255), alpha


def _runs(page: pypdfium2.PdfPage) -> Iterator[tuple[Run, int]]:
    text = page.get_textpage()
    run: Run | None = None
    last = end = 0
    # On a line, its first and its last letter say where a run is; asking for each would take most of the time.
    for at in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, at)
        address = _address(raw.FPDFText_GetTextObject(text, at))
        if not address or (run is not None and address != last):
            if run is not None and not (code == _SPACE and not address):
                yield _until(run, text, end), last
                run = None
            elif run is not None:
                run.text += " "
            if not address:
                continue
        letter = "-" if code == _LINE_END_HYPHEN else chr(code)
        if run is None:
            run, last = Run(letter, _char_box(text, at), _size(text, at)), address
        else:
            run.text += letter
        end = at
    if run is not None:
        yield _until(run, text, end), last


def _until(run: Run, text: pypdfium2.PdfTextPage, end: int) -> Run:
    run.box = _around(run.box, _char_box(text, end))
    return run


def _size(text: pypdfium2.PdfTextPage, at: int) -> float:
    """Return a letter's size as it is printed: browsers write text larger, and scale the page down."""
    matrix, size = raw.FS_MATRIX(), float(raw.FPDFText_GetFontSize(text, at))
    scaled = raw.FPDFText_GetMatrix(text, at, matrix)
    return size * math.hypot(matrix.c, matrix.d) if scaled else size


def _char_box(text: pypdfium2.PdfTextPage, at: int) -> Box:
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, at, box)
    return (box.left, box.bottom, box.right, box.top)


def _around(one: Box, other: Box) -> Box:
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))


def _why_unseen(run: Run, ink: _Ink, grounds: Sequence[_Ground], page: Printed) -> str:
    across, up = (run.box[0] + run.box[2]) / 2, run.middle
    if ink.mode in _INVISIBLE or ink.alpha < _CLEAR:
        return "hidden (printed without ink)"
    if run.box[3] - run.box[1] <= _TINY:
        return "hidden (font size)"
    if not (0 <= across <= page.width and 0 <= up <= page.height):
        return "hidden (outside the page)"
    here = [one for one in grounds if one.box[0] <= across <= one.box[2] and one.box[1] <= up <= one.box[3]]
    if any(one.covers and one.order > ink.order for one in here):
        return "hidden (covered)"
    run.bold, below = ink.bold, [one for one in here if one.order < ink.order]
    ground = below[-1].colour if below else WHITE
    if ground is not None and ink.colour is not None:
        run.headed = bool(below) and max(ground) < 1 and sum(ground) / 3 + _DARK < sum(ink.colour) / 3
        if all(abs(a - b) < _ALIKE for a, b in zip(ground, ink.colour, strict=True)):
            return "hidden (the colour of its ground)"
    return ""
