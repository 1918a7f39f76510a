"""The chunks of a PNG: sizes, checksums, order, and which of its bytes make pixels.

Pillow decodes, but it accepts broken checksums, a missing end and text of any size without a word; this
module looks first, and leaves for Pillow nothing but the header and the image data. Decodes nothing.
Knows bytes and errors.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from punkdetect.errors import CorruptError, TooLargeError, UnsupportedError
from punkdetect.formats import Limits
from punkdetect.plural import counted

METADATA_LIMIT = 8 << 20
"""Bytes of text, profiles and the like in one file, unpacked. The largest that editors and image models are
known to write, an editing history or a workflow, are about 2 MiB."""

CHUNK_LIMIT = 100_000
"""Chunks in one file: 64 million pixels in the customary pieces of 8 KiB are 32,000; more only cost time."""

_INFLATE_STEP = 1024  # deflate grows at most 1032 times, so one step never takes more than about 1 MiB


class Png(NamedTuple):
    """What a PNG says of itself.

    Parameters
    ----------
    width, height, depth, color : int
        As in its IHDR; `depth` is bits a sample, `color` the colour type.
    interlaced : bool
    palette, transparency, profile, exif : bytes
        Contents of PLTE, tRNS, iCCP (unpacked) and eXIf; empty where there is none, or where the colour
        type has no use for it.
    pixels : bytes
        A PNG of nothing but the header and the image data.
    notes : tuple of str
    """

    width: int
    height: int
    depth: int
    color: int
    interlaced: bool
    palette: bytes
    transparency: bytes
    profile: bytes
    exif: bytes
    pixels: bytes
    notes: tuple[str, ...]

    def image_data(self) -> bytes:
        """Return the contents of all IDAT chunks as one packed stream."""
        parts = []
        position = 33
        while True:
            length, kind = _CHUNK.unpack_from(self.pixels, position)
            if kind == b"IDAT":
                parts.append(self.pixels[position + 8 : position + 8 + length])
            elif parts:
                return parts[0] if len(parts) == 1 else b"".join(parts)
            position += length + 12


GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6  # PNG colour types
_DEPTHS = {GREY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GREY_ALPHA: (8, 16), RGBA: (8, 16)}
_CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
_CHUNK = struct.Struct(">I4s")
_WORD = struct.Struct(">I")
_IHDR = struct.Struct(">IIBBBBB")
_IEND = b"\0\0\0\0IEND\xaeB`\x82"


def read_png(data: bytes, limits: Limits) -> Png:
    """Walk over the chunks of a PNG: sizes, checksums, order.

    Parameters
    ----------
    data : bytes
        Begins with the PNG signature.
    limits : Limits
        Held against the header before anything else is looked at.

    Returns
    -------
    Png

    Raises
    ------
    CorruptError, TooLargeError, UnsupportedError
    """
    size = len(data)
    if size <= 8:
        raise CorruptError("ends after signature")
    if size < 33:
        raise CorruptError("truncated (ends inside IHDR)")
    length, kind = _CHUNK.unpack_from(data, 8)
    if kind != b"IHDR":
        raise CorruptError("IHDR is not the first chunk")
    width, height, depth, color, packing, filtering, interlace = _IHDR.unpack_from(data, 16)
    if length != 13 or not width or not height or depth not in _DEPTHS.get(color, ()):
        raise CorruptError(f"IHDR ({width}x{height}, {depth} bits, colour type {color})")
    if packing or filtering or interlace > 1:
        raise CorruptError(f"IHDR (compression {packing}, filter {filtering}, interlace {interlace})")
    limits.check(width, height)

    view = memoryview(data)
    others: dict[bytes, bytes] = {}
    notes: tuple[str, ...] = ()
    metadata = chunks = first = last = 0
    position = 8
    while True:
        if size - position < 8:
            raise _cut(size - position, bool(first))
        length, kind = _CHUNK.unpack_from(data, position)
        end = position + length + 12
        if not kind.isalpha():
            raise CorruptError("damaged chunk name")
        if end > size:
            raise CorruptError(f"truncated (ends inside {kind.decode()})")
        if kind not in _CRITICAL:
            metadata += length
            if metadata > METADATA_LIMIT:
                raise _too_much_metadata()
        if zlib.crc32(view[position + 4 : end - 4]) != _WORD.unpack_from(data, end - 4)[0]:
            raise CorruptError(f"checksum {kind.decode()}")
        if kind == b"IDAT":
            if first and last != position:
                raise CorruptError("IDAT chunks are not consecutive")
            first, last = first or position, end
        elif kind == b"IEND":
            break
        elif position > 8:
            content = data[position + 8 : end - 4]
            metadata += _check_chunk(kind, content, others, METADATA_LIMIT - metadata, bool(first))
        position = end
        chunks += 1
        if chunks > CHUNK_LIMIT:
            raise TooLargeError(f"metadata: more than {CHUNK_LIMIT} chunks")
    if not first:
        raise CorruptError("no image data")
    if end < size:
        notes = (f"{counted(size - end, 'byte')} after the end of the picture ignored",)
    return Png(
        width,
        height,
        depth,
        color,
        bool(interlace),
        _checked_palette(color, others),
        _checked_transparency(color, others),
        others.get(b"iCCP", b""),
        others.get(b"eXIf", b""),
        data if last - first + 45 == size else b"".join((view[:33], view[first:last], _IEND)),
        notes,
    )


_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})


def _cut(left: int, has_pixels: bool) -> CorruptError:
    """Say what is wrong with a PNG that ends before its IEND, `left` bytes into a chunk."""
    if left:
        return CorruptError("truncated (ends inside a chunk)")
    return CorruptError("no IEND (the file was cut)" if has_pixels else "no image data")


def _too_much_metadata() -> TooLargeError:
    return TooLargeError(f"metadata: more than {METADATA_LIMIT >> 20} MiB of text or profiles")


def _check_chunk(kind: bytes, content: bytes, others: dict[bytes, bytes], room: int, late: bool) -> int:
    """Keep one chunk that is neither image data nor the end, if it matters; return how much it unpacked to.

    Parameters
    ----------
    kind, content : bytes
    others : dict
        What was kept so far; this chunk is added to it.
    room : int
        Bytes that it may unpack to.
    late : bool
        Whether image data came before it.
    """
    if kind[0] < 97 and kind != b"PLTE":  # an upper-case first letter: not to be ignored
        raise CorruptError(
            "two IHDR chunks" if kind == b"IHDR" else f"unknown critical chunk {kind.decode()}"
        )
    if kind == b"PLTE":
        if late or kind in others or b"tRNS" in others:
            raise CorruptError("PLTE comes too late or twice")
        others[kind] = content
    elif kind == b"tRNS":
        if kind in others:
            raise CorruptError("two tRNS chunks")
        if not late:
            others[kind] = content
    elif kind == b"eXIf":
        others.setdefault(kind, content)
    elif kind == b"acTL" or (kind == b"fdAT" and b"acTL" in others):
        frames = int.from_bytes(content[:4], "big")
        if kind == b"fdAT" or frames > 1:
            raise UnsupportedError("animated; save one frame of it")
        others[kind] = content
    elif kind == b"iCCP":
        profile = b"".join(_inflate(content.partition(b"\0")[2][1:], room))
        if not late:
            others.setdefault(kind, profile)
        return len(profile)
    elif kind == b"zTXt":
        return sum(map(len, _inflate(content.partition(b"\0")[2][1:], room)))
    elif kind == b"iTXt":
        rest = content.partition(b"\0")[2]
        if rest[:1] == b"\1":
            return sum(map(len, _inflate(rest[2:].partition(b"\0")[2].partition(b"\0")[2], room)))
    return 0


def _inflate(packed: bytes, room: int) -> Iterator[bytes]:
    """Unpack metadata of at most `room` bytes, piece by piece; a damaged rest is left out."""
    unpacker = zlib.decompressobj()
    for start in range(0, len(packed), _INFLATE_STEP):
        try:
            part = unpacker.decompress(packed[start : start + _INFLATE_STEP])
        except zlib.error:
            return
        room -= len(part)
        if room < 0:
            raise _too_much_metadata()
        yield part


def _checked_palette(color: int, others: dict[bytes, bytes]) -> bytes:
    """Return the palette of a palette picture; the other colour types have no use for one."""
    if color != PALETTE:
        return b""
    palette = others.get(b"PLTE")
    if palette is None:
        raise CorruptError("palette missing")
    if not palette or len(palette) % 3 or len(palette) > 768:
        raise CorruptError(f"palette length {len(palette)}")
    return palette


def _checked_transparency(color: int, others: dict[bytes, bytes]) -> bytes:
    """Return the transparent colours, if the colour type has any and their number is right."""
    content = others.get(b"tRNS")
    if content is None or color in (GREY_ALPHA, RGBA):
        return b""
    right = {GREY: len(content) == 2, RGB: len(content) == 6}
    if not right.get(color, 0 < len(content) <= len(others.get(b"PLTE", b"")) // 3):
        raise CorruptError(f"transparency length {len(content)}")
    return content


def find_fault(png: Png) -> str:
    """Unpack the image data once more to see whether all rows are there; costs about a third of decoding.

    Parameters
    ----------
    png : Png
        Its chunks are sound.

    Returns
    -------
    str
        Why the image data cannot be right, beginning with `zlib` or `short`; empty if it can.
    """
    unpacker = zlib.decompressobj()
    view = memoryview(png.pixels)
    missing = packed_size(png)
    position = 33
    while missing > 0:
        length, kind = _CHUNK.unpack_from(view, position)
        if kind != b"IDAT":
            return "short (fewer rows than the header says)"
        for start in range(position + 8, position + 8 + length, _INFLATE_STEP):
            end = min(start + _INFLATE_STEP, position + 8 + length)
            try:
                missing -= len(unpacker.decompress(view[start:end]))
            except zlib.error:
                return "zlib (the image data cannot be unpacked)"
        position += length + 12
    return ""


def packed_size(png: Png) -> int:
    """Return how many bytes the unpacked image data must have: every row, and one filter byte before each."""
    passes: tuple[tuple[int, int, int, int], ...] = ((0, 0, 1, 1),)
    if png.interlaced:  # Adam7: first row, first column, row step, column step
        passes = (
            (0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1),
        )  # fmt: skip
    bits = png.depth * _CHANNELS[png.color]
    total = 0
    for row, col, row_step, col_step in passes:
        rows = len(range(row, png.height, row_step))
        cols = len(range(col, png.width, col_step))
        total += rows * (1 + (cols * bits + 7) // 8) if cols else 0
    return total
