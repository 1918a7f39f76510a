"""Pixels and text into what others can see: PNG bytes, letters."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from punkdetect.images._decoded import ByteArray, samples_of


def encode_png(rgba: ByteArray, *, level: int = 9) -> bytes:
    """Return a PNG of nothing but the pixels; equal pixels give equal bytes.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
        Straight alpha.
    level : int, 0 to 9
        How hard zlib tries.

    Returns
    -------
    bytes
    """
    from PIL import Image

    file = BytesIO()
    Image.fromarray(np.ascontiguousarray(rgba)).save(file, "PNG", compress_level=level)
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
    return samples_of(image, 1)[..., 0]
