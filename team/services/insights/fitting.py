"""Whether a query asks what the question asks, as far as code can tell.

A query that runs may still count something else. So each value, number, period, thing and kind of figure that the
question names has to be in the query, and each part of the query has to be in the question. Where they differ, or where
code cannot read a part, the figures are shown as a table with what differs, never as the answer.
"""

from collections.abc import Iterator

from sqlglot import exp

from storage.shop.tickets import TicketCategory, TicketPriority
from team.services.insights.checking import Query
from team.services.insights.limits import DATED, DAYS, Differs, numbers, periods
from team.services.insights.parts import Condition, Figure, UnreadError
from team.services.insights.plain import Plain, plain_of
from team.services.insights.question import WORDS, Asked
from team.services.insights.tables import Column, Tables

IDS = frozenset({"order_id", "product_id", "item_id", "ticket_id"})
MANY_PER_ORDER = frozenset({"order_lines", "payments", "tickets"})
OF_TICKETS = frozenset(value.value for kind in (TicketCategory, TicketPriority) for value in kind)
"""What a word may always name where only tickets are read, also one that else says something else."""
SHARES = frozenset({"share", "percent"})
KINDS = {"sum": "sum", "average": "average", "most": "most", "least": "least"}
YES, NO = "1", "0"


def differences(asked: Asked, query: Query, tables: Tables) -> list[Differs]:
    """Return how a query differs from what the question asks; none if code sees no difference."""
    try:
        plain = plain_of(query)
    except UnreadError as error:
        return [Differs("unread", str(error))]
    columns = {name: one for table in query.tables for name, one in tables.tables[table].columns.items()}
    checks: tuple[Iterator[Differs], ...] = (
        _values(asked, plain, columns),
        _conditions(asked, plain, columns),
        numbers(asked, plain),
        periods(asked, plain),
        _kinds(asked, plain),
        _figures(asked, plain),
        _counted(asked, plain),
        _shares(asked, plain),
        _groups(asked, plain),
        _tables(asked, plain, tables),
        _available(asked, plain),
        _doubled(query.tree),
        _mixed_money(plain, tables),
    )
    return list(dict.fromkeys(found for check in checks for found in check))


def _values(asked: Asked, plain: Plain, columns: dict[str, Column]) -> Iterator[Differs]:
    """Every value that the question names is one the query compares with, or has by itself in every row."""
    compared = {value for one in plain.all_conditions for value in one.values}
    small = {value for one in plain.all_conditions if one.in_small_letters for value in one.values}
    for word, values in asked.values:
        of_tickets = plain.tables == {"tickets"} and bool(set(values) & OF_TICKETS)
        if compared & set(values) or small & {value.casefold() for value in values}:
            continue
        if word in asked.optional and not of_tickets:
            continue
        if not any(set(values) & set(columns[name].values) for name in plain.groups if name in columns):
            yield Differs("left_out", word)


def _conditions(asked: Asked, plain: Plain, columns: dict[str, Column]) -> Iterator[Differs]:
    """Every text that the query compares with is one the question names, and one that the column can have."""
    for one in plain.all_conditions:
        if one.column in DAYS:
            if not all(DATED.fullmatch(value) for value in one.values) or one.how == "NEQ":
                yield Differs("added", ", ".join(one.values))
        elif one.is_text and one.how not in {"EQ", "NEQ"}:
            yield Differs("unread", f"{one.column} {one.how} {one.values[0]}")
        elif one.is_text:
            yield from _texts(asked, one, columns[one.column])


def _texts(asked: Asked, one: Condition, column: Column) -> Iterator[Differs]:
    for value in one.values:
        if not _is_named(asked, one, value, column):
            yield Differs("added", value)
        elif _is_negated(asked, one, value) != (one.how == "NEQ"):
            yield Differs("kind" if one.how == "EQ" else "other_kind", "not")


def _is_named(asked: Asked, one: Condition, value: str, column: Column) -> bool:
    if one.column in IDS:
        return asked.says_id(value)
    if column.values:
        return value in column.values and asked.says(value)
    known = {name.casefold() if one.in_small_letters else name: names for name, names in asked.columns.items()}
    # A country that people call otherwise, such as "미국", is among the words.
    return one.column in known.get(value, ()) or (value not in known and one.column == "country" and asked.says(value))


