"""Bytes of a picture file in, its pixels out; and pixels back into PNG bytes.

The only module with Pillow. Owns decoding, palettes, transparency, colour profiles and rotation; limits and
checksums are looked at first, in `formats` and `png`. Knows nothing of files, of grids or of portraits.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.errors import CorruptError, PictureError, TooLargeError, UnsupportedError
from punkdetect.formats import (
    PORTRAIT_LIMITS,
    SHEET_LIMITS,
    Limits,
    bmp_colors,
    find_format,
    read_gif,
    webp_size,
)
from punkdetect.png import GREY, GREY_ALPHA, METADATA_LIMIT, Png, find_fault, read_png

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageCms import ImageCmsTransform
    from PIL.ImageFile import ImageFile

__all__ = ["PORTRAIT_LIMITS", "SHEET_LIMITS", "Limits", "Picture", "draw_text", "encode_png", "read_picture"]

ByteArray = NDArray[np.uint8]

SRGB_TOLERANCE = 2
"""A profile that moves no colour further than this (of 255) is sRGB by another name, and the pixels stay as
they are. Measured: the sRGB IEC61966-2.1 of most files and five others move colours by 1, from rounding; a
plain gamma of 2.2 by up to 9, Display P3 and Adobe RGB by more than 100."""

SCAN_LIMIT = 100
"""Scans in one progressive JPEG; encoders write about 10, and each one costs the time of a whole picture."""

CONVERTED = "its colour profile was converted to sRGB"
TURNED = "turned as its EXIF says"
"""Notes of a picture whose stored pixels are not those that are seen."""

_OPENING = threading.Lock()  # warnings.catch_warnings is not safe in threads


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture of any size.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
        sRGB with straight (not premultiplied) alpha, the right way up. Read-only.
    format : str
        `PNG`, `GIF`, `WebP`, `BMP` or `JPEG`: what the bytes are, whatever the file is called.
    notes : tuple of str
        What was done to the pixels, or left aside, that a person may want to know.
    """

    rgba: ByteArray
    format: str
    notes: tuple[str, ...] = ()


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
        return _READERS[kind](data, limits)
    except MemoryError as error:
        raise TooLargeError("not enough memory for its pixels") from error


def encode_png(rgba: ByteArray) -> bytes:
    """Return a PNG of nothing but the pixels; equal pixels give equal bytes.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
        Straight alpha.

    Returns
    -------
    bytes
    """
    from PIL import Image

    file = BytesIO()
    Image.fromarray(np.ascontiguousarray(rgba)).save(file, "PNG", compress_level=9)
    return file.getvalue()


def draw_text(text: str, size: int) -> ByteArray:
    """Draw one line of text.

    Parameters
    ----------
    text : str
    size : int
        Height of the font in pixels.

    Returns
    -------
    ndarray of uint8, shape (H, W)
        How much of each pixel the ink covers, 0-255. All lines of one size have the same height.
    """
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(size)
    height = max(size, int(font.getbbox("Ag|")[3])) + 1
    width = max(1, int(font.getlength(text)) + 2)
    image = Image.new("L", (width, height), 0)
    ImageDraw.Draw(image).text((0, 0), text, fill=255, font=font)
    return _samples(image, 1)[..., 0]


def _read_png(data: bytes, limits: Limits) -> Picture:
    from PIL.PngImagePlugin import PngImageFile

    png = read_png(data, limits)
    try:
        image = PngImageFile(BytesIO(png.pixels))
        stored = np.frombuffer(image.tobytes(), np.uint8).reshape(png.height, -1)
    except MemoryError:
        raise
    except Exception as error:  # on damaged data Pillow raises about anything
        fault = find_fault(png) or "filter (a row is coded in a way that does not exist)"
        raise CorruptError(fault) from error
    if png.interlaced or not stored[-1].any():  # Pillow leaves rows that are not there at 0, without a word
        fault = find_fault(png)
        if fault:
            raise CorruptError(fault)
    if image.mode == "RGBA":
        rgba = stored.reshape(png.height, png.width, 4)
    elif png.palette:
        rgba = _look_up(stored, _palette(png.palette, png.transparency))
    else:
        rgba = _without_palette(image, stored, png)
    notes = (*png.notes, "16-bit samples were cut to their high byte") if png.depth == 16 else png.notes
    return _finish(rgba, "PNG", png.profile, png.exif, notes, grey=png.color in (GREY, GREY_ALPHA))


