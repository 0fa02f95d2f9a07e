"""Brings a file's products into the shop: added or updated, all or nothing; what the file does not name stays."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Sessions, hold, now, without_haste, writing
from storage.moving.catalogues.drafts import Drafts, Problem, ProductDraft, VariantDraft
from storage.moving.catalogues.files import ProductsFileError
from storage.moving.contents import Progress, ShopBusyError
from storage.outages import DatabaseBusyError
from storage.shop.products import Product, Variant
from storage.shop.shop import Origin, Shop, find_shop
from storage.shop.spelling import as_stored, folded_id, folded_options

T = TypeVar("T")
SAID = ("names", "description", "category", "keywords")
AT_ONCE = 500


@dataclass
class Change:
    """What becomes of one product; `known` is the shop's, or None for a new one."""

    draft: ProductDraft
    known: Product | None
    changes: bool = True
    gone: int = 0
    """How many of its items the file no longer has: they are kept, and no longer available."""


@dataclass
class Plan:
    """What an import does to the shop, and why it cannot."""

    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def added(self) -> int:
        """How many products are new."""
        return sum(each.known is None for each in self.changes)

    @property
    def updated(self) -> int:
        """How many products the shop has, and something of them changes."""
        return sum(each.known is not None and each.changes for each in self.changes)

    @property
    def same(self) -> int:
        """How many products the shop has as they are in the file."""
        return len(self.changes) - self.added - self.updated

    @property
    def gone(self) -> int:
        """How many items are no longer available, because the file does not have them."""
        return sum(each.gone for each in self.changes)


async def make_plan(session: AsyncSession, drafts: Drafts) -> Plan:
    """Return what an import of these products would do; nothing is written."""
    plan, taken = Plan(), dict[str, int]()
    for part in _parts(drafts.products):
        # SQLite waits for nothing; here whoever wants it to stop is heard.
        await asyncio.sleep(0)
        known = await _find_known(session, part)
        for draft in part:
            change = _match(draft, known, plan.problems)
            if change.known is None and not draft.variants:
                continue
            target = draft.id if change.known is None else change.known.id
            if target in taken:
                text = f"it is the shop's product {target!r}, and so is the one on line {taken[target]:,}"
                plan.problems.append(Problem(draft.line, "", text))
            taken[target] = draft.line
            plan.changes.append(change)
    return plan


async def load_products(sessions: Sessions, file: Path, drafts: Drafts, currency: str, on_progress: Progress) -> Plan:
    """Write a file's products, all or nothing, and return what was done.

    Args:
        sessions: the shop.
        file: what to call the file in an error.
        drafts: its products, without problems.
        currency: the shop's (ISO 4217), or what it becomes in a shop that has nothing yet.
        on_progress: receives how many more products were written; 0 before all of them take effect.

    Raises:
        ProductsFileError: an item belongs to another product of the shop.
        ShopBusyError: somebody else is writing, and did not finish in time.
    """
    try:
        async with writing(sessions) as session:
            await hold(session, "catalogue")
            await without_haste(session)
            plan = await make_plan(session, drafts)
            if plan.problems:
                raise ProductsFileError(file, plan.problems[0].text, plan.problems[0].line)
            await _write(session, plan, currency, on_progress)
            await _tell_shop(session, currency, changed=bool(plan.added or plan.updated))
            on_progress(0)
    except DatabaseBusyError as error:
        raise ShopBusyError(error.reason) from error
    return plan


async def _write(session: AsyncSession, plan: Plan, currency: str, on_progress: Progress) -> None:
    last = await session.scalar(select(func.max(Product.position))) or 0
    for number, change in enumerate(plan.changes, start=1):
        if change.known is None:
            last += 1
            session.add(_new(change.draft, last, currency))
        elif change.changes:
            _update(change.known, change.draft)
        if number % AT_ONCE == 0:
            await session.flush()
        on_progress(1)
    await session.flush()


async def _tell_shop(session: AsyncSession, currency: str, *, changed: bool) -> None:
    shop = await find_shop(session)
    if shop is None:
        session.add(Shop(origin=Origin.IMPORTED, currency=currency, fingerprint="", loaded_at=now()))
    elif changed:
        # Searches are built anew when this moves (`find_edition`).
        shop.loaded_at = now()


@dataclass
class _Known:
    products: dict[str, Product]
    owner_of: dict[str, str]


