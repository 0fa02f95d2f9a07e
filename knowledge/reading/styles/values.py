"""Values of style declarations as numbers: lengths in pixels, colours from 0 to 1, and custom properties put in."""

import re
from collections.abc import Mapping

import tinycss2
from tinycss2.color4 import parse_color

Colour = tuple[float, float, float, float]

WHITE: Colour = (1.0, 1.0, 1.0, 1.0)
CLEAR = 0.1
"""Below which opacity nothing is seen."""
_ALIKE = 0.06
_POINT, _ROOT = 4 / 3, 16.0
_LENGTH = re.compile(r"(-?(?:\d++(?:\.\d++)?|\.\d++))(px|pt|r?em|ex|ch|%|vw|vh)?")
_NAMED_SIZES = {"smaller": 0.83, "larger": 1.2}
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*(?:\([^()]*\)[^()]*)?))?\)")
_MOST_NESTED = 8


def with_variables(text: str, known: Mapping[str, str]) -> str | None:
    """Return a value with its `var(--name)` put in, or None where one is nowhere declared."""
    for _ in range(_MOST_NESTED):
        found = _VARIABLE.search(text)
        if found is None:
            return None if "var(" in text else text
        told = known.get(found[1], found[2])
        if told is None:
            return None
        text = text[: found.start()] + told.strip().lower() + text[found.end() :]
    return None


def length(text: str, em: float = _ROOT) -> float | None:
    """Return a length in pixels, or None where it is no plain length; a percentage counts as one of `em`."""
    found = _LENGTH.fullmatch(text.removesuffix("!important").strip())
    if found is None:
        return None
    number, unit = float(found[1]), found[2] or "px"
    if unit == "pt":
        return number * _POINT
    if unit == "rem":
        return number * _ROOT
    return number * em / 100 if unit == "%" else number * em if unit in {"em", "ex", "ch"} else number


def font_size(text: str, of_parent: float) -> float:
    """Return a font size in pixels; one that cannot be told, such as `clamp()`, is its parent's."""
    if text in _NAMED_SIZES:
        return of_parent * _NAMED_SIZES[text]
    size = length(text, of_parent)
    return of_parent if size is None else size


def colour(text: str) -> Colour | None:
    """Return the last colour named in a value, or None."""
    found: Colour | None = None
    for token in tinycss2.parse_component_value_list(text, skip_comments=True):
        told = parse_color(token) if token.type in {"ident", "hash", "function"} else None
        if told is not None and not isinstance(told, str):
            red, green, blue, alpha = told.to("srgb")
            found = (red or 0.0, green or 0.0, blue or 0.0, alpha if alpha is not None else 1.0)
    return found


def over(ink: Colour, ground: Colour) -> Colour:
    """Return the colour that a translucent one has on its ground."""
    alpha = ink[3]
    red, green, blue = (one * alpha + other * (1 - alpha) for one, other in zip(ink[:3], ground[:3], strict=True))
    return (red, green, blue, 1.0)


def alike(ink: Colour, ground: Colour) -> bool:
    """Tell whether text in one colour cannot be seen on the other."""
    seen = over(ink, ground)
    return all(abs(one - other) < _ALIKE for one, other in zip(seen[:3], ground[:3], strict=True))