def _without_palette(image: Image, stored: ByteArray, png: Png) -> ByteArray:
    """Return the pixels, (H, W, 4), of a PNG of grey or RGB samples that may have one transparent colour."""
    if image.mode == "RGB":
        rgba = _rgba(image)
    else:
        rgba = np.full((png.height, png.width, 4), 255, np.uint8)
        if image.mode.startswith("I"):  # 16-bit grey: Pillow would clip it at 255
            wide = np.frombuffer(image.tobytes("raw", "I;16B"), ">u2").reshape(png.height, png.width)
            rgba[..., :3] = (wide >> 8)[..., None]
            if png.transparency:
                rgba[wide == int.from_bytes(png.transparency, "big"), 3] = 0
            return rgba
        grey = _samples(image.convert("L"), 1) if image.mode == "1" else stored
        grey = grey.reshape(png.height, png.width, -1)
        rgba[..., :3] = grey[..., :1]
        if image.mode == "LA":
            rgba[..., 3] = grey[..., 1]
    if png.transparency:
        if png.depth == 16:
            raise UnsupportedError("16-bit RGB with a transparent colour; save it with 8 bits")
        scale = 255 // ((1 << png.depth) - 1)  # grey of 1, 2 and 4 bits was spread over 0-255
        see_through = np.frombuffer(png.transparency, ">u2").astype(np.int64) * scale
        rgba = rgba.copy()
        rgba[(rgba[..., :3] == see_through).all(-1), 3] = 0
    return rgba


def _read_gif(data: bytes, limits: Limits) -> Picture:
    from PIL.GifImagePlugin import GifImageFile

    gif = read_gif(data, limits)
    image = _open(GifImageFile, gif.pixels)
    top, left, bottom, right = gif.box
    indices = _samples(_loaded(image), 1)[top:bottom, left:right, 0]
    table = _palette(gif.palette)
    if 0 <= gif.transparent < len(table):
        table[gif.transparent, 3] = 0
    rgba = np.zeros((gif.height, gif.width, 4), np.uint8)  # what its frame does not cover is see-through
    rgba[top:bottom, left:right] = _look_up(indices, table)
    return _finish(rgba, "GIF")


def _read_webp(data: bytes, limits: Limits) -> Picture:
    from PIL.WebPImagePlugin import WebPImageFile

    width, height = webp_size(data)
    limits.check(width, height)
    _check_metadata(data, width, height)
    image = _open(WebPImageFile, data)
    if getattr(image, "n_frames", 1) > 1:
        raise UnsupportedError("animated; save one frame of it")
    rgba = _rgba(_loaded(image))
    return _finish(rgba, "WebP", image.info.get("icc_profile"), image.info.get("exif"))


def _read_bmp(data: bytes, limits: Limits) -> Picture:
    from PIL.BmpImagePlugin import BmpImageFile

    colors = bmp_colors(data)
    image = _open(BmpImageFile, data)
    limits.check(*image.size)
    _check_metadata(data, *image.size)
    _loaded(image)
    if image.mode in ("P", "L") and int(_samples(image, 1).max()) >= colors:
        raise _beyond_palette()
    return _finish(_rgba(image), "BMP")


def _read_jpeg(data: bytes, limits: Limits) -> Picture:
    from PIL.JpegImagePlugin import JpegImageFile

    image = _open(JpegImageFile, data)
    limits.check(*image.size)
    _check_metadata(data, *image.size)
    if data.count(b"\xff\xda") > SCAN_LIMIT:
        raise UnsupportedError(f"more than {SCAN_LIMIT} scans; save it as PNG")
    if image.mode == "CMYK":
        raise UnsupportedError("CMYK, the colours of a press; save it as RGB")
    grey = image.mode == "L"
    rgba = _rgba(_loaded(image))
    return _finish(rgba, "JPEG", image.info.get("icc_profile"), image.info.get("exif"), grey=grey)


_READERS: dict[str, Callable[[bytes, Limits], Picture]] = {
    "PNG": _read_png,
    "GIF": _read_gif,
    "WebP": _read_webp,
    "BMP": _read_bmp,
    "JPEG": _read_jpeg,
}


def _open(plugin: Callable[[BytesIO], ImageFile], data: bytes) -> ImageFile:
    """Let Pillow read a header; no memory for pixels is taken yet."""
    try:
        with _OPENING, warnings.catch_warnings():
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


def _samples(image: Image, channels: int) -> ByteArray:
    """Return the samples of a decoded picture as they are stored, (H, W, channels), read-only."""
    return np.frombuffer(image.tobytes(), np.uint8).reshape(image.height, image.width, channels)


def _rgba(image: Image) -> ByteArray:
    """Return the pixels of a decoded picture, shape (H, W, 4)."""
    if image.mode == "RGB":
        image.putalpha(255)  # in place; convert() would hold the picture twice
        return _samples(image, 4)
    return _samples(image.convert("RGBA"), 4)


