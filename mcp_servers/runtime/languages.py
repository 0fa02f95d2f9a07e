"""The languages a prompt or a policy can be had in: what the caller names, else their own, else English."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tokens import Caller

LANGUAGES = ("en", "ko")
Language = Annotated[Literal["en", "ko"] | None, Field(description="en or ko; without it, the caller's own")]


def in_language(texts: Mapping[str, str], caller: Caller, language: str | None) -> str:
    """Return the text of this language."""
    return texts.get(language or caller.language, texts["en"])


async def complete_language(_session: AsyncSession, _caller: Caller, typed: str, _limit: int) -> Sequence[str]:
    """Complete a language."""
    return [language for language in LANGUAGES if language.startswith(typed.lower())]
