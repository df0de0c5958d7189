"""The dev container's file says what is so: its commands are ours, its ports the defaults."""

from __future__ import annotations

import json
import re

import console
from testbed import setting_table, settings
from tests.support import commands

FILE = settings.ROOT / ".devcontainer" / "devcontainer.json"
HELD = json.loads(FILE.read_text(encoding="utf-8"))
# Of the properties that containers.dev lists, those that we use; a misspelt one is ignored there.
KNOWN = {
    *("name", "image", "hostRequirements", "containerEnv", "remoteUser", "forwardPorts"),
    *("portsAttributes", "otherPortsAttributes", "postCreateCommand", "postStartCommand"),
}


def test_its_properties_are_known() -> None:
    assert KNOWN == set(HELD)


def test_its_image_is_pinned_and_has_our_python() -> None:
    """By the image's own version and by Python's."""
    version = settings.ROOT.joinpath(".python-version").read_text(encoding="utf-8").strip()
    assert re.fullmatch(rf"\S+/python:\d+-{re.escape(version)}-[a-z]+", HELD["image"])


def test_its_commands_are_ours() -> None:
    """Each is a target of the Makefile, with nothing around it."""
    targets = set(
        re.findall(r"^([a-z-]+):", (settings.ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    )
    for when in ("postCreateCommand", "postStartCommand"):
        make, target = HELD[when].split(" ")
        assert "make" == make
        assert target in targets


def test_what_makes_it_runs() -> None:
    """Here all is made already, so it says nothing and succeeds."""
    done = commands.make(*HELD["postCreateCommand"].split(" ")[1:])
    assert (0, "") == (done.returncode, done.stdout), done.stderr


def test_its_ports_are_the_defaults() -> None:
    """The same on the person's machine: the guards know the address by which they are asked."""
    ports = [settings.DEFAULT_PORT, console.DEFAULT_PORT]
    assert ports == HELD["forwardPorts"]
    assert {str(port) for port in ports} == set(HELD["portsAttributes"])
    assert all(attributes["requireLocalPort"] for attributes in HELD["portsAttributes"].values())
    assert {"onAutoForward": "ignore"} == HELD["otherPortsAttributes"]


def test_it_needs_no_docker_inside() -> None:
    """Its settings are ours, and choose the target that is a process."""
    assert {"TARGET": "embedded"} == HELD["containerEnv"]
    assert set(HELD["containerEnv"]) <= set(setting_table.BY_NAME)
    assert "docker" not in FILE.read_text(encoding="utf-8")
