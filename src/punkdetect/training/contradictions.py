"""Takes labels away that the pixels contradict: bald, where a head full of hair is seen.

Labels that were derived from attributes say so of women with headbands, whose hair is no attribute. Knows
examples and landmarks; must not know models.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks
from punkdetect.training.examples import Examples
from punkdetect.vocabulary import TRAITS

NONE_IS_BALD = ("hairstyle", "hair_length", "hair_color")
"""Traits whose `none` means that there is no hair."""

HEAD_OF_HAIR = 60
"""Pixels of hair from which a head is not bald: flaps of hats that were taken for hair have 30 at most."""


def without_contradictions(examples: Examples) -> Examples:
    """Return the same portraits without the labels that call a head full of hair bald.

    Such a row of a target has no value set then: not labelled.
    """
    full = Landmarks(Punks(examples.rgba)).regions.hair.sum(axis=(1, 2)) >= HEAD_OF_HAIR
    targets = dict(examples.targets)
    for trait in NONE_IS_BALD:
        if trait in targets:
            target = targets[trait]
            bald = target[:, TRAITS[trait].index("none")] & (target.sum(axis=1) == 1)
            targets[trait] = np.where((bald & full)[:, None], False, target)
    return examples.replaced(examples.rgba, targets)
