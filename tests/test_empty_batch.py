"""A batch without portraits: every landmark and every detector has nothing to say, and says it."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pytest

from punkdetect.detectors import load_registry
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks

EMPTY = np.zeros((0, 24, 24, 4), np.uint8)


@pytest.mark.parametrize("name", [n for n, p in vars(Landmarks).items() if isinstance(p, cached_property)])
def test_every_landmark_of_no_portraits_is_found(name: str) -> None:
    assert getattr(Landmarks(Punks(EMPTY)), name) is not None


@pytest.mark.parametrize("name", [name for name in load_registry().detectors if "mediapipe" not in name])
def test_every_detector_gives_no_answers_for_no_portraits(name: str) -> None:
    punks = Punks(EMPTY)
    column = load_registry().detectors[name].detect(punks, Landmarks(punks))
    assert column.codes.shape == (0,)
    assert column.confidence.shape == (0,)
    assert column.evidence.shape == (0, 24, 24)
