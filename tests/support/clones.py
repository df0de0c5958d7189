"""A clone of the work tree as it is, committed or not, and nothing of its environments."""

from __future__ import annotations

import subprocess
from pathlib import Path

from testbed import settings


def of_the_work_tree(folder: Path) -> Path:
    """Make *folder* a repository with all of this checkout in one commit."""
    folder.mkdir(parents=True)
    listed = git(settings.ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        source = settings.ROOT / name
        if source.exists():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
            target.chmod(source.stat().st_mode)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    """Commit all that is in the repository *folder*."""
    git(folder, "-c", "user.name=n", "-c", "user.email=n@n", "commit", "--quiet", "-am", "all")


def git(folder: Path, *arguments: str) -> str:
    """What git says in *folder*; it has to succeed."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout
