"""What a person may give for an endpoint: a name, an address, the variable of a key. Each is checked in one line."""

import re
from urllib.parse import urlsplit

from storage.settings import CannotStartError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,79}")
TAIL = "/chat/completions"


class BadNameError(CannotStartError):
    """The name cannot be an endpoint's."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name[:60]!r} cannot be an endpoint's name: up to 40 letters, digits, - and _, such as local-qwen."
        )


class NameTakenError(CannotStartError):
    """There is an endpoint of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"models.toml already has an endpoint {name}. Choose another name, or remove that one first: "
            f"`shopdesk models remove {name}`."
        )


class BadUrlError(CannotStartError):
    """The address cannot be an endpoint's."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(f"{url[:200]} cannot be an endpoint's address: {problem}, such as http://127.0.0.1:8000/v1.")


class NoVariableError(CannotStartError):
    """What was given for a key is not the name of a variable. It is not repeated: it may be the key itself."""

    def __init__(self) -> None:
        super().__init__(
            "--key-env takes the name of an environment variable, such as OPENAI_API_KEY, not the key itself. "
            "Put the key into that variable, or into .env."
        )


def checked_name(name: str) -> str:
    """Return an endpoint's name.

    Raises:
        BadNameError: it cannot be one.
    """
    if not NAME.fullmatch(name):
        raise BadNameError(name)
    return name


def checked_url(url: str) -> str:
    """Return an endpoint's address without what is too much at its end.

    Raises:
        BadUrlError: it is none; a password in it is not repeated.
    """
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError as error:
        raise BadUrlError(url, str(error).lower()) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in url.strip():
        raise BadUrlError(url, "it is not an http:// or https:// address")
    if parts.username or parts.password:
        raise BadUrlError(f"{parts.scheme}://…@{parts.hostname}", "a key belongs into the variable of --key-env")
    if parts.query or parts.fragment:
        raise BadUrlError(f"{parts.scheme}://{parts.netloc}{parts.path}?…", "it ends before the ? or #")
    return url.strip().rstrip("/").removesuffix(TAIL)


def checked_variable(name: str) -> str:
    """Return the name of the variable that holds a key, or nothing.

    Raises:
        NoVariableError: it is no variable's name.
    """
    if name and not VARIABLE.fullmatch(name):
        raise NoVariableError
    return name
