"""Pictures that are broken on purpose, each with what must be said about it; all made in code.

Used by the tests, the fuzzer and whoever wants to try the whole command on them.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MIB = 1 << 20


def portrait(seed: int = 0, side: int = 24, channels: int = 4) -> np.ndarray:
    """Return something with a few flat colours in it, uint8 (side, side, channels)."""
    rng = np.random.default_rng(seed)
    colors = rng.integers(0, 256, (9, channels), dtype=np.uint8)
    return colors[rng.integers(0, 9, (side, side))]


def chunk(kind: bytes, content: bytes = b"", *, length: int | None = None, crc: int | None = None) -> bytes:
    """Return one PNG chunk, with a length or a checksum that may be a lie."""
    right = zlib.crc32(kind + content)
    announced = len(content) if length is None else length
    return struct.pack(">I", announced) + kind + content + struct.pack(">I", right if crc is None else crc)


def header(
    width: int = 24,
    height: int = 24,
    depth: int = 8,
    color: int = 6,
    packing: int = 0,
    filtering: int = 0,
    interlace: int = 0,
) -> bytes:
    """Return the content of an IHDR."""
    return struct.pack(">IIBBBBB", width, height, depth, color, packing, filtering, interlace)


def scanlines(samples: np.ndarray, filter_byte: int = 0) -> bytes:
    """Return rows of samples (H, W, channels) or packed bytes (H, B), each behind its filter byte."""
    rows = np.ascontiguousarray(samples).reshape(len(samples), -1).view(np.uint8)
    return b"".join(bytes([filter_byte]) + row.tobytes() for row in rows)


def png(
    ihdr: bytes | None = None,
    raw: bytes | None = None,
    *,
    before: bytes = b"",
    idat: bytes | None = None,
    after: bytes = b"",
    end: bytes = chunk(b"IEND"),
) -> bytes:
    """Return a PNG put together from parts, any of which may be wrong."""
    if idat is None:
        idat = chunk(b"IDAT", zlib.compress(scanlines(portrait()) if raw is None else raw))
    return SIGNATURE + chunk(b"IHDR", header() if ihdr is None else ihdr) + before + idat + after + end


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return what Pillow saves."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def rgb_image(seed: int = 0) -> Image.Image:
    return Image.fromarray(portrait(seed, channels=3))


def zlib_checksum_wrong(raw: bytes) -> bytes:
    """Return image data that unpacks to `raw` and says in its last four bytes that it does not."""
    stream = zlib.compress(raw)
    return chunk(b"IDAT", broken_byte(stream, len(stream) - 1))


def indexed(
    used: int = 4,
    palette: bytes | None = None,
    *,
    transparency: bytes | None = None,
    more: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """Return an 8-bit palette PNG that uses the first `used` colours of a palette."""
    indices = np.arange(24 * 24, dtype=np.uint8).reshape(24, 24, 1) % used
    before = chunk(b"PLTE", bytes(range(3 * used)) if palette is None else palette)
    if transparency is not None:
        before += chunk(b"tRNS", transparency)
    return png(header(color=3), scanlines(indices), before=before + more, after=after)


def compressed_text(kind: bytes, size: int) -> bytes:
    """Return a zTXt, iTXt or iCCP chunk that unpacks to `size` bytes."""
    packed = zlib.compress(bytes(size), 9)
    lead = {b"zTXt": b"Comment\0\0", b"iCCP": b"profile\0\0", b"iTXt": b"Comment\0\1\0\0\0"}[kind]
    return chunk(kind, lead + packed)


def black_png(side: int) -> bytes:
    """Return a sound PNG of side x side black pixels, a few kB long."""
    packer = zlib.compressobj(9)
    row = bytes(1 + side)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return png(header(side, side, color=0), idat=chunk(b"IDAT", packed))


def animated(kind: str, frames: int = 2) -> bytes:
    """Return a sound picture that moves."""
    images = [rgb_image(seed) for seed in range(frames)]
    return saved(images[0], kind, save_all=True, append_images=images[1:], duration=100, loop=0)


def broken_byte(data: bytes, position: int) -> bytes:
    """Return the file with one byte changed."""
    return data[:position] + bytes([data[position] ^ 0x55]) + data[position + 1 :]


def patched(data: bytes, position: int, new: bytes) -> bytes:
    """Return the file with some bytes replaced."""
    return data[:position] + new + data[position + len(new) :]


def patched_jpeg(offset: int, new: bytes) -> bytes:
    """Return a JPEG with bytes of its frame header replaced: 4 depth, 5 height, 7 width."""
    data = saved(rgb_image(), "JPEG")
    return patched(data, data.index(b"\xff\xc0") + offset, new)


def jpeg_with_comments(count: int) -> bytes:
    """Return a JPEG with `count` MiB of comments in it."""
    data = saved(rgb_image(), "JPEG")
    comment = b"\xff\xfe" + struct.pack(">H", 1 << 15) + bytes((1 << 15) - 2)
    return data[:2] + comment * 32 * count + data[2:]


def patched_bmp(position: int, new: bytes, mode: str = "RGB") -> bytes:
    """Return a BMP with bytes of its header replaced: 18 width, 30 compression, 46 number of colours."""
    return patched(saved(rgb_image().convert(mode), "BMP"), position, new)


def gif(codes: bytes = b"", *, flags: int = 0x81, box: tuple[int, int, int, int] = (0, 0, 24, 24)) -> bytes:
    """Return a GIF of 24x24 pixels and 4 colours, with a frame at (left, top, width, height)."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 24, 24, flags, 0, 0)
    palette = bytes(range((3 << (flags & 7) + 1) if flags & 0x80 else 0))
    blocks = b"".join(
        bytes([len(codes[i : i + 255])]) + codes[i : i + 255] for i in range(0, len(codes), 255)
    )
    return screen + palette + b"," + struct.pack("<HHHHB", *box, 0) + b"\2" + blocks + b"\0;"


