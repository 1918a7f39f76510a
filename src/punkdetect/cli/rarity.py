"""`punkdetect rarity`: how rare each portrait is within its collection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punkdetect.cli import _options as options
from punkdetect.cli import _source as source

if TYPE_CHECKING:
    from punkdetect.inputs import SheetLayout
    from punkdetect.rarity import Rarity
    from punkdetect.tables import Table

OPEN_BELOW = 0.7
"""Confidence under which a value is left open, as the gate's own threshold for a whole trait."""

TOP = 20

FORMATS = {".txt": "text", ".csv": "csv", ".json": "json"}
"""By suffix of the output; text where it has none."""


@click.command(
    epilog=options.examples(
        "punkdetect rarity punks --top 5",
        "punkdetect rarity punks --traits eyewear,earrings,headwear,mouth_item -o rarity.csv",
    )
)
@source.source_argument
@options.output_option(
    "Write here instead of standard output; the suffix says the format (.csv, .json, .txt)."
)
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), help="Format of the output.")
@click.option("--top", type=click.IntRange(0), default=TOP, show_default=True, metavar="N", help=(
    "Portraits that the text lists; 0 lists all."
))  # fmt: skip
@click.option("--open-below", type=options.Share(), metavar="X", help=(
    f"Leave open what is less sure than this (0 to 1).  [default: {OPEN_BELOW}]"
))  # fmt: skip
@options.sheet_options
@options.traits_option
@options.config_option
@options.grid_option
@options.force_option
@options.quiet_option
def command(
    paths: tuple[Path, ...],
    output: Path | None,
    form: str | None,
    top: int,
    open_below: float | None,
    sheet: SheetLayout | None,
    traits: tuple[str, ...] | None,
    config: Path | None,
    grid: str | None,
    force: bool,
    quiet: bool,
) -> int:
    """Score and rank a collection by OpenRarity's formula, from a table that scan wrote or from pictures.

    A trait's share is the part of the collection that has the same value; having none is a value as well.
    Where a value is not sure, the ranks are told between which the portrait may stand.
    """
    from dataclasses import replace

    from punkdetect.cli import EXIT_REFUSED
    from punkdetect.cli._run import put, stays_for_want_of_images
    from punkdetect.cli._say import Teller
    from punkdetect.plural import counted
    from punkdetect.reports import OK
    from punkdetect.writers import format_name
    from punkdetect.writers.output import check_output
    from punkdetect.writers.rarity_format import is_rarity, rarity_csv, rarity_json, rarity_text

    teller = Teller(quiet)
    target = options.output_path(output)
    kind = format_name(target, form, FORMATS)
    if target is not None:
        target = check_output(target, is_rarity, force=force, inputs=map(str, paths))
    given = source.read_source(
        paths, teller, traits=traits, config=config, forced=grid is not None, sheet=sheet
    )
    if target is not None:
        target = check_output(target, is_rarity, force=force, inputs=given.files)
    if not len(given.table) and stays_for_want_of_images(paths, target, teller, force=force):
        return EXIT_REFUSED
    blank = source.blank_rows(given.table)
    messages = [blank.get(i, message) for i, message in enumerate(given.table.messages)]
    table = replace(given.table, messages=messages)
    rows = [i for i, status in enumerate(table.statuses) if status == OK and i not in blank]
    rarity = _rate(table, rows, OPEN_BELOW if open_below is None else open_below)
    if kind == "text":
        put(rarity_text(table, rows, rarity, top or None), target)
    else:
        put((rarity_csv if kind == "csv" else rarity_json)(table, rows, rarity), target)
    source.tell_withheld(table, teller)
    refused = source.tell_refused(table, teller)
    if blank:
        names = source.name_some([table.images[i] for i in blank])
        teller.note(f"not ranked, since no portrait was found on them: {names}")
    where = f", written to {output}" if target is not None else ""
    teller.note(f"{len(rows)} of {counted(len(table), 'portrait')} ranked{where}")
    return EXIT_REFUSED if refused or not rows else 0


def _rate(table: Table, rows: list[int], open_below: float) -> Rarity:
    """Rate the rows of a table by the traits that are shown."""
    import numpy as np

    from punkdetect.rarity import MISSING, rate_rarity

    shown = {t: c for t, c in table.columns.items() if not c.withheld and not c.is_color}
    values = {t: [c.values[row] or MISSING for row in rows] for t, c in shown.items()}
    still_open = {
        t: np.array([_below(c.confidences[r], open_below) for r in rows], np.bool_) for t, c in shown.items()
    }
    return rate_rarity(values, still_open)


def _below(confidence: float | None, least: float) -> bool:
    return confidence is not None and confidence < least
