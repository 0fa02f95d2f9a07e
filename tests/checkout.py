"""A checkout of this repository in a folder of its own, for commands that write into one."""

import subprocess
from hashlib import sha256
from pathlib import Path

from storage.settings import REPOSITORY

LEFT_BY_TOOLS = {"__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".git"}


def check_out(place: Path) -> Path:
    """Copy every file that git knows, or would take, and make a repository of the copy."""
    wanted = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = git(REPOSITORY, *wanted).split("\0")
    for name in listed:
        if name and (REPOSITORY / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes((REPOSITORY / name).read_bytes())
            (place / name).chmod((REPOSITORY / name).stat().st_mode)
    git(place, "init", "--quiet")
    git(place, "add", "--all")
    return place


def git(place: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints."""
    return subprocess.run(["git", *arguments], cwd=place, check=True, capture_output=True, text=True).stdout


def contents(place: Path) -> dict[str, str]:
    """Return a digest of every file, and every folder, but for the caches that Python and its tools leave."""
    paths = [path for path in place.rglob("*") if not LEFT_BY_TOOLS & set(path.relative_to(place).parts)]
    return {
        str(path.relative_to(place)): sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in paths
    }
