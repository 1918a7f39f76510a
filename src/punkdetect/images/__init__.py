"""Bytes of a picture file in, its pixels out; and pixels back into PNG bytes.

The only room with Pillow. Owns decoding, palettes, transparency, colour profiles and rotation; limits and
checksums are looked at first, in `formats` and `png`. Knows nothing of files, of grids or of portraits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from punkdetect.errors import TooLargeError
from punkdetect.formats import PORTRAIT_LIMITS, SHEET_LIMITS, Limits, find_format, is_png
from punkdetect.images._decoded import CONVERTED, TURNED, Picture
from punkdetect.images._encode import draw_text, encode_png
from punkdetect.images._png import read_png_picture, read_small_pngs

__all__ = [
    "CONVERTED",
    "PORTRAIT_LIMITS",
    "SHEET_LIMITS",
    "TURNED",
    "Limits",
    "Picture",
    "draw_text",
    "encode_png",
    "read_picture",
    "read_small_pictures",
]


def read_picture(data: bytes, *, limits: Limits = PORTRAIT_LIMITS) -> Picture:
    """Decode a PNG, GIF, WebP, BMP or JPEG.

    Parameters
    ----------
    data : bytes
        The whole file. The format is told from the bytes.
    limits : Limits, default PORTRAIT_LIMITS
        Largest size; held against the header, before memory for pixels is taken.

    Returns
    -------
    Picture

    Raises
    ------
    NotAnImageError, UnsupportedFormatError, UnsupportedError, CorruptError, TooLargeError
        Nothing but PictureErrors, whatever the bytes are.
    """
    kind = find_format(data)
    try:
        if kind == "PNG":
            return read_png_picture(data, limits)
        from punkdetect.images import _others

        reader: Callable[[bytes, Limits], Picture] = getattr(_others, f"read_{kind.lower()}")
        return reader(data, limits)
    except MemoryError as error:
        raise TooLargeError("not enough memory for its pixels") from error


def read_small_pictures(files: Sequence[bytes], *, limits: Limits = PORTRAIT_LIMITS) -> list[Picture | None]:
    """Decode many small files at once: a third of the time of one by one.

    Parameters
    ----------
    files : sequence of bytes
    limits : Limits, default PORTRAIT_LIMITS

    Returns
    -------
    list of Picture or None
        None where `read_picture` is to be asked: a file that is not small, not plain, or not sound.
    """
    pngs = [i for i, data in enumerate(files) if is_png(data)]
    pictures: list[Picture | None] = [None] * len(files)
    for i, picture in zip(pngs, read_small_pngs([files[i] for i in pngs], limits), strict=True):
        pictures[i] = picture
    return pictures