def _palette(colors: bytes, alphas: bytes = b"") -> ByteArray:
    """Return a palette as RGBA, shape (colours, 4); colours without an alpha of their own are opaque."""
    table = np.full((len(colors) // 3, 4), 255, np.uint8)
    table[:, :3] = np.frombuffer(colors, np.uint8).reshape(-1, 3)
    table[: len(alphas), 3] = np.frombuffer(alphas, np.uint8)
    return table


def _look_up(indices: ByteArray, table: ByteArray) -> ByteArray:
    """Return the colours (H, W, 4) of palette indices (H, W); an index beyond the palette has none."""
    if len(table) < 256 and int(indices.max()) >= len(table):
        raise _beyond_palette()
    return table[indices]


def _beyond_palette() -> PictureError:
    return CorruptError("a pixel's colour is not in the palette")


def _check_metadata(data: bytes, width: int, height: int) -> None:
    """Raise TooLargeError if a file is longer than its pixels, of at most 8 bytes each, can explain."""
    if len(data) > 8 * width * height + METADATA_LIMIT:
        raise TooLargeError(f"metadata: {len(data) >> 20} MiB for {width}x{height} pixels")


def _finish(
    rgba: ByteArray,
    name: str,
    profile: bytes | None = None,
    exif: bytes | None = None,
    notes: tuple[str, ...] = (),
    *,
    grey: bool = False,
) -> Picture:
    """Bring the colours to sRGB and the picture the right way up."""
    if profile:
        converted = _to_srgb(rgba, profile, grey)
        if converted is not rgba:
            rgba, notes = converted, (*notes, CONVERTED)
    if exif:
        turned = _TURNS.get(_orientation(exif))
        if turned:
            rgba, notes = np.ascontiguousarray(turned(rgba)), (*notes, TURNED)
    rgba.flags.writeable = False
    return Picture(rgba, name, notes)


def _to_srgb(rgba: ByteArray, profile: bytes, grey: bool) -> ByteArray:
    """Return the pixels in sRGB: the same array if they are that already, or the profile is of no use."""
    from PIL import Image, ImageCms

    transform = _srgb_transform(profile, grey)
    if transform is None:
        return rgba
    samples = rgba[..., 0] if grey else rgba[..., :3]
    image = ImageCms.applyTransform(Image.fromarray(np.ascontiguousarray(samples)), transform)
    assert image is not None  # only None when it works in place
    return np.concatenate([_samples(image, 3), rgba[..., 3:]], axis=-1)


@lru_cache(maxsize=8)  # the pictures of one collection share one profile
def _srgb_transform(profile: bytes, grey: bool) -> ImageCmsTransform | None:
    """Return what brings colours of a profile to sRGB; None if nothing would change, or it cannot be used.

    Browsers show a picture whose profile is broken, or meant for another kind of picture, as if it had none.
    """
    from PIL import Image, ImageCms

    steps = np.arange(256, dtype=np.uint8) if grey else np.arange(0, 256, 15, dtype=np.uint8)
    probe = steps[None] if grey else np.stack(np.meshgrid(steps, steps, steps), -1).reshape(1, -1, 3)
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if source.profile.xcolor_space.strip() != ("GRAY" if grey else "RGB"):
            return None
        target = ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(source, target, "L" if grey else "RGB", "RGB")
        moved = ImageCms.applyTransform(Image.fromarray(probe), transform)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    before = probe[..., None] if grey else probe
    change = np.abs(np.asarray(moved, np.int16) - before)
    return transform if int(change.max()) > SRGB_TOLERANCE else None


def _orientation(exif: bytes) -> int:
    """Return the EXIF orientation, 1-8; 1 (upright) if it cannot be read."""
    from PIL.Image import Exif

    tags = Exif()
    try:
        with _OPENING, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tags.load(exif)
            value = tags.get(0x0112, 1)
    except Exception:  # damaged EXIF raises about anything, and decides nothing
        return 1
    return value if isinstance(value, int) else 1


# How the stored picture must be turned, by EXIF orientation (CIPA DC-008, table 6).
_TURNS: dict[int, Callable[[ByteArray], NDArray[Any]]] = {
    2: lambda rgba: rgba[:, ::-1],
    3: lambda rgba: rgba[::-1, ::-1],
    4: lambda rgba: rgba[::-1],
    5: lambda rgba: rgba.transpose(1, 0, 2),
    6: lambda rgba: np.rot90(rgba, -1),
    7: lambda rgba: rgba[::-1, ::-1].transpose(1, 0, 2),
    8: lambda rgba: np.rot90(rgba),
}
