"""Golden answers: the whole JSON of every demo portrait, kept beside the tests and read by people.

Each portrait is asked again enlarged, re-encoded and in other hues, where the answer must hold. After a
change that is meant to change answers, `pytest tests/test_golden.py --update-golden` writes the files anew;
the difference is then looked at before it is committed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from punkdetect.config import read_config
from punkdetect.detectors import load_registry
from punkdetect.gate import make_plan
from punkdetect.images import encode_png, read_picture
from punkdetect.inputs import bytes_pixels
from punkdetect.labels import LabelRow, read_labels
from punkdetect.pipeline import Analyzer, Loaded
from punkdetect.writers.json_format import JsonLinesFormat

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
PORTRAITS = sorted((ROOT / "data" / "demo").glob("*.png"))

ENLARGED = 10
"""Pixels along each side of a cell of an enlarged portrait."""

SHAPE_TRAITS = (
    "expression", "eyewear", "earrings", "hair_length", "background", "mouth_item", "neckwear",
)  # fmt: skip
"""Traits that are a matter of shape: what is right stays right in other hues. `type` is none: where the
chin says nothing, long hair decides, and hair is told from hats by its colour too."""

HUE_SHIFT = 20
"""Degrees by which hues are turned: red becomes orange, no skin turns into lips."""


@cache
def analyzer() -> Analyzer:
    """What answers each trait by the project's own config, without regard for the gate.

    Confidences are the detectors' own: what they are worth is measured, and changes on its own.
    """
    built_in = {
        d.name: d for d in load_registry().detectors.values() if type(d).__module__.startswith("punkdetect.")
    }
    settings = read_config(ROOT / "configs" / "features.yaml")
    plan = make_plan(settings, built_in, None, everything=True)
    return Analyzer([p._replace(calibration={}) for p in plan])


@cache
def labels() -> dict[str, LabelRow]:
    """What the demo portraits show, by name."""
    rows = read_labels(ROOT / "data" / "validation_labels.csv").rows
    return {row.image: row for row in rows if row.collection == "demo"}


def answers_of(png: bytes, name: str) -> dict[str, Any]:
    """The JSON of one picture, less what the gate adds: measured figures change on their own."""
    rgba, source = bytes_pixels(png, name)
    reports = analyzer().examine([Loaded(name, rgba, source)])
    [line] = JsonLinesFormat(evidence=False).records(reports)
    found: dict[str, Any] = json.loads(line)
    found.pop("withheld", None)
    for answer in found["traits"].values():
        answer.pop("withheld", None)
    return found


def hold(how: str, found: dict[str, Any], expected: dict[str, Any], keys: Iterable[str]) -> None:
    """Fail with what is not as expected, in words."""
    faults = []
    for key in keys:
        one, other = found.get(key), expected.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            faults += [
                f"{key}.{name}: {one.get(name)}, not {other.get(name)}"
                for name in {**other, **one}
                if one.get(name) != other.get(name)
            ]
        elif one != other:
            faults.append(f"{key}: {one}, not {other}")
    if faults:
        pytest.fail("\n  ".join([f"{expected['image']} {how}:", *faults]), pytrace=False)


def enlarged(rgba: np.ndarray) -> bytes:
    """The same picture with every cell a square of pixels."""
    return encode_png(np.ascontiguousarray(rgba.repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1)))


def with_palette(rgba: np.ndarray) -> bytes:
    """The same picture as a PNG of colour type 3: a palette, with see-through entries in tRNS."""
    colors, index = np.unique(rgba.reshape(-1, 4), axis=0, return_inverse=True)
    assert len(colors) <= 256
    picture = Image.frombytes("P", (24, 24), index.astype(np.uint8).tobytes())
    picture.putpalette(colors[:, :3].tobytes())
    file = BytesIO()
    picture.save(file, "PNG", transparency=colors[:, 3].tobytes())
    return file.getvalue()


def with_hue(rgba: np.ndarray, degrees: float) -> bytes:
    """The same picture with every hue turned by so many degrees around the grey axis; grey stays grey.

    The rotation of RGB around (1, 1, 1); what leaves the cube is cut off.
    """
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    a, b, c = cos + (1 - cos) / 3, (1 - cos) / 3 - sin / 3**0.5, (1 - cos) / 3 + sin / 3**0.5
    turned = rgba.copy()
    matrix = np.array([[a, b, c], [c, a, b], [b, c, a]])
    turned[..., :3] = np.clip(np.rint(rgba[..., :3] @ matrix.T), 0, 255)
    return encode_png(turned)


@pytest.mark.parametrize("path", PORTRAITS, ids=lambda path: path.stem)
def test_a_demo_portrait_is_answered_as_it_was(path: Path, update_golden: bool) -> None:
    golden = GOLDEN / f"{path.stem}.json"
    png = path.read_bytes()
    found = answers_of(png, path.name)
    if update_golden:
        golden.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    expected = json.loads(golden.read_text(encoding="utf-8"))
    hold("as it is", found, expected, {**expected, **found})

    rgba = read_picture(png).rgba
    whole = ("status", "traits", "colors", "palette")
    hold("enlarged", answers_of(enlarged(rgba), path.name), expected, whole)
    hold("with a palette", answers_of(with_palette(rgba), path.name), expected, whole)
    for degrees in (-HUE_SHIFT, HUE_SHIFT):
        turned = answers_of(with_hue(rgba, degrees), path.name)["traits"]
        for trait in SHAPE_TRAITS:
            value = expected["traits"][trait]["value"]
            if value in labels()[path.stem].accepted.get(trait, ()):
                assert turned[trait]["value"] == value, f"{trait} with hues turned by {degrees}"


def test_every_golden_answer_belongs_to_a_demo_portrait() -> None:
    assert len(PORTRAITS) >= 30
    assert {p.stem for p in GOLDEN.glob("*.json")} == {p.stem for p in PORTRAITS}
