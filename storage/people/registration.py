"""Creating, changing and removing accounts: who may have one, and with which password."""

from collections.abc import AsyncIterator

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.chats.conversations import Conversation
from storage.errors import ShopError
from storage.people.accounts import Account, find_account, hash_password, new_account_id
from storage.people.login_families import end_families
from storage.people.logins import full_name
from storage.people.oauth_grants import end_grants
from storage.shop.customers import get_customer
from storage.shop.spelling import stored_email

SHORTEST_PASSWORD = 8
AT_ONCE = 500


class NoEmailError(ShopError):
    """This is not an email address."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email!r} is not an email address. Use one such as name@example.com.")


class EmailTakenError(ShopError):
    """An account with this email already exists."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} already has an account. Choose another email, or remove that account first.")


class HasAccountError(ShopError):
    """The customer already has an account."""

    def __init__(self, customer_id: str, email: str) -> None:
        super().__init__(f"Customer {customer_id} already has an account: {email}. Remove that account first.")


class WeakPasswordError(ShopError):
    """The password is too easy to guess."""

    def __init__(self) -> None:
        super().__init__(f"The password is too short: it needs {SHORTEST_PASSWORD} characters or more.")


class AccountNotFoundError(ShopError):
    """No account has this email."""

    def __init__(self, email: str) -> None:
        super().__init__(f"There is no account {email}. List all accounts with `shopdesk user list`.")


async def register(session: AsyncSession, email: str, password: str, *, name: str, customer_id: str | None) -> Account:
    """Create an account for a customer, or for staff if there is none. Without a name it is taken from the email.

    Raises:
        ShopError: one of this module's, or the customer does not exist.
    """
    email = checked_email(email)
    require_strong(password)
    return await add_account(session, email, hash_password(password), name=name, customer_id=customer_id)


def checked_email(email: str) -> str:
    """Return an email as accounts hold it.

    Raises:
        NoEmailError: it is not an email address.
    """
    email = stored_email(email)
    before, at, after = email.partition("@")
    if not (before and at and after) or any(letter.isspace() for letter in email) or "@" in after:
        raise NoEmailError(email)
    return email


def require_strong(password: str) -> None:
    """Check that a password is hard enough to guess.

    Raises:
        WeakPasswordError: it is not.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPasswordError


async def add_account(
    session: AsyncSession, email: str, password_hash: str, *, name: str, customer_id: str | None
) -> Account:
    """Create an account with a checked email and a hashed password, as `register` does.

    What this customer's API keys have begun is the account's from now on, so that it is on their page.

    Raises:
        EmailTakenError: another account has the email.
        HasAccountError: the customer has one.
        CustomerNotFoundError: there is no such customer.
    """
    if await find_account(session, email) is not None:
        raise EmailTakenError(email)
    if customer_id is not None:
        of_customer = await _require_without_account(session, customer_id)
        name = name or of_customer
    account = Account(
        id=new_account_id(),
        email=email,
        name=name or email.partition("@")[0],
        password_hash=password_hash,
        customer_id=customer_id,
        staff=customer_id is None,
    )
    session.add(account)
    await session.flush()
    if customer_id is not None:
        of_keys = update(Conversation).where(Conversation.customer_id == customer_id, Conversation.key_id.is_not(None))
        await session.execute(of_keys.where(Conversation.account_id.is_(None)).values(account_id=account.id))
    return account


async def change_password(session: AsyncSession, email: str, password: str) -> int:
    """Change the password of the account with this email; return how many programs must be approved again.

    Every login with the old password ends, and so does every program approved by one.

    Raises:
        WeakPasswordError: the password is too easy to guess.
        AccountNotFoundError: there is no such account.
    """
    require_strong(password)
    account = await find_account(session, email)
    if account is None:
        raise AccountNotFoundError(email)
    account.password_hash = hash_password(password)
    await session.flush()
    await end_families(session, account.id)
    return await end_grants(session, account.id)


async def _require_without_account(session: AsyncSession, customer_id: str) -> str:
    customer = await get_customer(session, customer_id)
    taken = await session.scalar(select(Account.email).where(Account.customer_id == customer_id))
    if taken is not None:
        raise HasAccountError(customer_id, taken)
    return full_name(customer.first_name, customer.last_name, customer.language)


async def list_accounts(session: AsyncSession) -> AsyncIterator[Account]:
    """Yield every account, staff's first, then by email."""
    accounts = await session.stream_scalars(
        select(Account).order_by(Account.staff.desc(), Account.email).execution_options(yield_per=AT_ONCE)
    )
    async for account in accounts:
        yield account


async def remove_account(session: AsyncSession, email: str) -> int:
    """Remove the account with this email, and return how many chats went with it.

    Raises:
        AccountNotFoundError: there is none.
    """
    account = await find_account(session, email)
    if account is None:
        raise AccountNotFoundError(email)
    chats = await session.scalar(
        select(func.count()).select_from(Conversation).where(Conversation.account_id == account.id)
    )
    await session.execute(delete(Account).where(Account.id == account.id))
    return chats or 0
