"""One row of a file as its map reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from storage.characters import cleaned
from storage.moving.catalogues.maps import ColumnMap, Conditions
from storage.moving.catalogues.reading import Line
from storage.shop.spelling import folded_label

MOST_OPTIONS = 20

column_key = lru_cache(4_096)(folded_label)
"""The key of a column's name, which every row asks for again."""


@dataclass(frozen=True)
class MappedRow:
    """A row, and the names of the file's columns as they are written."""

    line: Line
    map: ColumnMap
    names: Mapping[str, str]

    def get(self, field: str) -> str:
        """Return the first cell that says something for a field, or an empty text."""
        return next((cell for each in getattr(self.map.columns, field) if (cell := self.cell(each))), "")

    def other_names(self) -> dict[str, str] | None:
        """Return the names in other languages; None where the file has no column for one."""
        columns = self.map.columns.names
        if not any(column_key(each) in self.line.cells for named in columns.values() for each in named):
            return None
        found = {
            code: next((cell for each in named if (cell := self.cell(each))), "") for code, named in columns.items()
        }
        return {code: " ".join(cleaned(name).split()) for code, name in found.items() if name}

    def has(self, field: str) -> bool:
        """Return whether the file has a column for a field."""
        return any(column_key(each) in self.line.cells for each in getattr(self.map.columns, field))

    def has_price(self) -> bool:
        """Return whether the row has any price that somebody could pay."""
        return bool(self.get("price") or self.get("sale"))

    def column(self, field: str) -> str:
        """Return what the file calls a field's column, for a message."""
        wanted = [column_key(each) for each in getattr(self.map.columns, field)]
        return next((self.names[each] for each in wanted if each in self.names), field)

    def meets(self, conditions: Conditions) -> bool:
        """Return whether one of the columns has one of its values."""
        return any(
            column_key(column) in self.line.cells and folded_label(self.cell(column)) in map(column_key, values)
            for column, values in conditions.items()
        )

    def stock(self) -> tuple[str, str] | None:
        """Return the column and the cell that say how many there are, where that decides whether it is sold."""
        found = next(((each, cell) for each in self.map.stock if (cell := self.cell(each))), None)
        return None if found is None or self.meets(self.map.sold_anyway) else found

    def says_available(self) -> bool:
        """Return whether the file tells at all what is on sale."""
        wanted = [*self.map.unavailable, *self.map.stock, *self.map.columns.available]
        return any(column_key(each) in self.line.cells for each in wanted)

    def options(self, head: "MappedRow") -> dict[str, str]:
        """Return the options in numbered columns; their names may stand on the product's first row alone."""
        if self.map.option_name is None or self.map.option_value is None:
            return {}
        found: dict[str, str] = {}
        for number in range(1, MOST_OPTIONS + 1):
            column = self.map.option_name.replace("{n}", str(number))
            name = self.cell(column) or head.cell(column)
            value = self.cell(self.map.option_value.replace("{n}", str(number)))
            if name and value:
                found[name] = value
        # How Shopify says that there is only one.
        return {} if found == {"Title": "Default Title"} else found

    def cell(self, column: str) -> str:
        """Return a cell by its column's name; an empty text where the file has no such column."""
        return self.line.cells.get(column_key(column), "")
