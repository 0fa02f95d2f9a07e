"""Generates `.env.example`, every setting with its default, from `storage/settings.py`."""

from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo

from scripts.linting.finding import Finding
from storage.settings import REPOSITORY, Settings

FILE = REPOSITORY / ".env.example"
HEAD = """# Copy this file to `.env` in the folder you start Shopdesk from, and remove the # of what you change.
# What the environment says wins. Written by `shopdesk lint --write`.
"""
DERIVED = {
    "shopdesk_home": "var",
    "public_mcp_url": "http://127.0.0.1:8100",
    "public_ui_url": "http://127.0.0.1:3000",
}
"""Defaults that depend on the machine or on other settings, shown as they are when nothing else is set."""


def example() -> str:
    """Return the file's content."""
    return "\n".join([HEAD, *(_lines(name, field) for name, field in Settings.model_fields.items())])


def _lines(name: str, field: FieldInfo) -> str:
    return f"# {field.description}\n#{name.upper()}={DERIVED.get(name, _shown(field.default))}\n"


def _shown(default: object) -> str:
    if default is None:
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)


def example_differences(file: Path = FILE) -> Iterator[Finding]:
    """Yield a finding if the file differs from what the settings generate."""
    if not file.exists() or file.read_text(encoding="utf-8") != example():
        yield Finding(file.name, "it does not list the settings as they are", "Run `shopdesk lint --write`")
