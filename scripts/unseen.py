"""Fit the learned detectors without each collection, test on it, and renew the table of docs/accuracy.md.

    scripts/unseen --data DIR

DIR holds the labelled portraits of real collections: `bespoke/` (labels.csv, images24/) and `cryptopunks/`
(labels.csv and the sheet). What other hands drew is in data/collections. Needs the extras `train` and
`network`; takes ten to fifteen minutes of one core.
Everything between the two marks is written by this command; nobody types a figure there.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from marked_page import ROOT, renew_part

from punkdetect.training.pools import DRAWN, drawn_examples
from punkdetect.training.readers import read_collections, read_folder, read_sheet
from punkdetect.training.study import leave_one_out, table

PAGE = ROOT / "docs" / "accuracy.md"

FITTED, TESTED = 14_000, 1500
"""Drawn portraits that are fitted to, and those of another seed that are tested on."""

LARGE = 1500
"""CryptoPunks that are fitted to or tested on, each drawn by lot."""


def main() -> None:
    """Fit, test and rewrite the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    started = time.monotonic()
    bespoke, cryptopunks = given.data / "bespoke", given.data / "cryptopunks"
    small = read_folder(bespoke / "labels.csv", bespoke / "images24", "bespoke")
    (sheet,) = cryptopunks.glob("*.png")
    large = read_sheet(cryptopunks / "labels.csv", sheet, "cryptopunks", "punk_{id:04d}")
    large = large.take(np.random.default_rng(given.seed).permutation(len(large))[:LARGE])
    hands = ROOT / "data" / "collections"
    known = {
        "Bespoke Punks": small,
        "CryptoPunks": large,
        "collections of other hands": read_collections(hands / "fitted"),
    }
    unseen = {"their unseen collections": read_collections(hands / "unseen")}
    rows = leave_one_out(
        {DRAWN: drawn_examples(FITTED, given.seed), **known},
        {**known, DRAWN: drawn_examples(TESTED, given.seed + 1), **unseen},
        seed=given.seed,
        say=lambda what: print(f"{time.monotonic() - started:5.0f} s  {what}", file=sys.stderr),
    )
    renew_part(PAGE, "unseen", table(rows).rstrip("\n"))
    print(table(rows), end="")


if __name__ == "__main__":
    main()
