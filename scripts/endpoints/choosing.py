"""`shopdesk models use`, `default`, `remove`, `undo`: which endpoints speak for which role."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from scripts.endpoints.file import (
    UNDO,
    BlindError,
    UnknownNameError,
    as_written,
    current,
    edited,
    swap,
)
from storage.characters import cleaned
from storage.endpoints import VISION, Endpoints
from storage.settings import CannotStartError, load_settings

NONE = "none"
Names = Annotated[list[str], typer.Argument(help="The endpoint; of several, the least loaded is asked.")]


class InUseError(CannotStartError):
    """Roles have no other endpoint than the one to be removed."""

    def __init__(self, name: str, roles: list[str], other: str) -> None:
        super().__init__(
            f"{name} is the only endpoint of {', '.join(roles)}. Say which takes its place: "
            f"`shopdesk models remove {name} --instead {other}`."
        )


def use(
    role: Annotated[str, typer.Argument(help="The role, such as orders or router.")],
    endpoint: Names,
    fallback: Annotated[
        str | None, typer.Option(help="Endpoint to use when none of those answers; 'none' for none.")
    ] = None,
) -> None:
    """Use an endpoint, or several, for a role. A running shop follows at its next turn; comments in the file are kept.

    Examples: [bold]shopdesk models use policies hosted[/bold] · [bold]shopdesk models use orders slice1 slice2[/bold] ·
    [bold]shopdesk models use orders slice1 --fallback slice2[/bold]
    """
    settings = load_settings()
    found = current(settings)
    if role not in found.roles:
        raise UnknownNameError("role", role, list(found.roles))
    _require(found, [*endpoint, *([fallback] if fallback and fallback != NONE else [])])
    if role == VISION:
        _require_eyes(found, endpoint)
    with edited(settings) as document:
        [line] = give_roles(document, [role], endpoint, sees=True, every=False) or [f"{role}: as before"]
        if fallback is not None:
            document["roles"][role]["fallback"] = "" if fallback == NONE else fallback
    typer.echo(cleaned(line + (f", fallback {fallback}" if fallback else "")))
    typer.echo(UNDO)


def default(endpoint: Names) -> None:
    """Use an endpoint, or several, for every role; one that sees no pictures leaves the role that looks at them alone.

    Examples: [bold]shopdesk models default openai[/bold] · [bold]shopdesk models default slice1 slice2[/bold]
    """
    settings = load_settings()
    found = current(settings)
    _require(found, endpoint)
    sees = all(found.endpoints[key].vision for key in endpoint)
    with edited(settings) as document:
        lines = give_roles(document, list(found.roles), endpoint, sees=sees, every=True)
    for line in lines or ["Every role uses that already; nothing was changed."]:
        typer.echo(line)
    if lines:
        typer.echo(UNDO)


def remove(
    name: Annotated[str, typer.Argument(help="The endpoint to remove.")],
    instead: Annotated[str, typer.Option(help="Endpoint that takes its place where it is a role's only one.")] = "",
) -> None:
    """Remove an endpoint from models.toml. Roles that have another one too keep that.

    Examples: [bold]shopdesk models remove fast[/bold] · [bold]shopdesk models remove openai --instead slice1[/bold]
    """
    settings = load_settings()
    found = current(settings)
    _require(found, [name, *([instead] if instead else [])])
    others = [key for key in found.endpoints if key != name]
    alone = [role for role, one in found.roles.items() if one.endpoints == (name,)]
    if alone and instead in {"", name}:
        raise InUseError(name, alone, others[0] if others else "NAME")
    if instead and VISION in alone:
        _require_eyes(found, [instead])
    lines = []
    with edited(settings) as document:
        for role, one in found.roles.items():
            kept = [key for key in one.endpoints if key != name] or [instead]
            lines += give_roles(document, [role], kept, sees=True, every=False)
            if one.fallback == name:
                del document["roles"][role]["fallback"]
                lines.append(f"{role}: no longer falls back on {name}")
        del document["endpoints"][name]
    typer.echo(f"Removed {name}.")
    for line in [*lines, UNDO]:
        typer.echo(f"  {line}")


def undo() -> None:
    """Put models.toml back as it was before the last `add`, `preset`, `use`, `default`, `remove`; twice is as it was.

    Example: [bold]shopdesk models undo[/bold]
    """
    path = swap(load_settings())
    typer.echo(f"{path} is as it was before the last change; once more to change your mind.")


def give_roles(
    document: Any,  # noqa: ANN401 - tomlkit's own types
    roles: Sequence[str],
    keys: Sequence[str],
    *,
    sees: bool,
    every: bool,
) -> list[str]:
    """Write these endpoints for the roles, and return a line for each that changed.

    Args:
        document: models.toml.
        roles: the roles.
        keys: the endpoints, in the order in which equals are asked.
        sees: whether all of these accept pictures.
        every: whether every role was meant, so that one they cannot serve is left alone and said to be.

    Raises:
        BlindError: the role that looks at pictures was named, and these cannot.
    """
    lines = []
    for role in roles:
        if role == VISION and not sees:
            if not every:
                raise BlindError(keys[0])
            lines.append(f"{role}: left alone, since {', '.join(keys)} does not see pictures")
            continue
        before = document["roles"][role]["endpoint"]
        old = [before] if isinstance(before, str) else list(before)
        if old != list(keys):
            document["roles"][role]["endpoint"] = as_written(list(keys))
            lines.append(f"{role}: {', '.join(old)} → {', '.join(keys)}")
    return lines


def _require(found: Endpoints, names: Sequence[str]) -> None:
    for name in names:
        if name not in found.endpoints:
            raise UnknownNameError("endpoint", name, list(found.endpoints))


def _require_eyes(found: Endpoints, names: Sequence[str]) -> None:
    for name in names:
        if not found.endpoints[name].vision:
            raise BlindError(name)