def _is_negated(asked: Asked, one: Condition, value: str) -> bool:
    plain = value.casefold() if one.in_small_letters else value
    return any(
        word in asked.negated and plain in [v.casefold() if one.in_small_letters else v for v in values]
        for word, values in asked.values
    )


def _kinds(asked: Asked, plain: Plain) -> Iterator[Differs]:
    """Every kind of figure that the question asks for is computed, and no other."""
    has = {one.kind for one in plain.figures}
    counts = "count" in has or "count_again" in has or any(one.of == "items" for one in plain.figures)
    of_one_order = any(one.column == "order_id" and one.how == "EQ" for one in plain.conditions)
    ranked = {"most": plain.by is not None and plain.is_descending, "least": plain.by is not None}
    found = {
        "count": counts or bool(has & SHARES),
        "average": "average" in has,
        "sum": "sum" in has or of_one_order or "average" in has or ("count" in asked.kinds and counts),
        "most": "most" in has or ranked["most"],
        "least": "least" in has or (ranked["least"] and not plain.is_descending),
        "groups": bool(plain.groups) or ("average" in has and "order_id" in asked.groups),
    }
    yield from (Differs("kind", kind) for kind, is_there in found.items() if kind in asked.kinds and not is_there)
    for kind in KINDS:
        adds_items = kind == "sum" and "count" in asked.kinds and _of(plain, "sum") == {"items"}
        if kind in has and kind not in asked.kinds and not adds_items:
            yield Differs("other_kind", kind)
    if plain.first is not None and not asked.kinds & ({"most"} if plain.is_descending else {"least"}):
        yield Differs("other_kind", "most" if plain.is_descending else "least")


def _of(plain: Plain, kind: str) -> set[str]:
    return {one.of for one in plain.figures if one.kind == kind}


def _figures(asked: Asked, plain: Plain) -> Iterator[Differs]:
    """What is added up, averaged or ranked by is what the question names."""
    ranked = [plain.by] if plain.first is not None and plain.by is not None else []
    for one in (*plain.figures, *ranked):
        if one.kind in KINDS or (one in ranked and one.kind == "shown"):
            only_countable = one.of == "items" and not ("count" in asked.kinds or "average" in asked.kinds)
            sales = one.kind == "sum" and one.of == "price" and "sales" in asked.measures
            if (one.of not in asked.measures and not sales) or only_countable:
                yield Differs("added", one.of)
    if (
        "price" in asked.measures
        and "sales" not in asked.measures
        and "order_lines" in plain.tables
        and not {"orders", "order_lines"} & set(asked.tables)
    ):
        # What something costs is its price today, not what it was once sold for.
        yield Differs("left_out", "items")
    if any(one.where for one in plain.figures if one.kind not in SHARES) and len(plain.figures) > 1:
        yield Differs("unread", "CASE")


def _counted(asked: Asked, plain: Plain) -> Iterator[Differs]:
    """What is counted is what the question counts."""
    if any(one.kind == "count_again" for one in plain.figures):
        yield Differs("doubled", "customer_number")
    sold = {"products", "items"} & asked.counted and {"orders", "order_lines"} & set(asked.tables)
    allowed = asked.counted | ({"order_lines"} if sold else set())
    for one in plain.figures:
        what = "order_lines" if one.kind == "sum" and one.of == "items" else one.of
        if (
            one.kind == "count"
            and "count" in asked.kinds
            and what not in (allowed or set(asked.tables) or plain.tables)
        ):
            yield Differs("added", what)
        if (
            one.kind == "sum"
            and one.of == "items"
            and "count" in asked.kinds
            and not ({"items", "products", "order_lines"} & asked.counted)
        ):
            yield Differs("added", "items")
    if sold and "sold" not in asked.text and _of(plain, "count") & {"items", "products"}:
        # How many items are in orders is not how many the shop has.
        yield Differs("left_out", "order_lines")
    if "customers" in asked.counted and "customers" not in _of(plain, "count"):
        yield Differs("left_out", "customers")


