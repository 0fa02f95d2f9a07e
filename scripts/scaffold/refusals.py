"""Why a new server cannot be made, or one cannot be removed: one line each, which says what to do."""

import keyword
import sys
from pathlib import Path

from mcp_servers.registry import found_servers, require_server_name
from scripts.linting.budget import SHOPS_OWN
from scripts.linting.finding import shown
from scripts.linting.offered import Shelf
from scripts.scaffold.plan import Plan
from storage.settings import REPOSITORY, CannotStartError
from team.roster import load_roster

LONGEST_KOREAN = 30


class TakenNameError(CannotStartError):
    """The name means something else already."""

    def __init__(self, name: str, taken: str) -> None:
        super().__init__(f"A server cannot be called {name}: {taken}. Choose another name. Nothing was written.")


class UnusableTemplateError(CannotStartError):
    """What the templates make does not load: they were changed, or what they use was."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"Nothing was written. {problem} Mend the templates in scripts/scaffold.")


class NoCheckoutError(CannotStartError):
    """The command runs from an installed package, where no source is to be written."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} is not a checkout of Shopdesk. Run `shopdesk new-server` in one, "
            "or keep the server in a package of its own, as the end of mcp_servers/README.md shows."
        )


class BadKoreanNameError(CannotStartError):
    """The Korean name would break the files it is written into."""

    def __init__(self, name: str) -> None:
        super().__init__(f"--korean {name!r} cannot be used. Give up to {LONGEST_KOREAN} letters, digits and spaces.")


class NothingToRemoveError(CannotStartError):
    """No server of this name was made here."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is nothing of a server {name} in this checkout. Nothing was removed.")


class ShopsOwnError(CannotStartError):
    """The server is a part of the shop."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is one of the shop's own servers and is not removed by a command.")


def require_checkout() -> None:
    """Refuse to write into an installed package.

    Raises:
        NoCheckoutError: this is no checkout.
    """
    if not (REPOSITORY / "pyproject.toml").exists() or not (REPOSITORY / "tests" / "mcp_servers").is_dir():
        raise NoCheckoutError(REPOSITORY)


def require_free(plan: Plan) -> None:
    """Refuse a plan whose names cannot be used, or are used already.

    Raises:
        BadServerNameError: the server's name cannot be a folder, a scope and a part of an address.
        BadKoreanNameError: the Korean name has more than letters, digits and spaces.
        TakenNameError: a server, a specialist, a file, or Python itself has one of the names.
    """
    require_server_name(plan.name, "the command line")
    korean = plan.korean.replace(" ", "")
    if not korean.isalnum() or len(plan.korean) > LONGEST_KOREAN:
        raise BadKoreanNameError(plan.korean)
    if taken := _taken(plan):
        raise TakenNameError(plan.name, taken)


def _taken(plan: Plan) -> str:
    if keyword.iskeyword(plan.name) or keyword.issoftkeyword(plan.name):
        return "that is a keyword of Python"
    if plan.name in sys.stdlib_module_names:
        return "that is a module of Python's own"
    if found := found_servers().get(plan.name):
        return f"{found.place} is a server of that name"
    if specialist := load_roster().get(plan.specialist):
        return f"{specialist.place} is a specialist called {plan.specialist}"
    return next((f"{shown(place)} is there already" for place in plan.places if place.exists()), "")


def require_free_tools(plan: Plan, shelves: list[Shelf]) -> None:
    """Refuse a name whose tools other servers have.

    Raises:
        TakenNameError: one of them has a tool of that name.
    """
    for shelf in shelves:
        for offer in shelf.offers:
            if offer.name in plan.tools:
                raise TakenNameError(plan.name, f"{shelf.name} has a tool {offer.name}")


def whole(shelf: Shelf) -> Shelf:
    """Return a new server that loads with all of its tools.

    Raises:
        UnusableTemplateError: something of it does not.
    """
    if shelf.findings:
        raise UnusableTemplateError(f"{shelf.findings[0].problem.rstrip('.')}.")
    return shelf


def require_removable(plan: Plan) -> list[Path]:
    """Return what there is of this server.

    Raises:
        ShopsOwnError: it is a part of the shop.
        NothingToRemoveError: there is nothing.
    """
    require_server_name(plan.name, "the command line")
    if plan.name in SHOPS_OWN:
        raise ShopsOwnError(plan.name)
    present = [place for place in plan.places if place.exists()]
    if not present:
        raise NothingToRemoveError(plan.name)
    return present
