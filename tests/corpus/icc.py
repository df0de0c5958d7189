"""Small ICC profiles, built by hand (ICC.1:2022): wide RGB, grey with another gamma, and CMYK."""

import struct

_D50 = (0.9642, 1.0, 0.8249)
# Adobe RGB (1998), chromatically adapted to D50.
_ADOBE_RGB = {
    b"rXYZ": (0.60974, 0.31111, 0.01947),
    b"gXYZ": (0.20528, 0.62567, 0.06087),
    b"bXYZ": (0.14919, 0.06322, 0.74457),
}


def wide_rgb() -> bytes:
    """A profile of Adobe RGB's primaries and gamma 2.2: plain numbers mean stronger colours."""
    tags = {tag: _xyz(*value) for tag, value in _ADOBE_RGB.items()}
    tags |= {tag: _gamma(2.2) for tag in (b"rTRC", b"gTRC", b"bTRC")}
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags)


def grey() -> bytes:
    """A profile of grey with gamma 1.4: lighter than sRGB's."""
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": _gamma(1.4)})


def cmyk() -> bytes:
    """A profile of ink whose table has two nodes an axis: ink is darker than arithmetic."""
    table = b"".join(
        _lab_of_ink(c, m, y, k) for c in (0, 1) for m in (0, 1) for y in (0, 1) for k in (0, 1)
    )
    ramp = bytes(range(256))
    identity = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    lut = b"mft1" + bytes(4) + bytes([4, 3, 2, 0])
    lut += struct.pack(">9i", *(v * 65536 for v in identity)) + ramp * 4 + table + ramp * 3
    return _profile(b"spac", b"CMYK", b"Lab ", {b"A2B0": lut, b"A2B1": lut})


def _lab_of_ink(cyan: int, magenta: int, yellow: int, key: int) -> bytes:
    lightness = 240 - 60 * cyan - 80 * magenta - 20 * yellow
    a = 128 - 40 * cyan + 60 * magenta
    b = 128 - 40 * cyan + 70 * yellow
    if key:
        lightness, a, b = max(lightness - 200, 20), 128, 128
    return bytes([max(lightness, 20), a, b])


def _xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(v * 65536) for v in (x, y, z)))


def _gamma(value: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(value * 256)) + bytes(2)


def _profile(device: bytes, space: bytes, pcs: bytes, tags: dict[bytes, bytes]) -> bytes:
    text = b"desc" + bytes(4) + struct.pack(">I", 8) + b"testing\0" + bytes(78)
    tags = {b"desc": text, b"wtpt": _xyz(*_D50), **tags}
    offset = 128 + 4 + 12 * len(tags)
    index, body = struct.pack(">I", len(tags)), b""
    for tag, data in tags.items():
        padded = data + bytes(-len(data) % 4)
        index += tag + struct.pack(">II", offset + len(body), len(data))
        body += padded
    header = struct.pack(">I4sI4s4s4s", offset + len(body), b"lcms", 0x02400000, device, space, pcs)
    header += struct.pack(">6H", 2024, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += struct.pack(">3i", *(round(v * 65536) for v in _D50))
    return header.ljust(128, b"\0") + index + body
