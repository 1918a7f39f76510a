"""The evidence is the thing itself: on drawn portraits it is held against the pixels that were drawn."""

from __future__ import annotations

import numpy as np

from punkdetect.pipeline import open_analyzer
from punkdetect.punks import Punks
from punkdetect.synth.drawn import draw
from punkdetect.vocabulary import TRAITS

THINGS = ("expression", "eyewear", "earrings", "headwear", "facial_hair")
PORTRAITS, SEED = 500, 20_000


def test_evidence_overlaps_what_was_drawn_by_four_fifths() -> None:
    drawn = draw(PORTRAITS, SEED)
    columns, *_ = open_analyzer(traits=list(THINGS), everything=True).detect(Punks(drawn.rgba))
    overlap = {}
    for trait in THINGS:
        column, true, label = columns[trait], drawn.masks[trait], drawn.labels[trait]
        none = TRAITS[trait].index("none") if "none" in TRAITS[trait] else -1
        right = (column.codes == label) & (label >= 0) & (label != none) & true.any(axis=(1, 2))
        both = (column.evidence & true)[right].sum(axis=(1, 2))
        overlap[trait] = float((both / (column.evidence | true)[right].sum(axis=(1, 2))).mean())
    assert np.mean(list(overlap.values())) >= 0.8, overlap
    assert min(overlap.values()) >= 0.6, overlap
