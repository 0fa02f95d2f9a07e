"""Loading a tau-bench retail database into the shop, in one transaction."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.accounts import Account, hash_password
from storage.contents import Counts, Progress, Rows, count_contents, fill, replacing
from storage.db import Sessions
from storage.settings import CannotStartError
from storage.shop import Origin
from storage.tau2.rows import CURRENCY, make_rows
from storage.tau2.schema import Database


class EmailOfStaffError(CannotStartError):
    """A customer of the file has the email of a member of staff, so only one of them could log in."""

    def __init__(self, email: str) -> None:
        super().__init__(
            f"{email} is a customer's email in the file and staff's in the shop. "
            "Change it in the file, or import without --password."
        )


def prepare(database: Database, password: str | None) -> Rows:
    """Return the rows to load; a password becomes every customer's, hashed once."""
    return make_rows(database, None if password is None else hash_password(password))


async def load(sessions: Sessions, rows: Rows, *, replace: bool, on_progress: Progress) -> Counts:
    """Put these rows in the place of the shop's data: all of it or nothing. Staff's logins and the audit stay.

    Raises:
        ShopInUseError: the shop is neither empty nor the untouched demo, and `replace` is not set.
        EmailOfStaffError: a customer would log in with the email of a member of staff.
    """
    async with replacing(sessions, Origin.IMPORTED, CURRENCY, replace=replace) as session:
        await _refuse_emails_of_staff(session, rows)
        await fill(session, rows, on_progress)
        return await count_contents(session)


async def _refuse_emails_of_staff(session: AsyncSession, rows: Rows) -> None:
    of_staff = set(await session.scalars(select(Account.email).where(Account.staff)))
    for row in rows[Account]:
        if row["email"] in of_staff:
            raise EmailOfStaffError(row["email"])
