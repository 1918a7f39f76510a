"""Damages picture files at random and reads them; nothing but a PictureError may come out.

`read_anything` is the target; `mutated` makes the files from a small corpus of sound and broken pictures that
is made in code. The tests run it briefly with fixed seeds, `scripts/fuzz` for as long as one likes.
"""

from __future__ import annotations

import argparse
import random
import resource
import struct
import sys
import time
import warnings
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from bad_pictures import (
    BAD_PICTURES,
    SIGNATURE,
    animated,
    chunk,
    compressed_text,
    gif,
    header,
    indexed,
    plain_codes,
    png,
    portrait,
    rgb_image,
    saved,
    scanlines,
)
from icc_profiles import P3_PRIMARIES, icc_profile, plain_gamma
from punkdetect.errors import PictureError
from punkdetect.images import PORTRAIT_LIMITS, SHEET_LIMITS, Limits, read_picture

LONGEST_SEED = 20_000
"""Broken pictures longer than this are left out of the corpus: their point is their size."""

ODD_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


class Corpus(NamedTuple):
    """The files that damaged ones are made from."""

    sound: list[bytes]
    broken: list[bytes]


def read_anything(data: bytes, limits: Limits = PORTRAIT_LIMITS) -> str:
    """Read bytes that may be anything; return the format, or the code of the refusal.

    Raises
    ------
    AssertionError
        If what came out is not what `read_picture` promises. Any other error is a fault of `read_picture`.
    """
    try:
        picture = read_picture(data, limits=limits)
    except PictureError as error:
        if not error.message.isprintable():
            raise AssertionError(f"message {error.message!r}") from error
        return error.code
    height, width, channels = picture.rgba.shape
    assert picture.rgba.dtype == np.uint8
    assert channels == 4
    assert height > 0
    assert width > 0
    assert picture.rgba.flags.c_contiguous
    assert not picture.rgba.flags.writeable
    limits.check(width, height)
    return picture.format


def corpus() -> Corpus:
    """Return the files that everything is made from."""
    exif = Image.Exif()
    exif[0x0112] = 6
    profile = icc_profile(plain_gamma(2.2), P3_PRIMARIES)
    extras = {"exif": exif.tobytes(), "icc_profile": profile}
    image, grey = rgb_image(1), rgb_image(2).convert("L")
    codes = plain_codes(np.arange(576) % 4)
    sound = [
        png(),
        png(header(depth=16, color=0), scanlines(np.arange(576, dtype=">u2").reshape(24, 24, 1) * 99)),
        png(header(color=2), scanlines(portrait(1, channels=3)), before=chunk(b"tRNS", bytes(6))),
        png(before=compressed_text(b"zTXt", 999) + compressed_text(b"iTXt", 999)),
        indexed(7, transparency=b"\0\x80"),
        saved(image, "PNG", interlace=1, **extras),
        saved(grey.convert("1"), "PNG"),
        saved(image, "JPEG", **extras),
        saved(grey, "JPEG", progressive=True),
        saved(image, "WebP", **extras),
        saved(Image.fromarray(portrait(5)), "WebP", lossless=True),
        saved(image, "GIF"),
        gif(codes),
        gif(codes, box=(3, 4, 11, 12)),
        saved(image, "BMP"),
        saved(image.quantize(9), "BMP"),
        saved(grey.convert("1"), "BMP"),
    ]
    broken = (bad.make() for bad in BAD_PICTURES)
    moving = [animated(kind) for kind in ("PNG", "GIF", "WebP")]
    return Corpus(sound, moving + [data for data in broken if len(data) <= LONGEST_SEED])


def mutated(seeds: Corpus, rng: random.Random) -> bytes:
    """Return one damaged file, most often a sound one before; PNGs are damaged by chunks too."""
    original = rng.choice(seeds.sound if rng.random() < 0.8 else seeds.broken)
    if original.startswith(SIGNATURE) and rng.random() < 0.5:
        return _with_damaged_chunks(original, seeds, rng)
    data = bytearray(original)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        rng.choice(_DAMAGES)(data, seeds, rng)
    return bytes(data)


def _with_damaged_chunks(data: bytes, seeds: Corpus, rng: random.Random) -> bytes:
    """Return a PNG with chunks changed, dropped, repeated or moved, most often under right checksums."""
    chunks = [bytearray(part) for part in split_chunks(data)]
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(chunks))
        action = rng.randrange(6)
        if action == 0:
            del chunks[at]
        elif action == 1:
            chunks.insert(rng.randrange(len(chunks) + 1), bytearray(chunks[at]))
        elif action == 2:
            chunks.insert(rng.randrange(len(chunks) + 1), chunks.pop(at))
        else:
            rng.choice(_DAMAGES)(chunks[at], seeds, rng)
        if not chunks:
            break
    joined = SIGNATURE + b"".join(struct.pack(">I", max(len(c) - 4, 0)) + c + bytes(4) for c in chunks)
    return with_right_checksums(joined) if rng.random() < 0.9 else joined


