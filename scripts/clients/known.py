"""The MCP clients that this shop can be added to: where each keeps its servers, and in what format."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from storage.settings import MCP_PORT, UI_PORT, CannotStartError, Settings

NAME = "shopdesk"
CLAUDE_CODE = "claude-code"
CLIENTS = ("claude-desktop", CLAUDE_CODE, "cursor", "vscode")
CARRIED = (
    *("database_url", "public_mcp_url", "model1_base_url", "model2_base_url", "mock_llm"),
    *("chroma_url", "embeddings_base_url", "embeddings_model", "embeddings_api_key"),
    *("embeddings_question_prefix", "embeddings_passage_prefix"),
    *("rerank_base_url", "rerank_model", "rerank_api_key"),
    *("public_ui_url", "shopdesk_token", "shopdesk_secret", "confirm_by", "confirm_tokens"),
)
"""The settings, besides SHOPDESK_HOME, to pass on to a server that a client starts."""

Entry = dict[str, object]


class UnknownClientError(CannotStartError):
    """There is no client with this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no client {name}. Known clients: {', '.join(CLIENTS)}.")


class NoWindowsError(CannotStartError):
    """In WSL, where the clients run on Windows, the Windows folders cannot be found."""

    def __init__(self, variable: str) -> None:
        super().__init__(
            f"Cannot find the Windows folder %{variable}%: cmd.exe and wslpath must be available. "
            "`shopdesk mcp --install claude-code` prints an entry to add by hand."
        )


@dataclass(frozen=True)
class ConfigFile:
    """A client's file: the section that holds servers, and whether the file may have comments."""

    title: str
    path: Path
    section: str = "mcpServers"
    comments: bool = False
    besides: Entry = field(default_factory=dict)


def config_file(client: str) -> ConfigFile:
    """Return the file in which this client keeps a user's servers for all projects.

    Sources: Claude Desktop https://modelcontextprotocol.io/docs/develop/connect-local-servers, Cursor
    https://cursor.com/docs/mcp, VS Code https://code.visualstudio.com/docs/agents/reference/mcp-configuration.

    Raises:
        UnknownClientError: there is no such client, or it has no file to edit.
        NoWindowsError: in WSL, Windows cannot be asked for its folders.
    """
    match client:
        case "claude-desktop":
            return ConfigFile("Claude Desktop", _settings_folder() / "Claude" / "claude_desktop_config.json")
        case "cursor":
            return ConfigFile("Cursor", _home() / ".cursor" / "mcp.json", comments=True)
        case "vscode":
            path = _settings_folder() / "Code" / "User" / "mcp.json"
            return ConfigFile("VS Code", path, section="servers", comments=True, besides={"type": "stdio"})
        case _:
            raise UnknownClientError(client)


def entry_of(settings: Settings, servers: list[str]) -> Entry:
    """Return an entry that starts these servers over stdio, with this shop, caller and mode, from any folder.

    A client outside the container that this runs in starts them in there, where the environment is the shop's.
    """
    command = str(Path(sys.executable).with_name("shopdesk"))
    read_only = ["--read-only"] if settings.shopdesk_read_only else []
    toolset = ["--toolset", settings.shopdesk_toolset] if settings.shopdesk_toolset != "all" else []
    arguments = ["mcp", *servers, *read_only, *toolset]
    if settings.shopdesk_container:
        return {"command": "docker", "args": ["exec", "-i", settings.shopdesk_container, "shopdesk", *arguments]}
    return {"command": command, "args": arguments, "env": _environment(settings)}


def through_wsl(entry: Entry) -> Entry:
    """Return the entry as a client on Windows has to start it if this shop is in WSL; otherwise the entry itself."""
    distribution = _wsl()
    if distribution is None or "env" not in entry:
        return entry
    environment = [f"{name}={value}" for name, value in dict(entry["env"]).items()]  # type: ignore[call-overload]
    started = ["env", *environment, str(entry["command"]), *list(entry["args"])]  # type: ignore[call-overload]
    return {"command": "wsl.exe", "args": ["-d", distribution, "--exec", *started]}


def _environment(settings: Settings) -> dict[str, str]:
    usual = {name: Settings.model_fields[name].default for name in CARRIED}
    usual |= {"public_mcp_url": f"http://127.0.0.1:{MCP_PORT}", "public_ui_url": f"http://127.0.0.1:{UI_PORT}"}
    values = {name: getattr(settings, name) for name in CARRIED}
    told = {name: str(value) for name, value in values.items() if value != usual[name]}
    return {name.upper(): value for name, value in {"shopdesk_home": str(settings.shopdesk_home), **told}.items()}


def _settings_folder() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    if _wsl() is not None:
        return _windows_folder("APPDATA")
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _home() -> Path:
    return Path.home() if _wsl() is None else _windows_folder("USERPROFILE")


def _wsl() -> str | None:
    return os.environ.get("WSL_DISTRO_NAME")


def _windows_folder(variable: str) -> Path:
    try:
        said = _output(["cmd.exe", "/d", "/c", f"echo %{variable}%"])
        return Path(_output(["wslpath", "-u", said]))
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoWindowsError(variable) from error


def _output(command: list[str]) -> str:
    # cmd.exe only warns when the current folder is not on a Windows drive.
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - fixed names
