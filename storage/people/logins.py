"""Logins for customers who are loaded into the shop in bulk."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.people.accounts import Account
from storage.settings import CannotStartError
from storage.words.shop import WORDS

Row = dict[str, Any]

DEMO_STAFF_ID = "u_staff"
"""The demo's staff login. Everybody knows its password, so it is removed when the shop's own data is loaded."""


class EmailOfStaffError(CannotStartError):
    """A customer in the file has the same email as a member of staff, so only one of them could log in."""

    def __init__(self, email: str) -> None:
        super().__init__(
            f"{email} is a customer's email in the file, but a staff login in the shop. "
            "Change it in the file, or import without --password."
        )


async def refuse_emails_of_staff(session: AsyncSession, emails: Sequence[str]) -> None:
    """Check that no member of staff logs in with one of these emails.

    Raises:
        EmailOfStaffError: one does.
    """
    of_staff = set(await session.scalars(select(Account.email).where(Account.staff)))
    for email in emails:
        if email in of_staff:
            raise EmailOfStaffError(email)


def make_logins(customers: Sequence[Row], password_hash: str) -> list[Row]:
    """Return account rows for these customer rows; the ids are the same when the same shop is loaded again."""
    return [
        {
            "id": f"u_{customer['id']}",
            "email": customer["email"],
            "name": full_name(customer["first_name"], customer["last_name"], customer["language"]),
            "password_hash": password_hash,
            "customer_id": customer["id"],
            "staff": False,
        }
        for customer in customers
    ]


def full_name(first: str, last: str, language: str) -> str:
    """Return a customer's full name, in their language's order."""
    return WORDS.say("full_name", language, first=first, last=last).strip()