def split_chunks(data: bytes) -> list[bytes]:
    """Return name and content of each chunk of a PNG, as far as it can be followed."""
    parts, position = [], 8
    while len(data) - position >= 12:
        (length,) = struct.unpack_from(">I", data, position)
        parts.append(data[position + 4 : position + 8 + length])
        position += length + 12
    return parts or [b"IEND"]


def with_right_checksums(data: bytes) -> bytes:
    """Return a PNG whose chunks have the checksums of what they hold now; anything else as it is."""
    if not data.startswith(SIGNATURE):
        return data
    parts = [SIGNATURE]
    position = 8
    while len(data) - position >= 12:
        (length,) = struct.unpack_from(">I", data, position)
        end = position + 8 + length
        if end + 4 > len(data):
            break
        parts += [data[position:end], struct.pack(">I", zlib.crc32(data[position + 4 : end]))]
        position = end + 4
    return b"".join(parts) + data[position:]


def _flip(data: bytearray, seeds: Corpus, rng: random.Random) -> None:
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _set(data: bytearray, seeds: Corpus, rng: random.Random) -> None:
    if data:
        data[rng.randrange(len(data))] = rng.randrange(256)


def _set_in_header(data: bytearray, seeds: Corpus, rng: random.Random) -> None:
    if data:
        data[rng.randrange(min(len(data), 64))] = rng.choice((0, 1, 2, 3, 4, 8, 16, 255, rng.randrange(256)))


def _odd_number(data: bytearray, seeds: Corpus, rng: random.Random) -> None:
    form = rng.choice(("<H", ">H", "<I", ">I"))
    size = struct.calcsize(form)
    if len(data) >= size:
        number = rng.choice(ODD_NUMBERS) & ((1 << 8 * size) - 1)
        struct.pack_into(form, data, rng.randrange(len(data) - size + 1), number)


def _cut(data: bytearray, seeds: Corpus, rng: random.Random) -> None:
    del data[rng.randrange(len(data) + 1) :]


def _remove(data: bytearray, seeds: Corpus, rng: random.Random) -> None:
    start = rng.randrange(len(data) + 1)
    del data[start : start + rng.choice((1, 4, 12, 100))]


def _repeat(data: bytearray, seeds: Corpus, rng: random.Random) -> None:
    start = rng.randrange(len(data) + 1)
    data[start:start] = data[start : start + rng.choice((1, 4, 12, 100, 1000))]


def _insert(data: bytearray, seeds: Corpus, rng: random.Random) -> None:
    start = rng.randrange(len(data) + 1)
    data[start:start] = rng.randbytes(rng.choice((1, 2, 4, 50)))


def _splice(data: bytearray, seeds: Corpus, rng: random.Random) -> None:
    other = rng.choice(seeds.sound)
    data[rng.randrange(len(data) + 1) :] = other[rng.randrange(len(other) + 1) :]


_DAMAGES = (_flip, _set, _set_in_header, _odd_number, _cut, _remove, _repeat, _insert, _splice)


def main() -> None:
    """Read damaged files until the time is up; keep the first one that shows a fault."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=main.__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long [60]")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="where to start [the time]")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failure"), help="where to write the file")
    parser.add_argument("files", nargs="*", type=Path, help="only read these, as they are")
    options = parser.parse_args()
    warnings.simplefilter("error")
    if options.files:
        for path in options.files:
            print(f"{path}: {read_anything(path.read_bytes())}")
        return
    seeds = corpus()
    end = time.monotonic() + options.seconds
    outcomes: dict[str, int] = {}
    count, slowest = 0, 0.0
    while time.monotonic() < end:
        data = mutated(seeds, random.Random(f"{options.seed}.{count}"))
        began = time.monotonic()
        try:
            outcome = read_anything(data, rng_limits(count))
        except BaseException:
            options.keep.write_bytes(data)
            print(f"fault after {count} files; kept as {options.keep}", file=sys.stderr)
            raise
        slowest = max(slowest, time.monotonic() - began)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        count += 1
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{count} files from seed {options.seed}, no fault; slowest {slowest:.2f} s; {memory} MiB at most")
    print(", ".join(f"{code} {n}" for code, n in sorted(outcomes.items())))


def rng_limits(count: int) -> Limits:
    """Return the limits of a portrait, and of a sheet for every tenth file."""
    return PORTRAIT_LIMITS if count % 10 else SHEET_LIMITS


if __name__ == "__main__":
    main()