def _shares(asked: Asked, plain: Plain) -> Iterator[Differs]:
    """Of a share, what the question names is in the part, and only the period is in the whole."""
    is_share = any(one.kind in SHARES for one in plain.figures)
    if is_share != ("share" in asked.kinds):
        yield Differs("other_kind" if is_share else "kind", "share")
    elif is_share and any(one.column not in DAYS for one in plain.conditions):
        yield Differs("unread", ", ".join(one.column for one in plain.conditions))


def _groups(asked: Asked, plain: Plain) -> Iterator[Differs]:
    """There is a figure for each value of what the question names, and of nothing else but the currency."""
    several = {one.column for one in plain.conditions if len(one.values) > 1}
    for column in plain.groups:
        if column not in asked.groups and column != "currency" and column not in several:
            yield Differs("added", column)


def _tables(asked: Asked, plain: Plain, tables: Tables) -> Iterator[Differs]:
    named = set(asked.tables)
    instead = {table: {table, *WORDS["instead"].get(table, ())} for table in named}
    for table in named:
        told_otherwise = table in {"products", "payments", "items"} and len(named) > 1
        if not plain.tables & instead[table] and not told_otherwise:
            yield Differs("left_out", table)
    allowed = {"orders"}.union(*instead.values())
    if named and not plain.tables <= allowed:
        yield Differs("added", ", ".join(sorted(plain.tables - allowed)))
    for table in sorted(plain.tables - named) if len(plain.tables) > 1 else ():
        # Where nothing of a table is read, joining it only leaves out rows.
        others = {name for other in plain.tables - {table} for name in tables.tables[other].columns}
        if (
            not (plain.columns & set(tables.tables[table].columns)) - others
            and Figure("count", table) not in plain.figures
        ):
            yield Differs("added", table)


def _available(asked: Asked, plain: Plain) -> Iterator[Differs]:
    """Whether something can be bought is asked as it is said: 1 is yes."""
    found = [one for one in plain.all_conditions if one.column == "available"]
    if ("available" in asked.kinds) != ("available" in plain.columns):
        yield Differs("left_out" if "available" in asked.kinds else "added", "available")
    for one in found:
        is_no = (one.values == (NO,)) != (one.how == "NEQ")
        if one.how not in {"EQ", "NEQ"} or len(one.values) > 1 or one.values[0] not in {NO, YES}:
            yield Differs("unread", "available")
        elif is_no != ("not" in asked.kinds):
            yield Differs("other_kind" if is_no else "kind", "not")
    if "not" in asked.kinds and not found and not any(one.how == "NEQ" for one in plain.all_conditions):
        yield Differs("kind", "not")


def _doubled(tree: exp.Query) -> Iterator[Differs]:
    """What belongs to an order is not added once for each of its lines."""
    for select in tree.find_all(exp.Select):
        sources = {table.alias_or_name: table.name for table in select.find_all(exp.Table)}
        joined = {source.alias_or_name: source.name for source in _from(select)}
        if "orders" not in joined.values() or not MANY_PER_ORDER & set(joined.values()):
            continue
        for one in (*select.find_all(exp.Sum), *select.find_all(exp.Avg)):
            of_orders = any(sources.get(column.table) == "orders" for column in one.find_all(exp.Column))
            if of_orders:
                yield Differs("doubled", one.sql())


def _from(select: exp.Select) -> Iterator[exp.Table]:
    first = select.args.get("from_") or select.args.get("from")
    for one in (first, *select.args.get("joins", [])):
        if one is not None and isinstance(one.this, exp.Table):
            yield one.this


def _mixed_money(plain: Plain, tables: Tables) -> Iterator[Differs]:
    """Amounts of several currencies are not added up."""
    money = {name for table in tables.tables.values() for name, one in table.columns.items() if one.is_money}
    added = [one for one in plain.figures if one.kind in KINDS and one.of in money]
    apart = "currency" in plain.groups or any(
        one.column == "currency" and one.how == "EQ" and len(one.values) == 1 for one in plain.conditions
    )
    if added and tables.currencies > 1 and not apart:
        yield Differs("currencies", str(tables.currencies))
