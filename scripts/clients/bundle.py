"""`shopdesk mcp --bundle`: one file that a desktop client installs, with the tools' sources for uv to run."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.files.whole_files import whole_file
from storage.settings import REPOSITORY, CannotStartError

FOLDERS = ("mcp_servers", "team", "ui", "storage", "knowledge", "scripts")
FILES = ("README.md", "LICENSE")
SUFFIXES = frozenset({".py", ".md", ".toml", ".ftl", ".html", ".css", ".js", ".svg", ".png", ".mako", ".json", ".txt"})
EXTRAS = re.compile(r"^\[project\.optional-dependencies\]\n.*?(?=^\[)", re.MULTILINE | re.DOTALL)
ICON = "ui/static/icon.png"
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can store, used for every file so that the same sources give the same bundle."""

ENVIRONMENT = {
    "SHOPDESK_HOME": "home",
    "SHOPDESK_READ_ONLY": "read_only",
    "SHOPDESK_TOOLSET": "toolset",
    "SHOPDESK_TOKEN": "token",
    "PICTURE_FOLDERS": "pictures",
    "DATABASE_URL": "database_url",
}
USER_CONFIG: dict[str, dict[str, Any]] = {
    "home": {
        "type": "directory",
        "title": "The shop's folder",
        "description": "The folder with the shop's data, shown as Data by `scripts/start`.",
        "required": True,
    },
    "read_only": {
        "type": "boolean",
        "title": "Read only",
        "description": "Hide every tool that changes something.",
        "default": True,
    },
    "toolset": {
        "type": "string",
        "title": "Toolset",
        "description": "Which tools to offer: all, support or shopping.",
        "default": "all",
    },
    "token": {
        "type": "string",
        "title": "Who is calling",
        "description": "A token from `shopdesk token --customer ID`; without one, you act as staff.",
        "sensitive": True,
        "default": "",
    },
    "pictures": {
        "type": "string",
        "title": "Folders with pictures",
        "description": "Folders whose pictures may be looked at by their path, separated by ':'; empty: none.",
        "default": "",
    },
    "database_url": {
        "type": "string",
        "title": "Database",
        "description": "postgresql+asyncpg://…, if the shop's database is not a file in its folder.",
        "sensitive": True,
        "default": "",
    },
}


class NoSourcesError(CannotStartError):
    """The command runs from an installed package, without the repository that a bundle is built from."""

    def __init__(self) -> None:
        super().__init__(f"{REPOSITORY} has no pyproject.toml. Build the bundle in a clone of the repository.")


def bundle(folder: Path) -> None:
    """Write `shopdesk-VERSION.mcpb` to this folder, replacing an existing one.

    Raises:
        NoSourcesError: there are no sources here.
        NotWrittenError: the file cannot be written.
    """
    if not (REPOSITORY / "pyproject.toml").exists():
        raise NoSourcesError
    path = folder / f"shopdesk-{version('shopdesk')}.mcpb"
    packed = packed_sources()
    with whole_file(path, force=True) as file:
        file.buffer.write(packed)
    print(
        f"Wrote {path} ({len(packed) / 1024:.0f} KiB). Open it in Claude Desktop or another client with MCPB support."
    )


def manifest() -> dict[str, Any]:
    """Return the manifest, version 0.4: https://github.com/modelcontextprotocol/mcpb/blob/main/MANIFEST.md."""
    environment = {name: f"${{user_config.{key}}}" for name, key in ENVIRONMENT.items()}
    arguments = ["run", "--directory", "${__dirname}", "python", "-m", "mcp_servers"]
    return {
        "manifest_version": "0.4",
        "name": "shopdesk",
        "display_name": "Shopdesk",
        "version": version("shopdesk"),
        "description": "An online shop's orders, products, tickets, policies and pictures as tools.",
        "author": {"name": "Shopdesk"},
        "license": "MIT",
        "icon": ICON,
        "server": {
            "type": "uv",
            "entry_point": "mcp_servers/__main__.py",
            "mcp_config": {"command": "uv", "args": arguments, "env": environment},
        },
        "tools_generated": True,
        "user_config": USER_CONFIG,
        "compatibility": {"platforms": ["darwin", "linux"], "runtimes": {"python": ">=3.11"}},
    }


def packed_sources() -> bytes:
    """Return the bundle: its manifest, and what uv needs to run these tools."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(_contents()):
            information = zipfile.ZipInfo(name, EARLIEST)
            information.compress_type = zipfile.ZIP_DEFLATED
            information.external_attr = 0o644 << 16
            archive.writestr(information, content)
    return packed.getvalue()


def _contents() -> Iterator[tuple[str, bytes]]:
    yield "manifest.json", json.dumps(manifest(), indent=2, ensure_ascii=False).encode()
    for name in FILES:
        yield name, (REPOSITORY / name).read_bytes()
    yield "pyproject.toml", _project().encode()
    for folder in FOLDERS:
        for path in (REPOSITORY / folder).rglob("*"):
            place = path.relative_to(REPOSITORY)
            if path.is_file() and path.suffix in SUFFIXES and not any(part.startswith(".") for part in place.parts):
                yield place.as_posix(), path.read_bytes()


def _project() -> str:
    """Return pyproject.toml for uv: without extras, pinned to the versions that the tests use."""
    # uv resolves extras even when they are not requested, and the GPU extra supports only one platform.
    project = EXTRAS.sub("", (REPOSITORY / "pyproject.toml").read_text())
    lines = (REPOSITORY / "constraints.txt").read_text().splitlines()
    pinned = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return f"{project}\n[tool.uv]\nconstraint-dependencies = {json.dumps(pinned, indent=4)}\n"
