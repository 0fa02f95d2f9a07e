"""`shopdesk mcp --install`: add this shop to an MCP client's config, leaving every other entry alone."""

import difflib
import json
import os
import shlex
from pathlib import Path

import anyio

from mcp_servers.registry import chosen
from mcp_servers.runtime.serving.serve import stdio_caller
from scripts.clients.json_entry import find_entry, with_entry
from scripts.clients.known import (
    CLAUDE_CODE,
    CLIENTS,
    NAME,
    ConfigFile,
    Entry,
    UnknownClientError,
    config_file,
    entry_of,
    through_wsl,
)
from scripts.files.whole_files import NotWrittenError, whole_file
from storage.characters import decoded
from storage.migrate import require_shop
from storage.settings import CannotStartError, Settings

OWNER_ALONE = 0o600


class UnreadableConfigError(CannotStartError):
    """The client's config file exists but cannot be parsed."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} was not changed: {problem}. Fix it, then run this again.")


class OtherEntryError(CannotStartError):
    """The client already has a different server with the same name."""

    def __init__(self, path: Path, command: object) -> None:
        super().__init__(
            f"{path} was not changed: its entry {NAME} starts something else ({command}). "
            "Rename or remove that entry, then run this again."
        )


def install(client: str, servers: list[str], settings: Settings, *, dry_run: bool) -> None:
    """Write the client's entry, or print the change; for Claude Code, print the command that adds it.

    Raises:
        CannotStartError: the shop, the token, the servers or the client's file cannot be used.
    """
    names = chosen(servers) if servers else []
    if client not in CLIENTS:
        raise UnknownClientError(client)
    anyio.run(require_shop, settings.database)
    stdio_caller(settings)
    entry = entry_of(settings, names)
    if client == CLAUDE_CODE:
        # Claude Code rewrites its own file while it runs, so the entry is added by its own command.
        print(shlex.join(["claude", "mcp", "add-json", "--scope", "user", NAME, json.dumps({"type": "stdio"} | entry)]))
        return
    file = config_file(client)
    if settings.shopdesk_container:
        print(f"This runs in a container, which cannot see {file.title}'s file. Paste this into it:")
        print(json.dumps({file.section: {NAME: file.besides | entry}}))
        return
    before = _read(file.path)
    after = _with(before, file, file.besides | through_wsl(entry))
    if after == before:
        print(f"{file.path} already has the entry {NAME}; nothing to do.")
    elif dry_run:
        print(_difference(before, after, file.path))
    else:
        _write(file.path, before, after)
        print(f"Added {NAME} to {file.path}. Restart {file.title} to see it.")


def _read(path: Path) -> str:
    try:
        # Windows' editors begin a file with a byte order mark, which not every client reads: it is not written again.
        return decoded(path.read_bytes())
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise UnreadableConfigError(path, "it is neither UTF-8 nor UTF-16 text") from error
    except OSError as error:
        raise UnreadableConfigError(path, f"it cannot be read ({error.strerror})") from error


def _with(text: str, file: ConfigFile, entry: Entry) -> str:
    try:
        present = find_entry(text, file.section, NAME, comments=file.comments)
        if present is not None and not _ours(present, entry):
            raise OtherEntryError(file.path, present.get("command") or present.get("url"))
        if present is not None:
            entry = present | entry | _environment(present, entry)
        if present == entry:
            return text
        return with_entry(text, file.section, NAME, entry, comments=file.comments)
    except json.JSONDecodeError as error:
        raise UnreadableConfigError(file.path, f"line {error.lineno} is not JSON ({error.msg})") from error
    except ValueError as error:
        raise UnreadableConfigError(file.path, str(error)) from error


def _ours(present: Entry, entry: Entry) -> bool:
    """Return whether an entry starts the same program; in WSL it is among the arguments of `wsl.exe`."""
    return present.get("command") == entry["command"] and _program(present) == _program(entry)


def _environment(present: Entry, entry: Entry) -> Entry:
    """Keep variables that somebody added to our entry's environment, but not the shop's previous settings."""
    added = present.get("env")
    if not isinstance(added, dict) or not isinstance(entry.get("env"), dict):
        return {}
    kept = {name: value for name, value in added.items() if name.lower() not in Settings.model_fields}
    return {"env": kept | dict(entry["env"])}  # type: ignore[call-overload]


def _program(entry: Entry) -> list[str]:
    arguments = entry.get("args")
    listed = [str(argument) for argument in arguments] if isinstance(arguments, list) else []
    return [argument for argument in listed if argument.endswith("/shopdesk")]


def _difference(before: str, after: str, path: Path) -> str:
    told = f"{path} (with {NAME})"
    return "\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), str(path), told, lineterm=""))


def _write(path: Path, before: str, after: str) -> None:
    """Write the file atomically, following symlinks, and keep a backup of the old one next to it."""
    real = path.resolve()
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        mode = real.stat().st_mode & 0o777 if real.exists() else OWNER_ALONE
    except OSError as error:
        raise NotWrittenError(real, error) from error
    if before:
        _put(real.with_name(f"{real.name}.bak-{NAME}"), real.read_bytes(), mode)
    _put(real, after.encode(), mode)


def _put(path: Path, content: bytes, mode: int) -> None:
    with whole_file(path, force=True) as file:
        os.fchmod(file.fileno(), mode)
        file.buffer.write(content)
