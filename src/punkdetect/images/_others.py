"""GIF, WebP, BMP and JPEG: what is not PNG, loaded only when one is met."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from punkdetect.errors import CorruptError, TooLargeError, UnsupportedError
from punkdetect.formats import Limits, bmp_colors, webp_size
from punkdetect.formats import read_gif as read_gif_header
from punkdetect.images._decoded import (
    OPENING,
    Picture,
    beyond_palette,
    finish,
    look_up,
    palette,
    rgba_of,
    samples_of,
)
from punkdetect.png import METADATA_LIMIT

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

SCAN_LIMIT = 100
"""Scans in one progressive JPEG; encoders write about 10, and each one costs the time of a whole picture."""


def read_gif(data: bytes, limits: Limits) -> Picture:
    from PIL.GifImagePlugin import GifImageFile

    gif = read_gif_header(data, limits)
    image = _open(GifImageFile, gif.pixels)
    top, left, bottom, right = gif.box
    indices = samples_of(_loaded(image), 1)[top:bottom, left:right, 0]
    table = palette(gif.palette)
    if 0 <= gif.transparent < len(table):
        table[gif.transparent, 3] = 0
    rgba = np.zeros((gif.height, gif.width, 4), np.uint8)  # what its frame does not cover is see-through
    rgba[top:bottom, left:right] = look_up(indices, table)
    return finish(rgba, "GIF")


def read_webp(data: bytes, limits: Limits) -> Picture:
    from PIL.WebPImagePlugin import WebPImageFile

    width, height = webp_size(data)
    limits.check(width, height)
    _check_metadata(data, width, height)
    image = _open(WebPImageFile, data)
    if getattr(image, "n_frames", 1) > 1:
        raise UnsupportedError("animated; save one frame of it")
    rgba = rgba_of(_loaded(image))
    return finish(rgba, "WebP", image.info.get("icc_profile"), image.info.get("exif"))


def read_bmp(data: bytes, limits: Limits) -> Picture:
    from PIL.BmpImagePlugin import BmpImageFile

    colors = bmp_colors(data)
    image = _open(BmpImageFile, data)
    limits.check(*image.size)
    _check_metadata(data, *image.size)
    _loaded(image)
    if image.mode in ("P", "L") and int(samples_of(image, 1).max()) >= colors:
        raise beyond_palette()
    return finish(rgba_of(image), "BMP")


def read_jpeg(data: bytes, limits: Limits) -> Picture:
    from PIL.JpegImagePlugin import JpegImageFile

    image = _open(JpegImageFile, data)
    limits.check(*image.size)
    _check_metadata(data, *image.size)
    if data.count(b"\xff\xda") > SCAN_LIMIT:
        raise UnsupportedError(f"more than {SCAN_LIMIT} scans; save it as PNG")
    if image.mode == "CMYK":
        raise UnsupportedError("CMYK, the colours of a press; save it as RGB")
    grey = image.mode == "L"
    rgba = rgba_of(_loaded(image))
    return finish(rgba, "JPEG", image.info.get("icc_profile"), image.info.get("exif"), grey=grey)


def _open(plugin: Callable[[BytesIO], ImageFile], data: bytes) -> ImageFile:
    """Let Pillow read a header; no memory for pixels is taken yet."""
    try:
        with OPENING, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on odd metadata, which decides no pixel
            return plugin(BytesIO(data))
    except MemoryError:
        raise
    except Exception as error:  # on damaged data Pillow raises about anything
        if str(error).startswith("cannot handle"):
            raise UnsupportedError(f"{str(error).removeprefix('cannot handle ')}; save it as PNG") from error
        raise CorruptError(_reason(error, "damaged header")) from error


def _loaded(image: ImageFile) -> ImageFile:
    """Let Pillow decode the pixels."""
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as error:  # on damaged data Pillow raises about anything
        raise CorruptError(_reason(error, "damaged image data")) from error
    return image


def _reason(error: Exception, otherwise: str) -> str:
    return "truncated" if "truncated" in str(error).lower() else otherwise


def _check_metadata(data: bytes, width: int, height: int) -> None:
    """Raise TooLargeError if a file is longer than its pixels, of at most 8 bytes each, can explain."""
    if len(data) > 8 * width * height + METADATA_LIMIT:
        raise TooLargeError(f"metadata: {len(data) >> 20} MiB for {width}x{height} pixels")
