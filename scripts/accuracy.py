"""Measure every shown detector on real and drawn collections and renew the tables of docs/accuracy.md.

    scripts/accuracy --data DIR [--drawn N]

DIR holds the labelled portraits of real collections: `bespoke/` (labels.csv, colors.csv, images24/) and
`cryptopunks/` (labels.csv and the sheet). Everything between the two marks in docs/accuracy.md is written by
this command; nobody types a figure there.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from marked_page import ROOT, renew_part

from punkdetect.config import Config, find_config, read_config
from punkdetect.detectors import load_registry
from punkdetect.evaluate import Evaluation, Pictures, drawn_pictures, evaluate, match_pictures
from punkdetect.inputs import SheetLayout, find_inputs
from punkdetect.labels import Labels, read_labels
from punkdetect.metrics import Miss, Score
from punkdetect.punks import SIDE, Detector
from punkdetect.training.contradictions import NONE_IS_BALD
from punkdetect.vocabulary import ALL_TRAITS, TRAITS

PAGE = ROOT / "docs" / "accuracy.md"
DRAWN_SEED = 20_000
"""Seed of the drawn collection that is measured on; no model is trained with it."""

SHOWN_MISTAKES = 6
"""Kinds of mistakes of each trait that are told, the commonest ones."""

WOMAN_IN_HEADBAND = {"type": ("female",), "headwear": ("headband",), "hairstyle": ("none",)}
"""Labels of portraits whose black hair is no attribute of its own in their collection."""

SURE = """What confidences are worth: the mean confidence of the answers; the gap between it and the share
right (mean over bins of confidence); and the share of portraits that may be answered if 99 %, 95 % and 90 %
of these answers are to be right. The Bespoke Punks were calibrated with, the CryptoPunks and these drawn
portraits were not. Two thirds of what it was calibrated with was drawn by the project or by other hands, so
on tidy collections answers are right more often than is said."""


def main() -> None:
    """Measure and rewrite the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--drawn", type=int, default=1000)
    given = parser.parse_args()
    config = read_config(find_config(None))
    registry = load_registry().detectors
    chosen = [registry[config.traits[t].detector] for t in ALL_TRAITS if t in config.traits]
    collections = {
        "Bespoke Punks": bespoke(given.data / "bespoke"),
        "CryptoPunks": cryptopunks(given.data / "cryptopunks"),
        "drawn": drawn_pictures(given.drawn, DRAWN_SEED),
    }
    figures = {name: evaluate(pictures, chosen, config) for name, pictures in collections.items()}
    hair = [detector for detector in chosen if detector.trait in NONE_IS_BALD]
    tables = [
        comparison(chosen, figures),
        agreement(collections["Bespoke Punks"]),
        contradicted(collections["CryptoPunks"], hair, config),
        SURE,
        sureness(figures),
        misses(figures["Bespoke Punks"]),
        mistakes(figures),
    ]
    renew_part(PAGE, "measured", "\n\n".join(tables))
    print(tables[0])


def bespoke(folder: Path) -> Pictures:
    """Return the labelled portraits of the hand-made collection, with the labels the project ships."""
    labels = read_labels(ROOT / "data" / "validation_labels.csv")
    rows = tuple(row for row in labels.rows if row.collection == "bespoke")
    kept = Labels(labels.path, labels.sha256, labels.traits, rows)
    return match_pictures(kept, [(folder, tuple(find_inputs([folder / "images24"]).items))])


def cryptopunks(folder: Path) -> Pictures:
    """Return the portraits of the sheet, with labels derived from the collection's own attributes."""
    (sheet,) = folder.glob("*.png")
    layout = SheetLayout(SIDE, name="punk_{id:04d}")
    labels = read_labels(_with_collection(folder / "labels.csv", "cryptopunks"))
    return match_pictures(labels, [(folder, tuple(find_inputs([sheet], sheet=layout).items))])


def _with_collection(path: Path, collection: str) -> Path:
    """Copy a label file, adding the columns that the project's own format has."""
    copy = Path(tempfile.mkdtemp()) / path.name
    with path.open(newline="", encoding="utf-8-sig") as source, copy.open("w", newline="") as target:
        rows = list(csv.DictReader(source))
        writer = csv.DictWriter(
            target, ["image", "collection", "family", *(c for c in rows[0] if c != "image")]
        )
        writer.writeheader()
        writer.writerows({**row, "collection": collection, "family": row["image"]} for row in rows)
    return copy


def _score(evaluation: Evaluation) -> Score:
    """Return the figures of a collection that is either real or drawn."""
    return evaluation.real if evaluation.real.n else evaluation.drawn


