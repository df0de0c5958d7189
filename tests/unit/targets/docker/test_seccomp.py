"""The container's seccomp profile: what it lets through beyond an engine's own, and what never."""

from __future__ import annotations

import json
import re
from typing import Any

from targets.docker import compose
from testbed import settings

NAME = "targets/docker/seccomp.json"
PROFILE: dict[str, Any] = json.loads((settings.ROOT / NAME).read_text(encoding="utf-8"))
RULES: list[dict[str, Any]] = PROFILE["syscalls"]
DOCS = (settings.ROOT / "docs" / "docker.md").read_text(encoding="utf-8")
SECTION = DOCS.partition("## The seccomp profile\n")[2].partition("\n## ")[0]
FOR_SANDBOXES = "for sandboxes: "

# Namespaces (clone(2), unshare(2)).
NEW_TIME, NEW_NS, NEW_CGROUP, NEW_UTS = 0x80, 0x2_0000, 0x200_0000, 0x400_0000
NEW_IPC, NEW_USER, NEW_PID, NEW_NET = 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000
MOUNTS_AND_PIDS = NEW_NS | NEW_PID | NEW_USER


def test_compose_names_it() -> None:
    """Relative to docker-compose.yml, whoever calls Compose and wherever; and no capability."""
    text = compose.FILE.read_text(encoding="utf-8")
    assert f"\n      - seccomp={NAME}\n" in text
    assert "\n    cap_drop: [ALL]\n" in text
    assert "\n      - no-new-privileges\n" in text
    assert "cap_add" not in text


def test_whatever_it_does_not_name_is_refused() -> None:
    """An allowlist, for the two processors of which there are images."""
    assert "SCMP_ACT_ERRNO" == PROFILE["defaultAction"]
    assert [("SCMP_ARCH_X86_64", []), ("SCMP_ARCH_AARCH64", [])] == [
        (each["architecture"], each["subArchitectures"]) for each in PROFILE["archMap"]
    ]
    refusing = [rule["names"] for rule in RULES if rule["action"] != "SCMP_ACT_ALLOW"]
    assert [["clone3"]] == refusing


def test_what_is_for_sandboxes_is_what_the_documentation_says() -> None:
    """The table has each such call, and no other."""
    table = re.findall(r"^\| `(\w+)` \|", SECTION, re.MULTILINE)
    opened = [
        name
        for rule in RULES
        if rule.get("comment", "").startswith(FOR_SANDBOXES)
        for name in rule["names"]
    ]
    assert 6 == len(table)
    assert table == opened


def test_it_lets_through_what_a_sandbox_does() -> None:
    """The flags of `_lambda_sandbox`, and those alone: no network namespace, no other clone."""
    for flags in (NEW_NS | NEW_PID, MOUNTS_AND_PIDS, NEW_NS | NEW_IPC | NEW_UTS, NEW_USER):
        assert allowed("unshare", flags)
    for other in (NEW_NET, NEW_CGROUP, NEW_TIME):
        assert not allowed("unshare", other)
        assert not allowed("unshare", NEW_USER | other)
    assert allowed("setns", 3, NEW_PID)
    for kind in (0, NEW_USER, NEW_NS, NEW_NET):
        assert not allowed("setns", 3, kind)
    assert allowed("umount2", 0, 2)
    assert not allowed("umount2", 0, 1)
    signal = 17
    assert allowed("clone", signal)
    for kind in (NEW_NS, NEW_CGROUP, NEW_UTS, NEW_IPC, NEW_USER, NEW_PID, NEW_NET):
        assert not allowed("clone", kind | signal)


def test_what_the_documentation_calls_refused_is() -> None:
    """None of them in any rule that allows."""
    listed = SECTION.partition("Refused stay")[2].partition("\n\n")[0]
    refused = re.findall(r"`(\w+)`", listed)
    assert {"bpf", "keyctl", "io_uring_setup", "perf_event_open", "fsopen"} <= set(refused)
    assert not [name for name in refused if allowed(name)]


def test_each_call_is_named_once() -> None:
    """But for `personality`, one rule for each value: else the widest rule would count."""
    names = [name for rule in RULES for name in rule["names"] if name != "personality"]
    assert sorted(set(names)) == sorted(names)


def allowed(name: str, *arguments: int) -> bool:
    """Whether the profile lets *name* through with *arguments*; those that are not given are 0."""
    padded = [*arguments, *[0] * 6][:6]
    return any(
        rule["action"] == "SCMP_ACT_ALLOW"
        and all(holds(condition, padded) for condition in rule.get("args", []))
        for rule in RULES
        if name in rule["names"]
    )


def holds(condition: dict[str, Any], arguments: list[int]) -> bool:
    """As seccomp_rule_add(3) compares."""
    value, found = condition["value"], arguments[condition["index"]]
    match condition["op"]:
        case "SCMP_CMP_EQ":
            return bool(found == value)
        case "SCMP_CMP_NE":
            return bool(found != value)
        case "SCMP_CMP_MASKED_EQ":
            return bool(found & value == condition.get("valueTwo", 0))
        case other:
            raise AssertionError(other)
