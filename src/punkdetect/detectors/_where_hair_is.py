"""Traits of hair, answered `none` where another detector sees that there is no hair at all.

Looks for nothing of its own. Style, colour, exact colour and length of hair are questions about one thing: a
hat or a beard that was taken for hair by one is no hair for the others either, and the length is told by the
detector that was fitted to most. Cannot find hair that the other one overlooked.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from punkdetect.landmarks import Landmarks
from punkdetect.punks import NOT_FOUND, Detector, Punks, TraitColumn, make_column
from punkdetect.vocabulary import COLORS

TOLD_BY = "hair_length.rule_and_network"
"""What is asked whether there is hair: `none` is the first value of its vocabulary, as of the others'."""

ASKING = ("hair_color.cielab", "hair_hex.most_frequent", "hairstyle.features")
"""Detectors that it is asked for. With it colours of collections that nobody looked at are right in 70 of
100, not in 65, styles in 63, not in 59, and nothing is lost elsewhere. Of 449 exact colours that it takes
away on labelled portraits, 418 are of no hair at all, and of the others 2 were right."""

METHOD = "where_hair_is"


class WhereHairIs:
    """One trait of hair, as its detector answers it where there is hair."""

    def __init__(self, detector: Detector, hair: Any) -> None:
        self.detector, self.hair = detector, hair
        self.trait, self.vocabulary = detector.trait, detector.vocabulary
        self.name = f"{detector.trait}.{METHOD}"
        self.version: int | str = f"{detector.version}+{hair.version}"
        self.model_card: Path = hair.model_card.with_name(f"{self.name}.card.json")

    @property
    def model_digest(self) -> str:
        """SHA-256 of the model files' digests in a row, its detector's first, if that has one."""
        own = getattr(self.detector, "model_digest", "")
        return sha256((own + self.hair.model_digest).encode()).hexdigest()

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the trait of every portrait."""
        return self.join(self.detector.detect(punks, landmarks), self.hair.detect(punks, landmarks))

    def join(self, said: TraitColumn, hair: TraitColumn) -> TraitColumn:
        """Return what was said, but `none` where there is no hair; of an exact colour: nothing.

        Parameters
        ----------
        said, hair : TraitColumn
            Of the same N portraits.
        """
        none = NOT_FOUND if self.trait in COLORS else 0  # 0 is black there
        bare = (hair.codes == 0) & (said.codes != NOT_FOUND) & (said.codes != none)
        return make_column(
            self.trait,
            np.where(bare, none, said.codes),
            np.where(bare, hair.confidence, said.confidence),
            said.evidence & ~bare[:, None, None],
        )


def where_hair_is_of(detectors: Mapping[str, Detector]) -> tuple[WhereHairIs, ...]:
    """Return the detectors that can be made so of these, given by name."""
    if TOLD_BY not in detectors:
        return ()
    return tuple(WhereHairIs(detectors[name], detectors[TOLD_BY]) for name in ASKING if name in detectors)
