"""An editor that attaches to debugpy, as small as one can be.

Source: https://microsoft.github.io/debug-adapter-protocol/specification
"""

from __future__ import annotations

import json
import socket
from typing import Any


class DebugClient:
    """Speaks the Debug Adapter Protocol over a connection to debugpy."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._file = self._socket.makefile("rb")
        self._sent = 0

    def attach_with_breakpoint(self, path: str, line: int) -> None:
        """Attach, set one breakpoint, and let the program go on."""
        self._send("initialize", {"adapterID": "test", "pathFormat": "path"})
        self.wait_for("response", "initialize")
        self._send("attach", {"justMyCode": False})
        self.wait_for("event", "initialized")
        source = {"source": {"path": path}, "breakpoints": [{"line": line}]}
        self._send("setBreakpoints", source)
        self.wait_for("response", "setBreakpoints")
        self._send("configurationDone", {})

    def go_on(self, thread: int) -> None:
        """Let a stopped thread go on."""
        self._send("continue", {"threadId": thread})

    def wait_for(self, kind: str, name: str) -> dict[str, Any]:
        """Read messages until one of *kind* called *name* comes."""
        while True:
            message = self._receive()
            if message["type"] == kind and name in (message.get("command"), message.get("event")):
                return message

    def close(self) -> None:
        """Let the program run without us."""
        self._send("disconnect", {"terminateDebuggee": False})
        self._file.close()
        self._socket.close()

    def _send(self, command: str, arguments: dict[str, Any]) -> None:
        self._sent += 1
        message = {
            "seq": self._sent,
            "type": "request",
            "command": command,
            "arguments": arguments,
        }
        data = json.dumps(message).encode()
        self._socket.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))

    def _receive(self) -> dict[str, Any]:
        length = 0
        while line := self._file.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message: dict[str, Any] = json.loads(self._file.read(length))
        return message
