"""Who sent a request, however they said so: a login, a visit, or an API key."""

from dataclasses import dataclass

from storage.chats.conversations import key_owner
from storage.errors import ShopError
from storage.owners import CustomerOnly, Nobody, Staff, Whose
from storage.people.accounts import Account
from storage.people.api_keys import ApiKey
from storage.tokens import VISITOR, Caller
from storage.words.languages import ENGLISH
from team.turn.visitor import SCOPES


class NobodyNamedError(ShopError):
    """A trusted front did not say which customer its request is for."""

    def __init__(self, header: str) -> None:
        super().__init__(
            f"This key speaks for the shop's customers. Name one, by id or email, in the header {header}, "
            "or in `user` where the API has it."
        )


@dataclass(frozen=True)
class UsedKey:
    """The API key that a request came with."""

    id: str
    staff: bool
    trusted_front: bool
    name: str = ""


@dataclass(frozen=True)
class Person:
    """Who sent a request: an account, a visitor, or a key. `id` owns their conversations.

    A key of a customer with an account is that account, so that what it begins is on the customer's page too. The key
    of a trusted front is nobody until it names a customer.
    """

    id: str
    whose: Whose
    account_id: str | None = None
    customer_id: str | None = None
    language: str = ENGLISH
    key: UsedKey | None = None

    @property
    def visitor_id(self) -> str | None:
        """The visitor's id; None for everybody else."""
        return self.id if self.account_id is None and self.key is None else None

    @property
    def key_id(self) -> str | None:
        """The id of the key that the request came with."""
        return None if self.key is None else self.key.id

    @property
    def program(self) -> str:
        """What the program that the request came from is called: its key's name, if it has one."""
        return "" if self.key is None else self.key.name

    @property
    def names_nobody(self) -> bool:
        """Whether this is a trusted front that has not said which customer the request is for."""
        return self.key is not None and isinstance(self.whose, Nobody)


def of_account(account: Account, language: str) -> Person:
    """Return who has logged in."""
    return Person(account.id, account.whose, account.id, account.customer_id, language)


def of_key(key: ApiKey, account: Account | None, language: str) -> Person:
    """Return who a key is: its customer, whose account this is if they have one, staff, or a front: so far nobody."""
    used = UsedKey(key.id, key.staff, key.trusted_front, key.name)
    if key.customer_id is not None:
        return of_customer(key.customer_id, account, language, used)
    return Person(key.id, Staff() if key.staff else Nobody(), key=used)


def of_customer(customer_id: str, account: Account | None, language: str, key: UsedKey) -> Person:
    """Return the customer that a key speaks for."""
    owner = key_owner(key.id, customer_id) if account is None else account.id
    account_id = None if account is None else account.id
    return Person(owner, CustomerOnly(customer_id), account_id, customer_id, language, key)


def caller_of(person: Person) -> Caller:
    """Return who calls the tools when this person does.

    Without scopes they may use all that their kind of caller may; a visitor has what the shop shows to anybody, and so
    has a front that has named no customer.
    """
    if person.customer_id is not None:
        return Caller(person.customer_id, False, frozenset(), language=person.language)
    if isinstance(person.whose, Staff):
        return Caller(person.id, True, frozenset(), language=person.language)
    return Caller(f"{VISITOR}{person.id}", False, SCOPES, language=person.language)
