"""The catalogue in memory: read once, searched many times, and read again when the shop's products change."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyio.lowlevel import checkpoint
from sqlalchemy.ext.asyncio import AsyncSession

from storage.shop.catalogue import (
    PRODUCTS_AT_ONCE,
    Edition,
    Offer,
    ProductText,
    find_edition,
    list_choices,
    list_offers,
    stream_texts,
)
from storage.shop.products import Product

if TYPE_CHECKING:
    from mcp_servers.products.search import Match, WordIndex

Choices = frozenset[str]
"""The names of a product's options, such as "color" and "size"."""


@dataclass
class _Kept:
    """One version of the catalogue: its products' words and, once needed, their options."""

    edition: Edition
    ids: Sequence[str]
    words: "WordIndex"
    categories: dict[str, list[str]]
    choices: dict[Choices, list[str]] | None = None


class Catalogue:
    """Caches what is slow to read or search; prices and availability are always read from the database."""

    def __init__(self) -> None:
        self._kept: _Kept | None = None
        self._reading = asyncio.Lock()

    async def matches(self, session: AsyncSession, query: str) -> "list[Match]":
        """Return the products that match a query, the best first."""
        kept = await self._current(session)
        return await asyncio.to_thread(kept.words.best_matches, query)

    async def ids(self, session: AsyncSession) -> Sequence[str]:
        """Return all products, in the shop's order."""
        return (await self._current(session)).ids

    async def of_category(self, session: AsyncSession, category: str) -> list[str]:
        """Return the products of a category, in the shop's order."""
        return (await self._current(session)).categories.get(category, [])

    async def meant_for(self, session: AsyncSession, product: Product) -> list[str]:
        """Return other kinds of products whose words name what this one is, such as a case for a phone."""
        kept = await self._current(session)
        return await asyncio.to_thread(kept.words.meant_for, product.name)

    async def by_choices(self, session: AsyncSession) -> dict[Choices, list[str]]:
        """Return the products grouped by their options."""
        kept = await self._current(session)
        async with self._reading:
            if kept.choices is None:
                kept.choices = await _read_choices(session, kept.ids)
        return kept.choices

    async def _current(self, session: AsyncSession) -> _Kept:
        edition = await find_edition(session)
        kept = self._kept
        if kept is not None and kept.edition == edition:
            return kept
        async with self._reading:
            if self._kept is None or self._kept.edition != edition:
                self._kept = await _read(session, edition)
            return self._kept


async def _read(session: AsyncSession, edition: Edition) -> _Kept:
    texts: list[ProductText] = []
    categories: dict[str, list[str]] = {}
    async for some in stream_texts(session):
        texts += some
        for text in some:
            categories.setdefault(text.category, []).append(text.id)
    return _Kept(edition, [text.id for text in texts], await asyncio.to_thread(_indexed, texts), categories)


def _indexed(texts: Sequence[ProductText]) -> "WordIndex":
    # numpy and tantivy take a tenth of all servers' startup time, and only a search needs them. Here, in a thread,
    # nobody else waits while they load.
    from mcp_servers.products.search import WordIndex

    return WordIndex(texts)


async def _read_choices(session: AsyncSession, ids: Sequence[str]) -> dict[Choices, list[str]]:
    choices: dict[Choices, list[str]] = {}
    for start in range(0, len(ids), PRODUCTS_AT_ONCE):
        some = await list_choices(session, ids[start : start + PRODUCTS_AT_ONCE])
        for product_id, of_product in some.items():
            choices.setdefault(of_product, []).append(product_id)
        await checkpoint()
    return choices


async def first_offers(
    session: AsyncSession, product_ids: Sequence[str], fits: Callable[[Offer], bool], limit: int
) -> list[tuple[int, Offer]]:
    """Return the first of these products that still exist and match, each with its position in the list."""
    found: list[tuple[int, Offer]] = []
    for start in range(0, len(product_ids), PRODUCTS_AT_ONCE):
        some = await list_offers(session, product_ids[start : start + PRODUCTS_AT_ONCE])
        found += [(place, offer) for place, offer in enumerate(some, start) if offer is not None and fits(offer)]
        if len(found) >= limit:
            break
        await checkpoint()
    return found[:limit]
