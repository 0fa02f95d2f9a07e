"""Options that a shop system writes into one cell, as every combination of them."""

import re
from collections.abc import Sequence
from itertools import product

MOST_COMBINATIONS = 2000
CAFE24 = re.compile(r"([^{}]{1,200})\{([^{}]{0,20000})\}")

Options = dict[str, str]


def read_choices(names: str, values: str) -> list[list[tuple[str, str]]]:
    """Return for each option its name with every value.

    Without names it is Cafe24's form, "Color{Black|White}//Size{S|M}"; with names Smart Store's: a line for each
    option, its values between commas.

    Raises:
        ValueError: the cell has neither form.
    """
    if not names:
        found = [CAFE24.fullmatch(part.strip()) for part in values.split("//")]
        pairs = [(each[1], each[2].split("|")) for each in found if each is not None]
        if len(pairs) < len(found):
            raise ValueError(f"{values[:60]!r} is not of the form Color{{Black|White}}//Size{{S|M}}")
    else:
        of_name, of_values = names.splitlines(), values.splitlines()
        if len(of_name) != len(of_values):
            raise ValueError(f"there are {len(of_name)} names of options and {len(of_values)} lines of values")
        pairs = [(name, line.split(",")) for name, line in zip(of_name, of_values, strict=True)]
    return [[(name.strip(), value.strip()) for value in of_name if value.strip()] for name, of_name in pairs]


def combined(choices: Sequence[Sequence[tuple[str, str]]]) -> list[Options]:
    """Return every combination, the last option changing first.

    Raises:
        ValueError: there are more than anybody sells.
    """
    count = 1
    for each in choices:
        count *= len(each)
    if not 0 < count <= MOST_COMBINATIONS:
        raise ValueError(f"it makes {count:,} combinations; 1 to {MOST_COMBINATIONS:,} are taken")
    return [dict(each) for each in product(*choices)]


def one_each(cell: str, count: int) -> list[str] | None:
    """Return what a cell says of each combination, or None where it says nothing.

    Raises:
        ValueError: it does not say as many things as there are combinations.
    """
    said = [each.strip() for each in cell.replace("\n", ",").replace("|", ",").split(",") if each.strip()]
    if all(each == "0" for each in said):
        return ["0"] * count if said else None
    if len(said) != count:
        raise ValueError(
            f"it has {len(said):,} values, but the options make {count:,} combinations; write one value for each"
        )
    return said
