"""How the emulator and a zygote talk: JSON behind four bytes of length, big-endian.

Both sides import this file, each under a Python of its own (3.9 and newer).
"""

import json
import socket
import struct
import typing

HEADER_BYTES = 4
# More descriptors than this come with no message.
DESCRIPTORS = 4

Message = dict[str, typing.Any]


def send(control: socket.socket, message: Message, descriptors: typing.Sequence[int] = ()) -> None:
    """Send one message, with *descriptors* attached.

    Raises:
        OSError: the other end is gone.
    """
    data = json.dumps(message).encode()
    header = struct.pack("!I", len(data))
    if descriptors:
        socket.send_fds(control, [header], descriptors)
        control.sendall(data)
    else:
        control.sendall(header + data)


def receive(control: socket.socket) -> tuple[Message, list[int]]:
    """One message and the descriptors that came with it.

    Raises:
        EOFError: the other end is gone.
        OSError: likewise.
    """
    header, descriptors, _, _ = socket.recv_fds(control, HEADER_BYTES, DESCRIPTORS)
    header += _exactly(control, HEADER_BYTES - len(header))
    (length,) = struct.unpack("!I", header)
    message: Message = json.loads(_exactly(control, length))
    return message, descriptors


def _exactly(control: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        chunk = control.recv(length - len(data))
        if not chunk:
            raise EOFError
        data += chunk
    return data
