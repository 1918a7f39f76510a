"""Measure on heads of other proportions, and renew the table of docs/accuracy.md.

    scripts/proportions [--print-only] [--every N]

Takes every N-th portrait of `data/collections/fitted`, takes columns out between its eyes or repeats the
middle one, and looks whether both eyes are found where they are then, and the answers are still right.
Everything between the two marks is written by this command; nobody types a figure there.
"""

from __future__ import annotations

import argparse

import numpy as np
from marked_page import ROOT, renew_part

from punkdetect.config import find_config, read_config
from punkdetect.detectors import load_registry
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.face import FaceFrame
from punkdetect.punks import ByteArray, Punks
from punkdetect.training.augment import SURE_FACE, widen
from punkdetect.training.examples import Examples
from punkdetect.training.readers import read_collections
from punkdetect.training.study import share_right

PAGE = ROOT / "docs" / "accuracy.md"
FOLDER = ROOT / "data" / "collections" / "fitted"

WIDER = (-2, -1, 0, 1, 2, 3)
"""Columns that eyes are put further apart."""

TRAITS = ("expression", "eyewear", "earrings", "mouth_item", "headwear", "facial_hair")


def main() -> None:
    """Measure and rewrite the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--print-only", action="store_true", help="leave the page as it is")
    parser.add_argument("--every", type=int, default=4, metavar="N")
    given = parser.parse_args()
    everyone = read_collections(FOLDER)
    examples = everyone.take(np.arange(0, len(everyone), given.every))
    face = Landmarks(Punks(examples.rgba)).face
    sure = np.flatnonzero(face.found & (face.score >= SURE_FACE))
    examples, face = examples.take(sure), face.take(sure)
    text = table([(wider, *measure(examples, face, wider)) for wider in WIDER], len(sure))
    if not given.print_only:
        renew_part(PAGE, "proportions", text)
    print(text)


def measure(examples: Examples, face: FaceFrame, wider: int) -> tuple[float, list[float]]:
    """Return how often both eyes are found to the pixel, and each trait is answered right."""
    config, registry = read_config(find_config(None)), load_registry().detectors
    middle = (face.left_eye_col + face.right_eye_col + 1) // 2
    rgba: ByteArray = widen(examples.rgba, middle, np.full(len(examples), wider))
    landmarks = Landmarks(Punks(rgba))
    there = landmarks.face
    left = face.left_eye_col - wider // 2
    eyes = (there.eye_row == face.eye_row) & (there.left_eye_col == left)
    eyes &= there.right_eye_col == left + face.right_eye_col - face.left_eye_col + wider
    right = []
    for trait in TRAITS:
        codes = registry[config.traits[trait].detector].detect(landmarks.punks, landmarks).codes
        right.append(share_right(codes, examples.targets[trait]))
    return float(eyes.mean()), right


def table(rows: list[tuple[int, float, list[float]]], n: int) -> str:
    """Return one row for each distance between the eyes."""
    lines = [f"| eyes further apart ({n} portraits) | both found to the pixel | " + " | ".join(TRAITS) + " |"]
    lines.append("|---" * (len(TRAITS) + 2) + "|")
    for wider, eyes, right in rows:
        lines.append(f"| {wider:+d} | {eyes:.3f} | " + " | ".join(f"{share:.3f}" for share in right) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
