"""Measure `punkdetect audit` on the captions of a labelled collection and renew the tables of docs/audit.md.

    scripts/audit --data DIR

DIR holds `bespoke/` with labels.csv, images24/ and captions/, and `cryptopunks/` with labels.csv,
attributes.csv and the sheet. The labels are the judge: an alarm is right if no label accepts what the words
claim. Everything between the two marks in docs/audit.md is written by this command; of the captions only what
they claim is told there, never their text.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from marked_page import ROOT, renew_part

from punkdetect.gate import TraitPlan
from punkdetect.inputs import Item, SheetLayout, find_inputs
from punkdetect.labels import image_stem, read_labels
from punkdetect.pipeline import Analyzer, open_analyzer
from punkdetect.punks import SIDE
from punkdetect.words.audit import NOT_MENTIONED, Finding, audit_reports
from punkdetect.words.given import Wording, read_words
from punkdetect.words.table import NONE, read_table

HELD_TO = ("expression", "eyewear", "earrings")
"""Traits that two careful people agree on in 98 % of the portraits and more."""

OTHERS = ("facial_hair", "headwear", "mouth_item", "neckwear", "background", "background_color", "skin_tone",
          "hair_color", "hair_length", "hairstyle")  # fmt: skip


ATTRIBUTES = """The 5,000 CryptoPunks, held against the collection's own list of attributes, judged by labels
of what can be seen. The list names earrings that hair covers; it also names smiles and frowns that a beard
covers, of which the labels accept both the smile and its absence:"""


class Case(NamedTuple):
    """What the words of one picture claim of one trait, and the labels it is judged by."""

    image: str
    trait: str
    accepted: tuple[str, ...]
    silent: bool
    labels: tuple[str, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether no label accepts what the words claim."""
        return not set(self.accepted) & set(self.labels)


def main() -> None:
    """Measure and rewrite the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    cases, alarms = hand_made(data / "bespoke")
    parts = [
        summary(cases, alarms),
        silence(cases),
        listing([f for f in alarms if f.trait in HELD_TO], cases),
        other_traits("Alarms on the other traits, by the same judge:", OTHERS, cases, alarms),
        other_traits(ATTRIBUTES, (*HELD_TO, *OTHERS), *attribute_list(data / "cryptopunks")),
    ]
    renew_part(ROOT / "docs" / "audit.md", "measured", "\n\n".join(parts))
    print(parts[0])


def hand_made(folder: Path) -> tuple[list[Case], list[Finding]]:
    """Audit the artist's captions."""
    items = list(find_inputs([folder / "images24"]).items)
    return audited(items, folder / "captions", folder / "labels.csv")


def attribute_list(folder: Path) -> tuple[list[Case], list[Finding]]:
    """Audit a collection's own list of attributes."""
    (sheet,) = folder.glob("*.png")
    layout = SheetLayout(SIDE, name="punk_{id:04d}")
    items = list(find_inputs([sheet], sheet=layout).items)
    return audited(items, folder / "attributes.csv", folder / "labels.csv")


def audited(items: list[Item], words: Path, labels_path: Path) -> tuple[list[Case], list[Finding]]:
    """Return what the words claim, beside the labels, and the alarms."""
    labels = {row.image: row.accepted for row in read_labels(labels_path).rows}
    table = read_table()
    given = read_words(words, [item.name for item in items], table)
    analyzer = open_analyzer(ROOT / "configs" / "features.yaml")
    bare = Analyzer([_as_unseen(plan) for plan in analyzer.plan])
    accuracy = {p.trait: p.measured.accuracy for p in bare.plan if p.measured is not None}
    audit = audit_reports(bare.run(items), given, table, accuracy)
    return list(find_cases(given.by_image, labels, table.silence_means_none)), audit.alarms


def _as_unseen(plan: TraitPlan) -> TraitPlan:
    """Leave out what was fitted to the very portraits that are audited: calibration, and a rule's network."""
    return plan._replace(detector=getattr(plan.detector, "rule", plan.detector), calibration={})


