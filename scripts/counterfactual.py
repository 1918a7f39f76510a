"""Measure how often answers turn when their evidence is painted over; renew docs/explanations.md.

    scripts/counterfactual --data DIR [--every N]

DIR is as for scripts/accuracy. Of the 5,000 CryptoPunks every N-th is taken.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from marked_page import ROOT, renew_part

from punkdetect.counterfactual import Turn, take_evidence_away
from punkdetect.inputs import Item, SheetLayout, find_inputs
from punkdetect.pipeline import Analyzer, open_analyzer

TRAITS = (
    "expression",
    "eyewear",
    "earrings",
    "mouth_item",
    "headwear",
    "facial_hair",
    "hairstyle",
    "neckwear",
)
"""Traits that are things: their pixels can be taken away, and then the thing is gone."""

NAMED = 5
"""Portraits that are named where an answer stays."""


def main() -> None:
    """Measure and rewrite the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--every", type=int, default=10)
    given = parser.parse_args()
    analyzer = open_analyzer(traits=TRAITS, everything=True)
    turns = list(measure(analyzer, portraits(given.data, given.every)))
    table = render(turns)
    renew_part(ROOT / "docs" / "explanations.md", "measured", table)
    print(table)


def portraits(data: Path, every: int) -> Iterator[Item]:
    """Yield all Bespoke Punks and every N-th CryptoPunk."""

    def tell(note: str) -> None:
        print(note)

    yield from find_inputs([data / "bespoke" / "images24"], folders=True, note=tell).items
    layout = SheetLayout(24, None, 0, 0, "punk_{id:04d}", 0)
    (sheet,) = (data / "cryptopunks").glob("*.png")
    punks = find_inputs([sheet], folders=True, sheet=layout, note=tell).items
    yield from (item for i, item in enumerate(punks) if i % every == 0)


def measure(analyzer: Analyzer, items: Iterable[Item]) -> Iterator[tuple[str, Turn]]:
    """Yield the name of a portrait and what became of each of its answers."""
    for reports in analyzer.run(items):
        for report in reports:
            for turn in take_evidence_away(report, analyzer):
                yield report.image, turn


def render(turns: Iterable[tuple[str, Turn]]) -> str:
    """Return the table: for each answer how often it turned, and where it did not."""
    asked: Counter[tuple[str, str]] = Counter()
    stayed: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for image, turn in turns:
        asked[turn.trait, turn.value] += 1
        if not turn.turned:
            stayed[turn.trait, turn.value].append(image)
    lines = ["| trait | answer | portraits | turns | stays in |", "|---|---|---|---|---|"]
    for key, n in sorted(asked.items(), key=lambda entry: (TRAITS.index(entry[0][0]), -entry[1])):
        images = stayed[key]
        named = ", ".join(images[:NAMED]) + (
            f" and {len(images) - NAMED} more" if len(images) > NAMED else ""
        )
        lines.append(f"| {key[0]} | {key[1]} | {n} | {(n - len(images)) / n:.3f} | {named} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
