"""`make console`: look inside the pipeline that is up, in a browser."""

from __future__ import annotations

import contextlib
import os
import socket
from typing import TYPE_CHECKING, Final

from console import DEFAULT_PORT, HOST, address, app, watch
from console.share.link import ClassLink
from targets import choose
from testbed import outputs, settings, terminal
from testbed.errors import NotRunningError, TestbedError

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTING: Final = "CONSOLE_PORT"
SHARE: Final = "CONSOLE_SHARE"


def main() -> None:
    """Serve the console until Ctrl-C.

    Raises:
        TestbedError: its port is taken, or its class's address cannot be listened on.
    """
    wanted = settings.load()
    port = read_port(os.environ)
    class_link = read_share(os.environ, port)
    terminal.out.print(f"console at {address(port)} [dim](Ctrl-C ends it)[/]")
    if class_link is not None:
        terminal.out.print(f"open to whoever has this link, to look on: {class_link.url}")
    try:
        find_in(wanted)()
    except NotRunningError as error:
        terminal.out.print(f"[yellow]{error}[/]; the console waits for it")
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it is meant to end
        app.serve(find_in(wanted), port=port, class_link=class_link)


def find_in(wanted: settings.Settings) -> watch.Find:
    """Finds the testbed that *wanted* means, whatever became of it meanwhile."""

    def find() -> watch.Deployment:
        running = choose.running(wanted)
        return watch.Deployment(running.aws, outputs.read(wanted.state_dir), wanted.state_dir)

    return find


def read_port(environ: Mapping[str, str]) -> int:
    """The port in *environ*, 8765 if there is none; a free one for ``auto``.

    Raises:
        SettingError: it is no port.
        TestbedError: somebody listens there already.
    """
    text = settings.value(environ, SETTING, str(DEFAULT_PORT))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, 0 if text == "auto" else int(text)))
            port: int = probe.getsockname()[1]
        except OSError as error:
            raise TestbedError(
                f"port {text} is taken: a console may run already. Open {address(int(text))}, or "
                f"`make console {SETTING}=auto`"
            ) from error
    return port


def read_share(environ: Mapping[str, str], port: int) -> ClassLink | None:
    """What is to be open to a class, at the console's *port*; None where nobody asks for it.

    Raises:
        SettingError: it is no address.
        TestbedError: it is none of this machine, or somebody listens there already.
    """
    text = settings.value(environ, SHARE, "")
    if not text:
        return None
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((text, port))
        except OSError as error:
            raise TestbedError(
                f"{SHARE}={text}: nothing can listen on {text}, port {port} ({error.strerror}); "
                "`ip address` lists the addresses of this machine"
            ) from error
    return ClassLink.new(text, port)


if __name__ in {"__main__", "__mp_main__"}:
    terminal.run(main)
