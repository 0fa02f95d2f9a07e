"""What every server needs: its files, its tests, and a specialist that may use its tools."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence

from scripts.linting.finding import Finding
from scripts.linting.offered import Shelf
from storage.settings import REPOSITORY
from team.roster import AgentFileError, ReminderError, Specialist, load_roster

FILES = ("__init__.py", "__main__.py", "server.py")


def missing_files(shelf: Shelf) -> Iterator[Finding]:
    """Yield the files that every server in this repository has but this one lacks."""
    if not shelf.own:
        return
    for file in FILES:
        if not (REPOSITORY / shelf.found.place / file).exists():
            yield Finding(f"{shelf.found.place}/{file}", "there is no such file", "Copy it from mcp_servers/tickets")
    tests = REPOSITORY / "tests" / shelf.found.place
    if not any(tests.glob("test_*.py")):
        yield Finding(
            f"tests/{shelf.found.place}", "the server has no tests", "Add some like those in tests/mcp_servers"
        )


def roster_findings(shelves: Sequence[Shelf]) -> Iterator[Finding]:
    """Yield mismatches between specialists and tools: an unknown tool or role, or a tool that no specialist may use."""
    try:
        roster = load_roster()
    except (AgentFileError, ReminderError) as error:
        yield Finding("team/agents", str(error).rstrip("."), "Until this is fixed, the team does not start")
        return
    tools = {f"{shelf.name}.{offer.name}": offer for shelf in shelves for offer in shelf.offers}
    broken = {shelf.name for shelf in shelves if shelf.findings}
    yield from _unknown(roster, set(tools), broken)
    for name, offer in tools.items():
        server, _, tool = name.partition(".")
        if not any(one.may_use(server, tool) for one in roster.values()):
            mend = f"Add {name} or {server}.* to the tools of a file in team/agents"
            yield Finding(offer.place, "no specialist may use it", mend, tool)


def _unknown(roster: Mapping[str, Specialist], tools: set[str], broken: set[str]) -> Iterator[Finding]:
    roles = tomllib.loads((REPOSITORY / "team" / "models.toml").read_text(encoding="utf-8"))["roles"]
    for one in roster.values():
        if one.role not in roles:
            mend = f"Use one of {', '.join(roles)}"
            yield Finding(one.place, f"the role {one.role} is not in team/models.toml", mend)
        for named in one.tools:
            server, _, tool = named.partition(".")
            fits = any(known.startswith(f"{server}.") for known in tools) if tool == "*" else named in tools
            if not fits and server not in broken:
                yield Finding(one.place, f"no server has {named}", "Correct the name, or remove it from the tools")
