"""Small ICC colour profiles, made in code: three primaries and one curve, or grey.

Layout after ICC.1:2010. Primaries are those of the colour spaces, adapted to D50.
"""

from __future__ import annotations

import struct

Primaries = tuple[tuple[float, ...], ...]

SRGB_PRIMARIES = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
P3_PRIMARIES = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE_PRIMARIES = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
_D50 = (0.9642, 1.0, 0.8249)


def _numbers(values: tuple[float, ...]) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + _numbers(values)


def plain_gamma(gamma: float) -> bytes:
    """Return a curve that is a power."""
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))


def srgb_curves() -> list[bytes]:
    """Return the curve of sRGB as it is found in the wild: tables of several lengths, and a formula."""

    def light(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    tables = []
    for count in (26, 256, 1024, 4096):
        samples = (round(65535 * light(at / (count - 1))) for at in range(count))
        tables.append(b"curv" + bytes(4) + struct.pack(f">I{count}H", count, *samples))
    formula = _numbers((2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
    return [*tables, b"para" + bytes(4) + struct.pack(">HH", 3, 0) + formula]


def icc_profile(curve: bytes, primaries: Primaries | None = SRGB_PRIMARIES) -> bytes:
    """Return a profile; a grey one if it has no primaries."""
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 2) + b"x\0" + bytes(79),
        b"wtpt": _xyz(_D50),
        b"cprt": b"text" + bytes(4) + b"x\0",
    }
    if primaries is None:
        tags[b"kTRC"] = curve
    else:
        for letter, primary in zip((b"r", b"g", b"b"), primaries, strict=True):
            tags[letter + b"XYZ"] = _xyz(primary)
            tags[letter + b"TRC"] = curve
    table = body = b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += name + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    space = b"GRAY" if primaries is None else b"RGB "
    version = 0x04200000 if curve.startswith(b"para") else 0x02100000
    head = struct.pack(">I4sI4s4s4s", start + len(body), bytes(4), version, b"mntr", space, b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + _numbers(_D50)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body
