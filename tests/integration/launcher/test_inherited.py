"""What a fork of a used emulator has in common with its parent: code and memory, no connection."""

from __future__ import annotations

from pathlib import Path

from localstack_standalone.launcher import record
from localstack_standalone.launcher.forks import Parent
from testbed import waiting
from tests.support.testbeds import ForkTestbed


def _channels(pid: int) -> set[str]:
    """The sockets and pipes that the process has open."""
    links = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.add(str(descriptor.readlink()))
        except FileNotFoundError:  # closed meanwhile
            continue
    return {link for link in links if link.startswith(("socket:", "pipe:"))}


def test_a_fork_shares_no_connection_with_its_parent(
    fork_testbed: ForkTestbed, localstack_parent: Parent, tmp_path: Path
) -> None:
    """State that registers nothing would be seen: its sockets and pipes would still be open."""
    with fork_testbed(tmp_path / "fork") as forked:
        known = record.read(forked.state_dir)
        assert known is not None
        parent = localstack_parent.emulator
        assert parent is not None

        def shared() -> tuple[bool | None, str]:
            # The parent closes what it handed on a moment after its fork has answered.
            both = _channels(known.pid) & _channels(parent.pid)
            return (None if both else True), f"both have {both}"

        waiting.until(shared, "a fork without its parent's connections", timeout_s=10)
