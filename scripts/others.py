"""Measure every shown detector on collections that other hands drew, and renew the table of docs/accuracy.md.

    scripts/others [--print-only] [NAME ...]

`data/collections/` has a sheet and a label file of each. What lies in `fitted/` was looked at while rules
were written, and the learned detectors were fitted to it; what lies in `unseen/` and `extreme/` was only ever
measured.
Everything between the two marks is written by this command; nobody types a figure there.
"""

from __future__ import annotations

import argparse

from marked_page import ROOT, renew_part

from punkdetect.config import find_config, read_config
from punkdetect.detectors import load_registry
from punkdetect.evaluate import Evaluation, evaluate, sheet_pictures
from punkdetect.vocabulary import TRAITS

PAGE = ROOT / "docs" / "accuracy.md"
FOLDER = ROOT / "data" / "collections"


def main() -> None:
    """Measure and rewrite the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--print-only", action="store_true", help="leave the page as it is")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these collections")
    given = parser.parse_args()
    config = read_config(find_config(None))
    registry = load_registry().detectors
    chosen = [registry[config.traits[t].detector] for t in TRAITS if t in config.traits]
    figures = {
        labels.stem: (labels.parent.name, evaluate(sheet_pictures(labels), chosen, config))
        for labels in sorted(FOLDER.glob("*/*.csv"))
        if not given.names or labels.stem in given.names
    }
    text = table(figures)
    if not given.print_only:
        renew_part(PAGE, "others", text)
    print(text)


def table(figures: dict[str, tuple[str, list[Evaluation]]]) -> str:
    """Return one row a trait, one column a collection, those that were fitted to first."""
    names = sorted(figures, key=lambda name: (figures[name][0], name))
    head = " | ".join(f"{name} ({max(e.drawn.n for e in figures[name][1])})" for name in names)
    kinds = " | ".join(figures[name][0] for name in names)
    lines = [f"| trait | {head} |", "|---|" + "---|" * len(names), f"| | {kinds} |"]
    for i, evaluation in enumerate(figures[names[0]][1]):
        cells = " | ".join(f"{figures[name][1][i].drawn.accuracy:.3f}" for name in names)
        lines.append(f"| {evaluation.detector.trait} | {cells} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