async def _find_known(session: AsyncSession, part: Sequence[ProductDraft]) -> _Known:
    owner_of, found = dict[str, str](), dict[str, Product]()
    for keys in _parts([folded_id(variant.item_id) for draft in part for variant in draft.variants]):
        rows = await session.execute(select(Variant.item_id, Variant.product_id).where(Variant.folded_id.in_(keys)))
        owner_of |= {row.item_id: row.product_id for row in rows}
    for keys in _parts([folded_id(each) for each in (*(draft.id for draft in part), *owner_of.values())]):
        for product in await session.scalars(select(Product).where(Product.folded_id.in_(keys))):
            found[product.id] = product
    _spell_as_known(part, found, owner_of)
    return _Known(found, owner_of)


def _spell_as_known(part: Sequence[ProductDraft], products: Iterable[str], items: Iterable[str]) -> None:
    """Write the ids of a file as the shop does, where they differ in their spelling alone."""
    ids = as_stored((draft.id for draft in part), products)
    item_ids = as_stored((variant.item_id for draft in part for variant in draft.variants), items)
    for draft in part:
        draft.id = ids.get(draft.id, draft.id)
        for variant in draft.variants:
            variant.item_id = item_ids.get(variant.item_id, variant.item_id)


def _match(draft: ProductDraft, known: _Known, problems: list[Problem]) -> Change:
    """Find the shop's product: by its id, or by the ids of its items."""
    product = known.products.get(draft.id)
    owners = list(
        dict.fromkeys(known.owner_of[each.item_id] for each in draft.variants if each.item_id in known.owner_of)
    )
    if product is None and len(owners) == 1:
        product = known.products[owners[0]]
    for variant in draft.variants:
        owner = known.owner_of.get(variant.item_id)
        if owner is not None and (product is None or owner != product.id):
            text = f"the item {variant.item_id!r} belongs to the shop's product {owner!r}, and not to {draft.id!r}"
            problems.append(Problem(variant.line, "", text))
    if product is None:
        return Change(draft, None)
    _keep_ids(product, draft)
    named = {variant.item_id for variant in draft.variants}
    gone = sum(each.available for each in product.variants if each.item_id not in named)
    return Change(draft, product, changes=bool(gone) or _differs(product, draft), gone=gone)


def _keep_ids(product: Product, draft: ProductDraft) -> None:
    """Give items without an id of their own the id of the shop's item with the same options: orders refer to it."""
    named = {variant.item_id for variant in draft.variants}
    known = {variant.item_id for variant in product.variants}
    for variant in draft.variants:
        if variant.given or variant.item_id in known:
            continue
        options = folded_options(variant.options)
        same = [each.item_id for each in product.variants if folded_options(each.options) == options]
        if len(same) == 1 and same[0] not in named:
            variant.item_id = same[0]


def _differs(product: Product, draft: ProductDraft) -> bool:
    said = {name: getattr(draft, name) for name in ("name", *SAID)}
    if any(text is not None and text != getattr(product, name) for name, text in said.items()):
        return True
    of_id = {variant.item_id: variant for variant in product.variants}
    return any(variant.item_id not in of_id or _changed(of_id[variant.item_id], variant) for variant in draft.variants)


def _changed(known: Variant, draft: VariantDraft) -> bool:
    available = known.available if draft.available is None else draft.available
    return (known.options, known.price, known.available) != (draft.options, draft.price, available)


def _new(draft: ProductDraft, position: int, currency: str) -> Product:
    return Product(
        id=draft.id,
        position=position,
        name=draft.name,
        names=draft.names or {},
        description=draft.description or "",
        category=draft.category or "",
        keywords=draft.keywords or "",
        currency=currency,
        variants=[_new_item(variant, number) for number, variant in enumerate(draft.variants, start=1)],
    )


def _new_item(draft: VariantDraft, position: int) -> Variant:
    return Variant(
        item_id=draft.item_id,
        position=position,
        options=draft.options,
        price=draft.price,
        available=draft.available is not False,
    )


def _update(product: Product, draft: ProductDraft) -> None:
    product.name = draft.name
    for name in SAID:
        if (said := getattr(draft, name)) is not None:
            setattr(product, name, said)
    left = {variant.item_id: variant for variant in product.variants}
    last = max((variant.position for variant in product.variants), default=0)
    for number, said in enumerate(draft.variants, start=1):
        known = left.pop(said.item_id, None)
        if known is None:
            product.variants.append(_new_item(said, last + number))
            continue
        known.options, known.price = said.options, said.price
        if said.available is not None:
            known.available = said.available
    for variant in left.values():
        variant.available = False


def _parts(of: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(of), AT_ONCE):
        yield of[start : start + AT_ONCE]
