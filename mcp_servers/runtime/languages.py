"""The languages a prompt or a policy can be had in: what the caller names, else their own."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tokens import Caller
from storage.words.languages import LANGUAGES, LanguageCode

Language = Annotated[LanguageCode | None, Field(description=f"{' or '.join(LANGUAGES)}; without it, the caller's own")]


async def complete_language(_session: AsyncSession, _caller: Caller, typed: str, _limit: int) -> Sequence[str]:
    """Complete a language."""
    return [language for language in LANGUAGES if language.startswith(typed.lower())]
