"""The docker target: a Compose project for each state folder.

What `docker compose up --build --wait` does by hand, with the errors in words. The container
provisions the pipeline by itself, each time that it starts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from localstack_standalone.launcher import emulator, health, ports, record, service_names
from localstack_standalone.launcher.errors import UnknownServicesError
from localstack_standalone.launcher.record import Record
from targets import embedded, hints, state
from targets.base import Running
from targets.docker import compose
from targets.hints import worded
from testbed import settings, terminal
from testbed.errors import SettingError


def start(wanted: settings.Settings, known: Record | None, /) -> Running:
    """Build the image and start a container of it; see `Target`.

    Raises:
        DockerError: Docker cannot be used here.
    """
    given = for_container(wanted)
    if known is None:
        _build(wanted)
    with terminal.step(f"{'checking' if known else 'starting'} LocalStack") as note, worded():
        if known is None:
            started = launch(wanted)
        else:
            by_default = {"IMAGE_TAG", "MEMORY"} - wanted.named
            asked = {name: text for name, text in given.items() if name not in by_default}
            known.refuse_other(wanted.state_dir, wanted.asked_port, asked)
            compose.up(known)  # where it is up and well, that says so at once
            started = known
        container = compose.container(started)
        note(f"LocalStack is ready at {started.endpoint}, in container {container}")
    return Running("docker", started.endpoint, started)


def launch(wanted: settings.Settings) -> Record:
    """Start a container of the image that is there; return when the pipeline is in it.

    Raises:
        LauncherError: the port is taken, or it was told to serve what LocalStack does not have.
        EmulatorError: the container did not become healthy; in any case nothing is left running.
    """
    before = ports.last(wanted.state_dir)
    port = wanted.port or ports.any_port(wanted.state_dir)
    ports.refuse_taken(port)
    identity = {"project": project_name(wanted.state_dir)}
    started = Record("docker", port, identity, for_container(wanted))
    record.write(wanted.state_dir, started)
    ports.remember(wanted.state_dir, port)
    (wanted.state_dir / state.VOLUME).write_text(f"{identity['project']}\n", encoding="utf-8")
    hints.tell_other_port(wanted, before, started)
    try:
        compose.up(started)
        _refuse_unknown_services(started)
    except BaseException:  # an interrupt too: nothing is left running
        stop(wanted.state_dir, started)
        raise
    return started


def status(known: Record, /) -> Running | None:
    """It is up while its container is; see `Target`.

    Raises:
        DockerError: Docker does not answer now.
    """
    found = compose.inspect(known)
    if found is None or found.state not in ("running", "restarting"):
        return None
    return Running("docker", known.endpoint, known)


def stop(state_dir: Path, known: Record, /, *, image: bool = False) -> bool:
    """Take the project away, keeping its log in the state folder, and its volume; see `Target`."""
    text = "".join(compose.log(known))
    compose.down(known, image=image)
    with emulator.begin_log(state_dir) as log:
        log.write(text.encode())
    record.forget(state_dir)
    return True


def forget_kept(state_dir: Path) -> None:
    """Remove what the container of *state_dir* has kept, if there was one.

    Raises:
        DockerError: Docker does not do it now; try again when it answers.
    """
    marker = state_dir / state.VOLUME
    if marker.exists():
        compose.remove_volume(marker.read_text(encoding="utf-8").strip())
        marker.unlink()


def log(_state_dir: Path, known: Record, /, lines: int | None, *, follow: bool) -> Iterator[str]:
    """What the container prints; see `Target`."""
    return compose.log(known, lines=lines, follow=follow)


def facts(_state_dir: Path, known: Record, /) -> Mapping[str, str]:
    """The container, how it is, and what it has been through."""
    name, found = compose.container(known), compose.inspect(known)
    how = found.health if found else "[red]gone[/]"
    if found and found.restarts:
        back = f"came back {found.restarts} times: `make up` fetches its new address"
        how += f", [yellow]{back}[/]"
    return {"container": f"{name} ({how})", "log": "`make logs`"}


def for_container(wanted: settings.Settings) -> dict[str, str]:
    """What is set for an emulator in a container, and for the container itself.

    Raises:
        SettingError: one is not usable there.
    """
    given = settings.for_emulator()
    if "SFN_MOCK_CONFIG" in given:
        allowed = "left out with TARGET=docker: the container does not see this machine's files"
        raise SettingError("SFN_MOCK_CONFIG", given["SFN_MOCK_CONFIG"], allowed)
    engine = given.pop("ENGINE", embedded.USUAL)
    if engine != embedded.USUAL:
        allowed = f"{embedded.USUAL} with TARGET=docker: the image has no other"
        raise SettingError("ENGINE", engine, allowed)
    return {**given, "IMAGE_TAG": wanted.image_tag, "MEMORY": wanted.memory}


def _refuse_unknown_services(started: Record) -> None:
    services = service_names.added((), started.settings.get("SERVICES", ""))
    seen = health.check_services(started.endpoint, services)
    if seen.unknown:
        raise UnknownServicesError(seen.unknown, seen.known)


def project_name(state_dir: Path) -> str:
    """A name that no other state folder has, so that testbeds do not meet."""
    return f"image-pipeline-{hashlib.sha256(str(state_dir).encode()).hexdigest()[:10]}"


def _build(wanted: settings.Settings) -> None:
    if wanted.port is not None:
        with worded():
            ports.refuse_taken(wanted.port)  # before a build that takes a minute
    with terminal.step("building the image (the first time, a minute or two)") as note:
        compose.build(wanted.image_tag)
        note(f"the image is built: {compose.image(wanted.image_tag)}")
