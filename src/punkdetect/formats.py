"""Picture files from the outside: which format the bytes are, how large they say they are.

Owns the few header bytes that must be looked at before anything is decoded (those of PNG are in `png`).
Decodes nothing. Knows bytes and errors; knows nothing of pixels, Pillow or the file system.
"""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

from punkdetect.errors import (
    CorruptError,
    NotAnImageError,
    PictureError,
    TooLargeError,
    UnsupportedError,
    UnsupportedFormatError,
)

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NEWLINES = rb"[\r\n]+\x1a[\r\n]+"  # what text mode makes of the signature's CR LF ^Z LF
_PREFIX_SEARCHED = 4096  # how far into a file a PNG that something was put in front of is looked for


class Limits(NamedTuple):
    """How large a picture may say it is.

    Parameters
    ----------
    side : int
        Most pixels along either side.
    pixels : int
        Most pixels altogether.
    kind : str
        What the limit is for, in the words of the message.
    """

    side: int
    pixels: int
    kind: str

    def check(self, width: int, height: int) -> None:
        """Raise TooLargeError if a picture of that size is over the limit."""
        if width > self.side or height > self.side:
            raise TooLargeError(f"{width}x{height} pixels; {self.kind} may have {self.side} a side")
        if width * height > self.pixels:
            most = self.pixels / 1_000_000
            raise TooLargeError(f"{width}x{height} pixels; {self.kind} may have {most:.0f} million")


PORTRAIT_LIMITS = Limits(side=4096, pixels=4096 * 4096, kind="one portrait")
SHEET_LIMITS = Limits(side=64_000_000, pixels=64_000_000, kind="a sheet")

# What people do rename to .png. RIFF and ISO containers are told by their brand.
_UNREAD_FORMATS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"II+\0", "TIFF"),
    (0, b"MM\0+", "TIFF"),
    (0, b"\0\0\1\0", "ICO"),
    (0, b"\0\0\2\0", "CUR or TGA"),
    (0, b"icns", "ICNS"),
    (0, b"8BPS", "PSD"),
    (0, b"%!PS", "EPS"),
    (0, b"\xc5\xd0\xd3\xc6", "EPS"),
    (0, b"%PDF", "PDF"),
    (0, b"gimp xcf", "XCF"),
    (4, b"\xe0\xa5", "Aseprite"),
    (0, b"qoif", "QOI"),
    (0, b"farbfeld", "farbfeld"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\0\0\0\x0cJXL ", "JPEG XL"),
    (0, b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (4, b"ftypavi", "AVIF"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftyphev", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftypmsf1", "HEIC"),
    (0, b"\x8aMNG", "MNG"),
    (0, b"\x8bJNG", "JNG"),
    (0, b"DDS ", "DDS"),
    (0, b"\x76\x2f\x31\x01", "OpenEXR"),
    (0, b"#?RADIANCE", "Radiance HDR"),
    (0, b"\x01\xda", "SGI"),
    (0, b"\x0a\x05\x01", "PCX"),
    (0, b"/* XPM */", "XPM"),
    (0, b"FORM", "IFF"),
    (0, b"SIMPLE  =", "FITS"),
)

_OTHER_FILES: tuple[tuple[bytes, str], ...] = (
    (b"version https://git-lfs", "a Git LFS pointer; fetch the file itself with git lfs pull"),
    (b"\0\5\x16\7", "a macOS companion file"),
    (b"PK\3\4", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
)

_BMP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})  # lengths of every header version there is


def is_png(data: bytes) -> bool:
    """Tell whether bytes begin as a PNG does."""
    return data.startswith(_PNG_SIGNATURE)


def find_format(data: bytes) -> str:
    """Tell the format of a picture from its first bytes.

    Parameters
    ----------
    data : bytes
        The whole file; its name plays no part.

    Returns
    -------
    str
        `PNG`, `GIF`, `WebP`, `BMP` or `JPEG`.

    Raises
    ------
    NotAnImageError, UnsupportedFormatError, CorruptError
        It is none of those: no picture, another kind of picture, or a PNG whose first bytes were damaged.
    """
    if is_png(data):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WebP"
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    raise _unread(data)


def _unread(data: bytes) -> PictureError:
    """Say why bytes that begin like none of the five formats are not read."""
    if not data:
        return NotAnImageError("empty file")
    if data.startswith(b"\x89PNG"):
        if re.fullmatch(_NEWLINES, data[4:12].partition(b"\0")[0]):
            return CorruptError("newline-converted: it was copied as text; copy it again in binary mode")
        if _PNG_SIGNATURE.startswith(data):
            return CorruptError("truncated (ends inside the signature)")
        return CorruptError("damaged signature")
    for offset, magic, name in _UNREAD_FORMATS:
        if data.startswith(magic, offset):
            return UnsupportedFormatError(f"{name}; save it as PNG")
    if data[:1] == b"P" and data[1:2] in b"1234567" and data[2:3].isspace():
        return UnsupportedFormatError("PNM; save it as PNG")
    if data.endswith(b"TRUEVISION-XFILE.\0"):
        return UnsupportedFormatError("TGA; save it as PNG")
    element = _first_element(data)
    if element == b"svg":
        return UnsupportedFormatError("SVG; save it as PNG")
    at = data.find(_PNG_SIGNATURE, 0, _PREFIX_SEARCHED)
    if at > 0:
        return CorruptError(f"{at} bytes before the PNG signature")
    if element:
        return NotAnImageError("an HTML or XML page")
    for magic, name in _OTHER_FILES:
        if data.startswith(magic):
            return NotAnImageError(name)
    return NotAnImageError("begins like no picture format")


