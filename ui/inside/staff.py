"""The door to what only the shop's own people may see."""

from starlette.requests import Request

from storage.errors import ShopError
from storage.owners import Staff
from ui.logins.person import Person
from ui.logins.visits import person_of


class StaffOnlyError(ShopError):
    """Somebody who is not staff asked for what only staff may see."""

    def __init__(self) -> None:
        super().__init__("This is for the shop's staff only.")


async def staff_of(request: Request) -> Person:
    """Return who sent the request, if they are staff.

    Raises:
        NotLoggedInError: nobody.
        StaffOnlyError: they are not staff.
    """
    person = await person_of(request)
    if not isinstance(person.whose, Staff):
        raise StaffOnlyError
    return person
