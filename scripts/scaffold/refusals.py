"""Why a server cannot be created or removed: one line each, saying what to do."""

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
    """The name is already used for something else."""

    def __init__(self, name: str, taken: str) -> None:
        super().__init__(f"A server cannot be called {name}: {taken}. Choose another name. Nothing was written.")


class UnusableTemplateError(CannotStartError):
    """The generated server does not load: the templates, or something they use, were changed."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"Nothing was written. {problem} Fix the templates in scripts/scaffold.")


class NoCheckoutError(CannotStartError):
    """The command runs from an installed package, where source must not be written."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} is not a checkout of Shopdesk. Run `shopdesk new-server` in one, "
            "or put the server in its own package, as shown at the end of mcp_servers/README.md."
        )


class BadKoreanNameError(CannotStartError):
    """The Korean name would break the files it is written into."""

    def __init__(self, name: str) -> None:
        super().__init__(f"--korean {name!r} is not valid. Use up to {LONGEST_KOREAN} letters, digits and spaces.")


class NothingToRemoveError(CannotStartError):
    """There is no server of this name here."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no server {name} in this checkout. Nothing was removed.")


class ShopsOwnError(CannotStartError):
    """The server is part of the shop."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is one of the shop's own servers and cannot be removed with this command.")


def require_checkout() -> None:
    """Refuse to write into an installed package.

    Raises:
        NoCheckoutError: this is not a checkout.
    """
    if not (REPOSITORY / "pyproject.toml").exists() or not (REPOSITORY / "tests" / "mcp_servers").is_dir():
        raise NoCheckoutError(REPOSITORY)


def require_free(plan: Plan) -> None:
    """Refuse a plan whose names are invalid or already used.

    Raises:
        BadServerNameError: the name cannot be used as a folder, a scope and part of a URL.
        BadKoreanNameError: the Korean name has characters other than letters, digits and spaces.
        TakenNameError: a server, a specialist, a file or Python itself already uses one of the names.
    """
    require_server_name(plan.name, "the command line")
    korean = plan.korean.replace(" ", "")
    if not korean.isalnum() or len(plan.korean) > LONGEST_KOREAN:
        raise BadKoreanNameError(plan.korean)
    if taken := _taken(plan):
        raise TakenNameError(plan.name, taken)


def _taken(plan: Plan) -> str:
    if keyword.iskeyword(plan.name) or keyword.issoftkeyword(plan.name):
        return "it is a Python keyword"
    if plan.name in sys.stdlib_module_names:
        return "it is a module of Python's standard library"
    if found := found_servers().get(plan.name):
        return f"{found.place} is a server with that name"
    if specialist := load_roster().get(plan.specialist):
        return f"{specialist.place} is a specialist called {plan.specialist}"
    return next((f"{shown(place)} already exists" for place in plan.places if place.exists()), "")


def require_free_tools(plan: Plan, shelves: list[Shelf]) -> None:
    """Refuse a name whose tools another server already has.

    Raises:
        TakenNameError: one of them has a tool with that name.
    """
    for shelf in shelves:
        for offer in shelf.offers:
            if offer.name in plan.tools:
                raise TakenNameError(plan.name, f"{shelf.name} has a tool {offer.name}")


def whole(shelf: Shelf) -> Shelf:
    """Return a new server if it loads with all of its tools.

    Raises:
        UnusableTemplateError: part of it does not load.
    """
    if shelf.findings:
        raise UnusableTemplateError(f"{shelf.findings[0].problem.rstrip('.')}.")
    return shelf


def require_removable(plan: Plan) -> list[Path]:
    """Return the existing files of this server.

    Raises:
        ShopsOwnError: it is part of the shop.
        NothingToRemoveError: there is nothing.
    """
    require_server_name(plan.name, "the command line")
    if plan.name in SHOPS_OWN:
        raise ShopsOwnError(plan.name)
    present = [place for place in plan.places if place.exists()]
    if not present:
        raise NothingToRemoveError(plan.name)
    return present
