"""A picture to draw on: enlarged pixels, cell outlines, text.

Works on plain arrays; text and PNG bytes come from `images`. Knows nothing of traits.
"""

from __future__ import annotations

import numpy as np

from punkdetect.images import draw_text, encode_png
from punkdetect.punks import BoolArray, ByteArray

Color = tuple[int, int, int]

CHECKER = (204, 255)
"""Grey levels of the squares behind see-through pixels, as drawing programs show them."""


def enlarge(rgba: ByteArray, scale: int) -> ByteArray:
    """Return a picture with each pixel as `scale` x `scale` equal ones.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
    scale : int, at least 1

    Returns
    -------
    ndarray of uint8, shape (H * scale, W * scale, 4)
    """
    return rgba.repeat(scale, axis=0).repeat(scale, axis=1)


def text_width(text: str, size: int) -> int:
    """Return how many pixels wide a line of text is."""
    return int(draw_text(text, size).shape[1])


class Canvas:
    """An opaque picture.

    Parameters
    ----------
    height, width : int
    background : (red, green, blue)
    """

    def __init__(self, height: int, width: int, background: Color) -> None:
        self.rgb = np.full((height, width, 3), background, np.uint8)

    def paste(self, rgba: ByteArray, row: int, col: int) -> None:
        """Put a picture with its top left corner at (row, col), over squares where it is see-through."""
        height, width = rgba.shape[:2]
        rows, cols = np.ogrid[:height, :width]
        squares = np.where((rows // 6 + cols // 6) % 2, *CHECKER)[..., None]
        alpha = rgba[..., 3:] / 255
        blended = rgba[..., :3] * alpha + squares * (1 - alpha)
        self.rgb[row : row + height, col : col + width] = np.round(blended).astype(np.uint8)

    def fill(self, row: int, col: int, height: int, width: int, color: Color) -> None:
        """Fill a rectangle."""
        self.rgb[max(0, row) : row + height, max(0, col) : col + width] = color

    def write(self, text: str, row: int, col: int, color: Color, size: int) -> None:
        """Write one line with its top left corner at (row, col); what does not fit is cut."""
        ink = draw_text(text, size)
        place = self.rgb[row : row + ink.shape[0], col : col + ink.shape[1]]
        cover = ink[: place.shape[0], : place.shape[1], None] / 255
        place[:] = np.round(place * (1 - cover) + np.array(color) * cover).astype(np.uint8)

    def outline(
        self,
        mask: BoolArray,
        scale: int,
        row: int,
        col: int,
        color: Color,
        inset: int,
        width: int,
        dash: int = 0,
    ) -> None:
        """Draw the outline of a set of cells on its inside.

        Parameters
        ----------
        mask : ndarray of bool, shape (R, C)
            The cells; each is `scale` pixels wide, cell (0, 0) has its corner at (row, col).
        scale, row, col : int
        color : (red, green, blue)
        inset : int
            Pixels between the edge of the cells and the line, so that several outlines can lie in each other.
        width : int
            Pixels of the line.
        dash : int
            Pixels of a dash and of the gap after it; 0 draws the line whole.
        """
        inner = _shrunk(mask, scale, inset)
        line = inner & ~_shrunk(mask, scale, inset + width)
        if dash:
            rows, cols = np.ogrid[: line.shape[0], : line.shape[1]]
            line &= (rows + cols) // dash % 2 == 0
        place = self.rgb[row : row + line.shape[0], col : col + line.shape[1]]
        place[line] = color

    def png(self) -> bytes:
        """Return the picture as PNG bytes."""
        alpha = np.full((*self.rgb.shape[:2], 1), 255, np.uint8)
        return encode_png(np.concatenate([self.rgb, alpha], axis=2))


def _shrunk(mask: BoolArray, scale: int, by: int) -> BoolArray:
    """Return the cells enlarged, less a rim of `by` pixels."""
    full: BoolArray = mask.repeat(scale, axis=0).repeat(scale, axis=1)
    if by == 0:
        return full
    padded = np.pad(full, by)
    shrunk = full.copy()
    for d_row in (-by, 0, by):
        for d_col in (-by, 0, by):
            height, width = full.shape
            shrunk &= padded[by + d_row : by + d_row + height, by + d_col : by + d_col + width]
    return shrunk
