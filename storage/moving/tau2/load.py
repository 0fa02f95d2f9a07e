"""Loads a tau-bench retail database into the shop, in one transaction."""

from storage.db import Sessions
from storage.moving.contents import Counts, Progress, Rows, count_contents, fill, replacing
from storage.moving.tau2.rows import CURRENCY, make_rows
from storage.moving.tau2.schema import Database
from storage.people.accounts import Account, hash_password
from storage.people.logins import refuse_emails_of_staff
from storage.shop.shop import Origin


def prepare(database: Database, password: str | None) -> Rows:
    """Return the rows to load; the password, if given, is set for every customer, hashed once."""
    return make_rows(database, None if password is None else hash_password(password))


async def load(sessions: Sessions, rows: Rows, *, replace: bool, on_progress: Progress) -> Counts:
    """Replace the shop's data with these rows, all or nothing. Staff logins and the audit log stay.

    Raises:
        ShopInUseError: the shop is neither empty nor the untouched demo, and `replace` is not set.
        EmailOfStaffError: a customer would log in with a staff member's email.
    """
    async with replacing(sessions, Origin.IMPORTED, CURRENCY, replace=replace) as session:
        await refuse_emails_of_staff(session, [row["email"] for row in rows[Account]])
        await fill(session, rows, on_progress)
        counts = await count_contents(session)
        on_progress(0)
        return counts
