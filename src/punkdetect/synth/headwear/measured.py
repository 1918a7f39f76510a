"""Headwear drawn from measures: any number of hats of each kind, none of which an artist has drawn yet.

Text grids are the hats of a few hands; other hands make the dome a row higher, the brim wider, the band
broader, the spikes more. A hat here is a few such measures, drawn by dice, and the shapes they give in the
frame of `sprites`. Owns which there are; the shapes are in `measured_hats` and `measured_light`.
"""

from __future__ import annotations

from collections.abc import Callable

from punkdetect.synth.dice import Dice
from punkdetect.synth.felt import Felt
from punkdetect.synth.headwear import measured_hats as hats
from punkdetect.synth.headwear import measured_light as light

HATS = 0x4A75
"""Seed of all of them."""

SHAPES: dict[str, Callable[[Felt], str]] = {
    "cap": hats.cap,
    "beanie": hats.beanie,
    "bucket_hat": hats.bucket_hat,
    "cowboy_hat": hats.cowboy_hat,
    "top_hat": hats.top_hat,
    "fedora": hats.fedora,
    "wizard_hat": hats.wizard_hat,
    "beret": hats.beret,
    "bandana": hats.bandana,
    "hood": hats.hood,
    "helmet": hats.helmet,
    "other": hats.other,
    "crown": light.crown,
    "tiara": light.tiara,
    "headband": light.headband,
    "bow": light.bow,
    "hair_clip": light.hair_clip,
    "flower": light.flower,
    "animal_ears": light.animal_ears,
    "halo": light.halo,
}
"""By value: draws one, and says how it sits (`cover`, `on`, `hood`)."""


def measured_hat(value: str, number: int) -> tuple[str, list[list[str]]]:
    """Draw one hat; the same number is the same hat.

    Parameters
    ----------
    value : str
        Of the vocabulary of headwear, not `none`.
    number : int
        From 0.

    Returns
    -------
    how : str
        How it sits.
    letters : list of list of str
        24 rows of 24, in the frame of `sprites`.
    """
    felt = Felt(Dice(HATS + sorted(SHAPES).index(value), number))
    return SHAPES[value](felt), felt.letters