def comparison(detectors: Sequence[Detector], figures: dict[str, list[Evaluation]]) -> str:
    """Return one row a trait: accuracy with its interval and the best constant answer, by collection."""
    sizes = {name: max(_score(e).n for e in found) for name, found in figures.items()}
    lines = ["| trait | detector | measured | " + " | ".join(f"{n} ({k:,})" for n, k in sizes.items()) + " |"]
    lines.append("|---|---|---|" + "---|" * len(figures))
    for i, detector in enumerate(detectors):
        how = next(iter(figures.values()))[i].how
        cells = [_cell(_score(found[i])) for found in figures.values()]
        lines.append(f"| {detector.trait} | `{detector.name}` | {how} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(score: Score) -> str:
    if not score.n:
        return ""
    low, high = score.interval
    return f"**{score.accuracy:.3f}** [{low:.3f}, {high:.3f}], constant {score.constant_accuracy:.3f}"


def agreement(pictures: Pictures) -> str:
    """Return how often two people said the same of the hand-made portraits: no detector can do better."""
    told = []
    for trait in TRAITS:
        accepted = [row.accepted[trait] for row in pictures.rows if trait in row.accepted]
        if accepted:
            told.append(f"{trait} {sum(len(words) == 1 for words in accepted) / len(accepted):.2f}")
    return f"Share of the labels of the Bespoke Punks on which two careful people agreed: {', '.join(told)}."


def contradicted(pictures: Pictures, detectors: Sequence[Detector], config: Config) -> str:
    """Return the figures of hair without the portraits whose labels call a head full of hair bald."""
    others = np.flatnonzero([not WOMAN_IN_HEADBAND.items() <= row.accepted.items() for row in pictures.rows])
    rows = tuple(pictures.rows[i] for i in others)
    figures = evaluate(Pictures(rows, pictures.punks.take(others), (), ()), detectors, config)
    told = ", ".join(f"{e.detector.trait} {_cell(_score(e))}" for e in figures)
    left_out = len(pictures.rows) - len(rows)
    return (
        f"The CryptoPunks without the {left_out} women with a headband, whom their labels call bald: {told}."
    )


def sureness(figures: dict[str, list[Evaluation]]) -> str:
    """Return a table of what confidences are worth for each collection."""
    return "\n\n".join(f"{name}:\n\n{_sureness(found)}" for name, found in figures.items())


def _sureness(evaluations: Iterable[Evaluation]) -> str:
    lines = [
        "| trait | confidence | gap | answered, 99 % right | 95 % right | 90 % right |",
        "|---|---|---|---|---|---|",
    ]
    for evaluation in evaluations:
        found = evaluation.real_confidence if evaluation.real.n else evaluation.drawn_confidence
        if found.bins:
            mean = sum(b.n * b.confidence for b in found.bins) / sum(b.n for b in found.bins)
            shares = " | ".join(f"{c.share:.2f}" for c in found.coverage)
            lines.append(f"| {evaluation.detector.trait} | {mean:.3f} | {found.gap:.3f} | {shares} |")
    return "\n".join(lines)


def misses(evaluations: Iterable[Evaluation]) -> str:
    """Return every wrong answer on the hand-made portraits, by name."""
    lines = ["Every miss on the Bespoke Punks: what the label says → what was answered.", ""]
    for evaluation in evaluations:
        wrong = [f"{m.image} ({_mistake(m)})" for m in _score(evaluation).misses]
        if wrong:
            lines.append(f"- **{evaluation.detector.trait}**: {', '.join(wrong)}")
    return "\n".join(lines)


def _mistake(miss: Miss) -> str:
    """Return a label and the answer that it does not accept."""
    return f"{' or '.join(miss.accepted)} → {miss.answer or 'no answer'}"


def mistakes(figures: dict[str, list[Evaluation]]) -> str:
    """Return the commonest kinds of mistakes on the larger collections."""
    lines = ["The commonest mistakes elsewhere: what the label says → what was answered, and how often.", ""]
    for name, found in figures.items():
        if name == "Bespoke Punks":
            continue
        for evaluation in found:
            score = _score(evaluation)
            if not score.misses or evaluation.detector.trait.endswith("_hex"):
                continue
            kinds = Counter(map(_mistake, score.misses)).most_common(SHOWN_MISTAKES)
            told = ", ".join(f"{mistake} ({count})" for mistake, count in kinds)
            lines.append(f"- {name}, **{evaluation.detector.trait}**: {told}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