def _first_element(data: bytes) -> bytes:
    """Return the lower-case name of the first element of an XML or HTML text; empty if it is neither."""
    text = data[:_PREFIX_SEARCHED].removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"")
    while True:
        text = text.lstrip()
        if text.startswith(b"<!--"):
            text = text.partition(b"-->")[2]
        elif text.startswith(b"<?"):
            text = text.partition(b"?>")[2]
        elif text[:9].lower() == b"<!doctype":
            text = text.partition(b">")[2]
        else:
            break
    if not text.startswith(b"<") or not text[1:2].isalpha():
        return b""
    name = text[1:64].replace(b">", b" ").replace(b"/", b" ").split()[0]
    return name.lower().rpartition(b":")[2]


class Gif(NamedTuple):
    """What a GIF says of its one picture.

    Parameters
    ----------
    width, height : int
        Size of its screen.
    box : tuple of int
        Top, left, bottom, right of the picture on that screen, in pixels.
    palette : bytes
        Three bytes a colour.
    transparent : int
        The colour that is see-through; -1 if none.
    pixels : bytes
        A GIF of nothing but the header and that picture.
    """

    width: int
    height: int
    box: tuple[int, int, int, int]
    palette: bytes
    transparent: int
    pixels: bytes


def read_gif(data: bytes, limits: Limits) -> Gif:
    """Walk over the blocks of a GIF.

    Parameters
    ----------
    data : bytes
        Begins with `GIF87a` or `GIF89a`.
    limits : Limits

    Returns
    -------
    Gif

    Raises
    ------
    CorruptError, TooLargeError, UnsupportedError
        UnsupportedError if it has two frames or more.
    """
    if len(data) < 13:
        raise CorruptError("truncated (ends inside the header)")
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    if not width or not height:
        raise CorruptError(f"header ({width}x{height})")
    limits.check(width, height)
    header_end = position = 13 + _palette_bytes(flags)
    palette = data[13:header_end]
    transparent, found = -1, None
    while position < len(data):
        marker = data[position]
        if marker == 0x21 and not found:  # an extension; 0xF9 says which colour is see-through
            if data[position + 1 : position + 3] == b"\xf9\x04" and len(data) > position + 6:
                transparent = data[position + 6] if data[position + 3] & 1 else -1
            position = _skip_blocks(data, position + 2)
        elif marker == 0x21:
            position = _skip_blocks(data, position + 2)
        elif marker == 0x2C:
            if found:
                raise UnsupportedError("animated; save one frame of it")
            if len(data) < position + 11:
                break
            left, top, cols, rows, flags = struct.unpack_from("<HHHHB", data, position + 1)
            if not cols or not rows or left + cols > width or top + rows > height:
                raise CorruptError("its frame lies outside of the picture")
            table = position + 10 + _palette_bytes(flags)
            palette = data[position + 10 : table] if flags & 0x80 else palette
            found = (position, _skip_blocks(data, table + 1), (top, left, top + rows, left + cols))
            position = found[1]
        elif marker == 0x3B or found:
            break
        else:
            raise CorruptError("damaged block")
    if not found:
        raise CorruptError("no image data")
    if not palette:
        raise CorruptError("palette missing")
    start, end, box = found
    return Gif(width, height, box, palette, transparent, data[:header_end] + data[start:end] + b";")


def _palette_bytes(flags: int) -> int:
    """Return the length of the palette that a GIF's flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _skip_blocks(data: bytes, position: int) -> int:
    """Return where a GIF's run of blocks that begins at `position` ends."""
    size = len(data)
    while position < size and data[position]:
        position += data[position] + 1
    if position >= size:
        raise CorruptError("truncated")
    return position + 1


def webp_size(data: bytes) -> tuple[int, int]:
    """Return width and height of a WebP, from its first chunk.

    Raises
    ------
    CorruptError
        If the file is shorter than it says, or begins with no chunk that a WebP can begin with.
    """
    if len(data) < 30 or len(data) < int.from_bytes(data[4:8], "little") + 8:
        raise CorruptError("truncated")
    kind = data[12:16]
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    raise CorruptError("damaged header")


def bmp_colors(data: bytes) -> int:
    """Return how many colours the palette of a BMP has; 0 if it has none.

    Raises
    ------
    CorruptError, UnsupportedError
        UnsupportedError for run-length coding, where skipped pixels have no colour.
    """
    header = int.from_bytes(data[14:18], "little")
    if len(data) < 14 + header:
        raise CorruptError("truncated (ends inside the header)")
    bits = int.from_bytes(data[24:26] if header == 12 else data[28:30], "little")
    listed = 0
    if header > 12:
        if int.from_bytes(data[30:34], "little") in (1, 2):
            raise UnsupportedError("run-length BMP; save it as PNG")
        listed = int.from_bytes(data[46:50], "little")
    return min(listed or 1 << bits, 1 << bits) if bits <= 8 else 0
