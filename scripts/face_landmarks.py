"""Measure expression by face landmarks beside the rule on pixels; renew its part of docs/accuracy.md.

    scripts/face_landmarks --data DIR [--drawn N]

DIR is that of scripts/accuracy. Everything between the two marks is written by this command.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from accuracy import DRAWN_SEED, PAGE, bespoke, cryptopunks
from marked_page import renew_part

from punkdetect.config import find_config, read_config
from punkdetect.detectors import load_registry
from punkdetect.detectors.mediapipe import DETECTORS, INSTALL, FaceLandmarks, curvature, find_points
from punkdetect.evaluate import Evaluation, Pictures, drawn_pictures, evaluate
from punkdetect.gate import default_detector, why_unusable
from punkdetect.metrics import Score
from punkdetect.noise import calm
from punkdetect.punks import FloatArray

COLUMNS = (
    "collection", "face found", "right of all", "right where a face is found", "best single threshold",
    "constant", "rule on pixels",
)  # fmt: skip


def main() -> None:
    """Measure and rewrite the part of the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--drawn", type=int, default=1000)
    given = parser.parse_args()
    [detector] = DETECTORS
    if missing := why_unusable(detector):
        parser.error(missing)
    collections = {
        "Bespoke Punks": bespoke(given.data / "bespoke"),
        "CryptoPunks": cryptopunks(given.data / "cryptopunks"),
        "drawn": drawn_pictures(given.drawn, DRAWN_SEED),
    }
    head = ["| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
    lines = [*head, *(row(name, pictures, detector) for name, pictures in collections.items())]
    renew_part(PAGE, "face landmarks", "\n".join(lines))
    print("\n".join(lines))


def row(name: str, pictures: Pictures, detector: FaceLandmarks) -> str:
    """Return one collection's line of the table."""
    rule = default_detector("expression", load_registry().detectors)
    assert rule is not None, f"the rule needs nothing installed; {INSTALL} does"
    config = read_config(find_config(None))
    mine, other = (_score(e) for e in evaluate(pictures, [detector, rule], config))
    found = sum(n for (_, answer), n in mine.confusion.items() if answer)
    curves = curvature(find_points(calm(pictures.punks.rgba), detector.model_path))
    cells = [
        f"{name} ({mine.n:,})",
        f"{found:,}",
        f"{mine.accuracy:.3f}",
        f"{mine.correct / found:.3f}",
        f"{best_threshold(pictures, curves):.3f}",
        f"{mine.constant_accuracy:.3f}",
        f"{other.accuracy:.3f}",
    ]
    return "| " + " | ".join(cells) + " |"


def best_threshold(pictures: Pictures, curves: FloatArray) -> float:
    """Return how often smile is told from everything else by the luckiest number, where a face is found."""
    labelled = [(row.accepted["expression"], c) for row, c in zip(pictures.rows, curves, strict=True)
                if "expression" in row.accepted and np.isfinite(c)]  # fmt: skip
    smiles = np.array([accepted == ("smile",) for accepted, _ in labelled])
    heights = np.array([curve for _, curve in labelled])
    limits = [-np.inf, *np.unique(heights).tolist()]
    return max(float(((heights > limit) == smiles).mean()) for limit in limits)


def _score(evaluation: Evaluation) -> Score:
    return evaluation.real if evaluation.real.n else evaluation.drawn


if __name__ == "__main__":
    main()
