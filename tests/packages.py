"""Packages of somebody else's, as an installer leaves them: modules, and a dist-info with entry points."""

from collections.abc import Mapping
from pathlib import Path


def install(site: Path, name: str, files: Mapping[str, str], entry_points: str) -> Path:
    """Put a package's files and its metadata into `site`, a folder that is then put on the path."""
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    about = {"METADATA": metadata, "entry_points.txt": entry_points}
    info = f"{name.replace('-', '_')}-1.0.dist-info"
    for path, text in {**files, **{f"{info}/{file}": text for file, text in about.items()}}.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    return site
