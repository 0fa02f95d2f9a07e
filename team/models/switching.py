"""Changing which endpoint a role uses, in models.toml itself: its comments stay, and no reader sees half a file."""

import os
import tempfile
from pathlib import Path

from storage.endpoints import FILE, VISION, EndpointsError, load_endpoints
from storage.errors import NotFoundError, ShopError
from storage.settings import Settings


class NoSuchRoleError(NotFoundError):
    """models.toml has no such role."""

    def __init__(self, role: str) -> None:
        super().__init__(f"{FILE} has no role {role}.")


class NoSuchEndpointError(ShopError):
    """models.toml has no such endpoint."""

    def __init__(self, endpoint: str, known: list[str]) -> None:
        super().__init__(f"{FILE} has no endpoint {endpoint}; it has: {', '.join(known)}.")


class BlindEndpointError(ShopError):
    """The endpoint takes no pictures, and the role looks at them."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(f"The endpoint {endpoint} takes no pictures, which the role {VISION} is for. Choose another.")


def use_endpoint(settings: Settings, role: str, endpoint: str) -> str:
    """Have a role use this endpoint from its next turn on, and return the one it used before.

    Raises:
        NoSuchRoleError, NoSuchEndpointError: models.toml does not name it.
        BlindEndpointError: the role is for pictures, and the endpoint takes none.
        EndpointsError: the file cannot be used.
    """
    # Slow to import, and no turn needs it.
    import tomlkit

    found = load_endpoints(settings)
    if role not in found.roles:
        raise NoSuchRoleError(role)
    if endpoint not in found.endpoints:
        raise NoSuchEndpointError(endpoint, list(found.endpoints))
    if role == VISION and not found.endpoints[endpoint].vision:
        raise BlindEndpointError(endpoint)
    before = found.for_role(role)[0]
    path = settings.shopdesk_home / FILE
    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    table = document["roles"][role]
    table["endpoint"] = endpoint
    _replace(path, tomlkit.dumps(document))
    return before


def _replace(path: Path, text: str) -> None:
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            # It may contain a key that other users must not read.
            os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
    except OSError as error:
        raise EndpointsError(path, f"it cannot be written: {error.strerror}") from error
