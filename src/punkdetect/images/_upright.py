"""Colours to sRGB, pictures the right way up: loaded for files with a profile or an EXIF turn."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.images._decoded import OPENING, ByteArray, samples_of

if TYPE_CHECKING:
    from PIL.ImageCms import ImageCmsTransform

SRGB_TOLERANCE = 2
"""A profile that moves no colour further than this (of 255) is sRGB by another name, and the pixels stay as
they are. Measured: the sRGB IEC61966-2.1 of most files and five others move colours by 1, from rounding; a
plain gamma of 2.2 by up to 9, Display P3 and Adobe RGB by more than 100."""


def to_srgb(rgba: ByteArray, profile: bytes, grey: bool) -> ByteArray:
    """Return the pixels in sRGB: the same array if they are that already, or the profile is of no use."""
    from PIL import Image, ImageCms

    transform = _srgb_transform(profile, grey)
    if transform is None:
        return rgba
    samples = rgba[..., 0] if grey else rgba[..., :3]
    image = ImageCms.applyTransform(Image.fromarray(np.ascontiguousarray(samples)), transform)
    assert image is not None  # only None when it works in place
    return np.concatenate([samples_of(image, 3), rgba[..., 3:]], axis=-1)


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


def set_upright(rgba: ByteArray, exif: bytes) -> ByteArray:
    """Return the pixels the right way up: the same array if they are."""
    turned = _TURNS.get(_orientation(exif))
    return np.ascontiguousarray(turned(rgba)) if turned else rgba


def _orientation(exif: bytes) -> int:
    """Return the EXIF orientation, 1-8; 1 (upright) if it cannot be read."""
    from PIL.Image import Exif

    tags = Exif()
    try:
        with OPENING, warnings.catch_warnings():
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
