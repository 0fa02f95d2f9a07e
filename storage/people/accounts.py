"""Accounts: who can log in, as a customer or as staff."""

import secrets
from collections.abc import Sequence

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base
from storage.errors import ShopError
from storage.owners import CustomerOnly, Nobody, Staff, Whose
from storage.shop.customers import Customer
from storage.shop.spelling import stored_email


class WrongPasswordError(ShopError):
    """The email or the password is wrong; the message does not say which."""

    def __init__(self) -> None:
        super().__init__("The email or the password is wrong.")


class Account(Base):
    """A login: one customer's, or a member of staff."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("staff = (customer_id IS NULL)", name="a_customer_or_staff"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), unique=True)
    staff: Mapped[bool]

    @property
    def whose(self) -> Whose:
        """Whose rows the account may read."""
        if self.staff:
            return Staff()
        return Nobody() if self.customer_id is None else CustomerOnly(self.customer_id)


def new_account_id() -> str:
    """Return an id for a new account."""
    return f"u_{secrets.token_urlsafe(9)}"


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password (about 30 ms and 64 MB, on purpose)."""
    # argon2 is loaded here because tool servers never hash and should start fast.
    from argon2 import PasswordHasher

    return PasswordHasher().hash(password)


def check_password(account: Account | None, password: str) -> Account:
    """Return the account if the password is right; an unknown account takes as long as a wrong password.

    Raises:
        WrongPasswordError: there is no such account, or the password is wrong.
    """
    from argon2 import PasswordHasher
    from argon2.exceptions import VerifyMismatchError

    stored = _NOBODY if account is None else account.password_hash
    try:
        PasswordHasher().verify(stored, password)
    except VerifyMismatchError as error:
        raise WrongPasswordError from error
    if account is None:
        raise WrongPasswordError
    return account


# The hash of a discarded random password, to compare against for unknown emails.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$ZyeBCzxEKlKm54JDCG7cEQ$jBgvbFwRU6GV+UeiaB45IUmV7CTBXcbz50HW8iH6zis"


async def find_account(session: AsyncSession, email: str) -> Account | None:
    """Return the account with this email, case-insensitively."""
    return (await session.scalars(select(Account).where(Account.email == stored_email(email)))).first()


async def find_staff(session: AsyncSession) -> Account | None:
    """Return the first member of staff, by email, if the shop has any."""
    return (await session.scalars(select(Account).where(Account.staff).order_by(Account.email).limit(1))).first()


async def get_account(session: AsyncSession, account_id: str) -> Account | None:
    """Return the account with this id, or None if it was removed since the login."""
    return await session.get(Account, account_id)


async def list_demo_accounts(session: AsyncSession, *, limit: int) -> Sequence[Account]:
    """Return the first customers' accounts, to offer on a demo shop's page."""
    query = select(Account).join(Customer, Customer.id == Account.customer_id).order_by(Customer.position).limit(limit)
    return (await session.scalars(query)).all()