def plain_codes(indices: np.ndarray) -> bytes:
    """Return GIF codes for indices 0-3 that clear the table before every pixel: nothing is compressed."""
    codes = []
    for index in indices.ravel().tolist():
        codes += [4, index]  # code 4 clears the table; all codes stay 3 bits wide
    codes.append(5)
    packed = sum(code << 3 * at for at, code in enumerate(codes))
    return packed.to_bytes((3 * len(codes) + 7) // 8, "little")


@dataclass(frozen=True)
class BadPicture:
    """One broken file.

    Parameters
    ----------
    name : str
        What is wrong with it, fit to be a file name.
    make : callable
        Returns its bytes.
    code, reason : str
        The record's code, and how its message begins.
    """

    name: str
    make: Callable[[], bytes]
    code: str
    reason: str = ""


GOOD = png()
IDAT_AT = 33  # where the first chunk behind IHDR begins


GOOD = png()
IDAT_AT = 33  # where the chunk behind IHDR begins

BAD_PICTURES: tuple[BadPicture, ...] = (
    BadPicture("empty", lambda: b"", "not-an-image", "empty file"),
    BadPicture("signature-only", lambda: SIGNATURE, "corrupt", "ends after signature"),
    BadPicture("half-signature", lambda: SIGNATURE[:5], "corrupt", "truncated"),
    BadPicture("text", lambda: b"just some words\n" * 9, "not-an-image"),
    BadPicture("text-that-begins-with-BM", lambda: b"BMW builds cars, not bitmaps.\n", "not-an-image"),
    BadPicture("html", lambda: b"<!DOCTYPE html>\n<html><svg></svg></html>", "not-an-image"),
    BadPicture("zip", lambda: b"PK\3\4" + bytes(30), "not-an-image"),
    BadPicture("noise", lambda: np.random.default_rng(5).bytes(600), "not-an-image"),
    BadPicture("tiff", lambda: saved(rgb_image(), "TIFF"), "unsupported-format", "TIFF"),
    BadPicture("ico", lambda: saved(rgb_image(), "ICO", sizes=[(24, 24)]), "unsupported-format", "ICO"),
    BadPicture("psd", lambda: b"8BPS\0\1" + bytes(40), "unsupported-format", "PSD"),
    BadPicture("eps", lambda: saved(rgb_image(), "EPS"), "unsupported-format", "EPS"),
    BadPicture("pnm", lambda: saved(rgb_image(), "PPM"), "unsupported-format", "PNM"),
    BadPicture("tga", lambda: saved(rgb_image(), "TGA"), "unsupported-format", "CUR or TGA"),
    BadPicture(
        "jpeg-2000", lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40), "unsupported-format", "JPEG 2000"
    ),
    BadPicture("avif", lambda: b"\0\0\0\x1cftypavif" + bytes(40), "unsupported-format", "AVIF"),
    BadPicture(
        "svg", lambda: b'<?xml version="1.0"?>\n<!-- a > b -->\n<svg xmlns="x"/>', "unsupported-format", "SVG"
    ),
    BadPicture("cut-in-ihdr", lambda: GOOD[:20], "corrupt", "truncated"),
    BadPicture("cut-in-idat", lambda: GOOD[:200], "corrupt", "truncated"),
    BadPicture("cut-in-iend", lambda: GOOD[:-3], "corrupt", "truncated"),
    BadPicture("no-idat", lambda: png(idat=b""), "corrupt", "no image data"),
    BadPicture("no-idat-no-iend", lambda: png(idat=b"", end=b""), "corrupt", "no image data"),
    BadPicture("no-iend", lambda: png(end=b""), "corrupt", "no IEND"),
    BadPicture("ihdr-checksum", lambda: broken_byte(GOOD, 30), "corrupt", "checksum IHDR"),
    BadPicture("idat-checksum", lambda: broken_byte(GOOD, 100), "corrupt", "checksum IDAT"),
    BadPicture("rows-missing", lambda: png(raw=scanlines(portrait())[:-97]), "corrupt", "short"),
    BadPicture("part-of-a-row-missing", lambda: png(raw=scanlines(portrait())[:-1]), "corrupt", "short"),
    BadPicture(
        "interlaced-rows-missing",
        lambda: png(header(interlace=1), scanlines(portrait())[:-97]),
        "corrupt",
        "short",
    ),
    BadPicture("no-pixels-in-idat", lambda: png(raw=b""), "corrupt", "short"),
    BadPicture("garbage-zlib", lambda: png(idat=chunk(b"IDAT", b"\x12garbage" * 30)), "corrupt", "zlib"),
    BadPicture(
        "zlib-checksum", lambda: png(idat=zlib_checksum_wrong(scanlines(portrait()))), "corrupt", "zlib"
    ),
    BadPicture(
        "zlib-checksum-of-black", lambda: png(idat=zlib_checksum_wrong(bytes(24 * 97))), "corrupt", "zlib"
    ),
    BadPicture("empty-idat", lambda: png(idat=chunk(b"IDAT")), "corrupt", "short"),
    BadPicture("filter-9", lambda: png(raw=scanlines(portrait(), 9)), "corrupt", "filter"),
    BadPicture("width-0", lambda: png(header(width=0)), "corrupt", "IHDR"),
    BadPicture("height-0", lambda: png(header(height=0)), "corrupt", "IHDR"),
    BadPicture("width-0xffffffff", lambda: png(header(width=0xFFFFFFFF)), "too-large", "4294967295x24"),
    BadPicture("30000-a-side", lambda: png(header(30000, 30000)), "too-large", "30000x30000"),
    BadPicture("10000-a-side", lambda: png(header(10000, 10000)), "too-large", "10000x10000"),
    BadPicture("4097-wide", lambda: png(header(4097, 24)), "too-large", "4097x24"),
    BadPicture("black-8000-a-side", lambda: black_png(8000), "too-large", "8000x8000"),
    BadPicture(
        "gif-65535-a-side", lambda: saved(rgb_image(), "GIF")[:6] + b"\xff" * 200, "too-large", "65535x65535"
    ),
    BadPicture("bmp-30000-wide", lambda: patched_bmp(18, struct.pack("<I", 30000)), "too-large", "30000x24"),
    BadPicture("jpeg-30000-wide", lambda: patched_jpeg(7, struct.pack(">H", 30000)), "too-large", "30000x24"),
    BadPicture(
        "webp-16383-wide",
        lambda: patched(
            saved(rgb_image(), "WebP", lossless=True), 21, struct.pack("<I", 16383 - 1 | 23 << 14)
        ),
        "too-large",
        "16383x24",
    ),
    BadPicture("depth-3", lambda: png(header(depth=3)), "corrupt", "IHDR"),
    BadPicture("color-type-7", lambda: png(header(color=7)), "corrupt", "IHDR"),
    BadPicture("interlace-2", lambda: png(header(interlace=2)), "corrupt", "IHDR"),
    BadPicture("compression-1", lambda: png(header(packing=1)), "corrupt", "IHDR"),
    BadPicture("filter-method-1", lambda: png(header(filtering=1)), "corrupt", "IHDR"),
    BadPicture(
        "palette-missing", lambda: png(header(color=3), scanlines(portrait(channels=1))), "corrupt", "palette"
    ),
    BadPicture("palette-too-short", lambda: indexed(9, bytes(15)), "corrupt", "a pixel's colour"),
    BadPicture("palette-length-4", lambda: indexed(1, bytes(4)), "corrupt", "palette length 4"),
    BadPicture("palette-of-no-colors", lambda: indexed(1, b""), "corrupt", "palette length 0"),
    BadPicture("palette-late", lambda: indexed(after=chunk(b"PLTE", bytes(12))), "corrupt", "PLTE"),
    BadPicture("no-transparency", lambda: indexed(4, transparency=b""), "corrupt", "transparency length 0"),
    BadPicture(
        "two-trns",
        lambda: indexed(4, transparency=b"\1", more=chunk(b"tRNS", b"\2")),
        "corrupt",
        "two tRNS",
    ),
    BadPicture("long-transparency", lambda: indexed(4, transparency=bytes(5)), "corrupt", "transparency"),
    BadPicture(
        "ztxt-of-50-mib", lambda: png(before=compressed_text(b"zTXt", 50 * MIB)), "too-large", "metadata"
    ),
    BadPicture(
        "itxt-of-50-mib", lambda: png(before=compressed_text(b"iTXt", 50 * MIB)), "too-large", "metadata"
    ),
    BadPicture(
        "iccp-of-50-mib", lambda: png(before=compressed_text(b"iCCP", 50 * MIB)), "too-large", "metadata"
    ),
    BadPicture(
        "late-ztxt-of-50-mib", lambda: png(after=compressed_text(b"zTXt", 50 * MIB)), "too-large", "metadata"
    ),
    BadPicture(
        "80-texts-of-1-mib",
        lambda: png(before=chunk(b"tEXt", b"Comment\0" + bytes(MIB)) * 80),
        "too-large",
        "metadata",
    ),
    BadPicture("200000-chunks", lambda: png(before=chunk(b"teSt") * 200_000), "too-large", "metadata"),
    BadPicture(
        "chunk-of-2-gib", lambda: png(before=chunk(b"tEXt", length=0x7FFFFFFF)), "corrupt", "truncated"
    ),
    BadPicture("idat-of-4-gib", lambda: png(idat=chunk(b"IDAT", length=0xFFFFFFFF)), "corrupt", "truncated"),
    BadPicture("chunk-name", lambda: png(before=chunk(b"\0\1\2\3")), "corrupt", "damaged chunk name"),
    BadPicture(
        "unknown-critical-chunk", lambda: png(before=chunk(b"ABCD")), "corrupt", "unknown critical chunk ABCD"
    ),
    BadPicture("two-ihdr", lambda: png(before=chunk(b"IHDR", header())), "corrupt", "two IHDR"),
    BadPicture("no-ihdr", lambda: SIGNATURE + GOOD[IDAT_AT:], "corrupt", "IHDR"),
    BadPicture(
        "idat-apart", lambda: png(after=chunk(b"teSt") + chunk(b"IDAT", b"x")), "corrupt", "IDAT chunks"
    ),
    BadPicture("animated-png", lambda: animated("PNG"), "unsupported", "animated"),
    BadPicture("animated-gif", lambda: animated("GIF"), "unsupported", "animated"),
    BadPicture("animated-webp", lambda: animated("WebP"), "unsupported", "animated"),
    BadPicture("bytes-before", lambda: b"\r\n\r\n" + GOOD, "corrupt", "4 bytes before"),
    BadPicture("newline-crlf-to-lf", lambda: GOOD.replace(b"\r\n", b"\n"), "corrupt", "newline-converted"),
    BadPicture("newline-lf-to-crlf", lambda: GOOD.replace(b"\n", b"\r\n"), "corrupt", "newline-converted"),
    BadPicture(
        "newline-mixed",
        lambda: GOOD.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
        "corrupt",
        "newline-converted",
    ),
    BadPicture("newline-lf-to-cr", lambda: GOOD.replace(b"\n", b"\r"), "corrupt", "newline-converted"),
    BadPicture("signature-7-bit", lambda: broken_byte(GOOD, 6), "corrupt", "damaged signature"),
    BadPicture("gif-cut-in-header", lambda: saved(rgb_image(), "GIF")[:9], "corrupt", "truncated"),
    BadPicture("gif-cut-in-pixels", lambda: saved(rgb_image(), "GIF")[:-90], "corrupt", "truncated"),
    BadPicture("gif-rows-missing", lambda: gif(plain_codes(np.zeros(99, int))), "corrupt"),
    BadPicture(
        "gif-color-beyond-palette",
        lambda: gif(plain_codes(np.full(576, 3)), flags=0x80),
        "corrupt",
        "a pixel's colour",
    ),
    BadPicture("gif-frame-outside", lambda: gif(b"x", box=(1, 0, 24, 24)), "corrupt", "its frame"),
    BadPicture(
        "gif-no-palette", lambda: gif(plain_codes(np.zeros(576, int)), flags=1), "corrupt", "palette missing"
    ),
    BadPicture("gif-no-frame", lambda: gif()[:25] + b";", "corrupt", "no image data"),
    BadPicture("bmp-cut", lambda: saved(rgb_image(), "BMP")[:-50], "corrupt", "truncated"),
    BadPicture("bmp-cut-in-header", lambda: saved(rgb_image(), "BMP")[:30], "corrupt", "truncated"),
    BadPicture("bmp-palette-too-short", lambda: patched_bmp(46, b"\3", "P"), "corrupt", "a pixel's colour"),
    BadPicture("bmp-run-length", lambda: patched_bmp(30, b"\1", "P"), "unsupported", "run-length"),
    BadPicture("webp-cut", lambda: saved(rgb_image(), "WebP")[:-50], "corrupt", "truncated"),
    BadPicture("webp-cut-at-its-end", lambda: saved(rgb_image(), "WebP")[:-2], "corrupt", "truncated"),
    BadPicture("webp-cut-in-header", lambda: saved(rgb_image(), "WebP")[:20], "corrupt", "truncated"),
    BadPicture("jpeg-cut-in-header", lambda: saved(rgb_image(), "JPEG")[:40], "corrupt"),
    BadPicture("jpeg-cut-in-pixels", lambda: saved(rgb_image(), "JPEG")[:-300], "corrupt", "truncated"),
    BadPicture("jpeg-cmyk", lambda: saved(rgb_image().convert("CMYK"), "JPEG"), "unsupported", "CMYK"),
    BadPicture("jpeg-12-bit", lambda: patched_jpeg(4, b"\x0c"), "unsupported", "12-bit"),
    BadPicture("jpeg-of-30-mib", lambda: jpeg_with_comments(30), "too-large", "metadata"),
)