def find_cases(
    wordings: Mapping[str, Wording],
    labels: Mapping[str, Mapping[str, tuple[str, ...]]],
    silence_means_none: Iterable[str],
) -> Iterable[Case]:
    """Yield every claim that a label judges, those made by silence among them."""
    for image, wording in wordings.items():
        accepted = labels.get(image_stem(image), {})
        claims = {claim.trait: claim.accepted for claim in wording.claims}
        for trait, right in accepted.items():
            if trait in claims:
                yield Case(image, trait, claims[trait], False, right)
            elif trait in silence_means_none and wording.speaks:
                yield Case(image, trait, (NONE,), True, right)


def summary(cases: list[Case], alarms: list[Finding]) -> str:
    """Return how many wrong claims are found, and how many alarms are right, by trait."""
    lines = [
        "| trait | claims | wrong by the labels | found | alarms | right |",
        "|---|---|---|---|---|---|",
    ]
    totals = [0, 0, 0, 0, 0]
    for trait in HELD_TO:
        mine = [c for c in cases if c.trait == trait]
        wrong = {c.image for c in mine if c.is_wrong}
        alarmed = {f.image for f in alarms if f.trait == trait}
        row = [len(mine), len(wrong), len(wrong & alarmed), len(alarmed), len(wrong & alarmed)]
        totals = [a + b for a, b in zip(totals, row, strict=True)]
        lines.append(f"| {trait} | " + " | ".join(map(str, row)) + " |")
    lines.append("| together | " + " | ".join(map(str, totals)) + " |")
    wrong_images = {c.image for c in cases if c.trait in HELD_TO and c.is_wrong}
    told = {f.image for f in alarms if f.trait in HELD_TO}
    lines += [
        "",
        f"{len(told & wrong_images)} of the {len(wrong_images)} captions that contradict the labels are "
        f"found ({len(told & wrong_images) / len(wrong_images):.0%}); {totals[4]} of the {totals[3]} alarms "
        f"are right ({totals[4] / totals[3]:.0%}).",
    ]
    return "\n".join(lines)


def silence(cases: list[Case]) -> str:
    """Return how often silence is right: the judge of whether not to mention something is a claim."""
    lines = [
        "How often the labels bear out what is said, and what silence would say if it meant `none`:",
        "",
        "| trait | said | right | not mentioned | none indeed |",
        "|---|---|---|---|---|",
    ]
    for trait in ("eyewear", "earrings", "headwear", "facial_hair", "mouth_item", "neckwear"):
        counts = Counter((c.silent, c.is_wrong) for c in cases if c.trait == trait)
        cells = []
        for silent in (False, True):
            n, right = counts[silent, False] + counts[silent, True], counts[silent, False]
            cells += [str(n), f"{right / n:.0%}" if n else ""]
        lines.append(f"| {trait} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def listing(alarms: list[Finding], cases: list[Case]) -> str:
    """Return every alarm on the traits held to, the surest first, and whether the labels agree."""
    judged = {(c.image, c.trait): c for c in cases}
    lines = [
        "Every alarm on these three traits:",
        "",
        "| image | trait | the words say | the pixels show | sure | labels |",
        "|---|---|---|---|---|---|",
    ]
    for f in alarms:
        case = judged.get((f.image, f.trait))
        said = "(not mentioned)" if f.kind == NOT_MENTIONED else " or ".join(f.claimed)
        labels = "" if case is None else " or ".join(case.labels)
        wrong = "" if case is None or case.is_wrong else ": **the words are right**"
        lines.append(
            f"| {image_stem(f.image)} | {f.trait} | {said} | {f.shown} | {f.sure:.2f} | {labels}{wrong} |"
        )
    return "\n".join(lines)


def other_traits(heading: str, traits: Iterable[str], cases: list[Case], alarms: list[Finding]) -> str:
    """Return how many wrong claims there are, how many alarms, and how many of these are right."""
    lines = [heading, "", "| trait | wrong by the labels | alarms | right |", "|---|---|---|---|"]
    for trait in traits:
        mine = [c for c in cases if c.trait == trait]
        if not mine:
            continue
        wrong = {c.image for c in mine if c.is_wrong}
        judged = {c.image for c in mine}
        alarmed = {f.image for f in alarms if f.trait == trait} & judged
        lines.append(f"| {trait} | {len(wrong)} | {len(alarmed)} | {len(wrong & alarmed)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
