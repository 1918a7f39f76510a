"""What `export` and `rarity` begin from: a table that scan wrote, or pictures that are scanned now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from punkdetect.cli._say import Teller
    from punkdetect.inputs import Item, SheetLayout
    from punkdetect.pipeline import Analyzer
    from punkdetect.tables import Table

TABLES = (".csv", ".jsonl", ".ndjson", ".json", ".parquet")
"""Suffixes of what scan and analyze write; one file of such a name is a table, all else are pictures."""

NO_PORTRAIT = "nothing of a portrait was found on this picture"

NAMED = 3
"""Pictures of one kind that a note names."""

source_argument = click.argument("paths", nargs=-1, required=True, type=options.PICTURE, metavar="SOURCE...")


class TraitSource(NamedTuple):
    """Traits of many pictures.

    Parameters
    ----------
    table : Table
    items : list of Item
        The pictures, where they were named; none for a table.
    files : tuple of str
        Everything that is read: no output may be written over it.
    """

    table: Table
    items: list[Item]
    files: tuple[str, ...]


def read_source(
    paths: tuple[Path, ...],
    teller: Teller,
    *,
    traits: tuple[str, ...] | None = None,
    config: Path | None = None,
    forced: bool = False,
    sheet: SheetLayout | None = None,
) -> TraitSource:
    """Read a table, or scan pictures.

    Raises
    ------
    UsageError
        If a path, the table, the config or a trait's name is wrong, or a table is not named alone.
    """
    from punkdetect.errors import NotAnImageError, UsageError
    from punkdetect.inputs import find_inputs
    from punkdetect.pipeline import open_analyzer
    from punkdetect.sources import STDIN
    from punkdetect.tables import read_table

    tables = [path for path in paths if path.suffix.lower() in TABLES and not path.is_dir()]
    if tables and len(paths) > 1:
        raise UsageError(f"{tables[0]}: a table is named alone: one table, or pictures and folders")
    if tables:
        table = read_table(paths[0])
        if traits is not None:
            table = _only(table, traits)
        return TraitSource(table, [], (str(paths[0]),))
    analyzer = open_analyzer(config, traits=traits)
    inputs = find_inputs(paths, forced=forced, sheet=sheet, note=teller.note)
    items = list(inputs.items)
    files = (*inputs.files, *map(str, analyzer.files))
    table = scan_table(paths[0], items, analyzer, teller)
    if (STDIN, NotAnImageError.code) in zip(table.images, table.statuses, strict=True):
        teller.note("standard input is read as a picture: a table is named as a file")
    return TraitSource(table, items, files)


def scan_table(place: Path, items: list[Item], analyzer: Analyzer, teller: Teller) -> Table:
    """Return the table that `scan` would write of these pictures."""
    from dataclasses import replace

    from punkdetect.tables import parse_table
    from punkdetect.writers.csv_format import CsvFormat

    form = CsvFormat(analyzer.headings)
    text = [form.header()]
    teller.start(len(items))
    for reports in analyzer.run(items):
        teller.advance(len(reports))
        text += form.records(reports)
    teller.finish()
    table = parse_table(place, "".join(text))
    # a CSV cannot tell a trait that was forced on from one that was only asked for
    withheld = {h.trait: h.reason for h in analyzer.headings if h.reason and not h.shown}
    columns = {t: replace(c, withheld=withheld.get(t, "")) for t, c in table.columns.items()}
    return replace(table, columns=columns)


def tell_withheld(table: Table, teller: Teller) -> None:
    """Name the traits that a table holds although they did not pass the gate: they are left out."""
    names = [t for t, c in table.columns.items() if c.withheld and any(v is not None for v in c.values)]
    if names:
        teller.note(f"left out, since they did not pass the gate: {', '.join(names)}")


def tell_refused(table: Table, teller: Teller) -> int:
    """Name the pictures that have no traits, and return how many these are."""
    from punkdetect.reports import OK

    refused = [i for i, status in enumerate(table.statuses) if status != OK]
    for i in refused:
        teller.error(f"{table.images[i]}: {table.statuses[i]}: {table.messages[i]}")
    return len(refused)


def blank_rows(table: Table) -> dict[int, str]:
    """Return the pictures that were read but show no portrait, by row, each with the reason.

    Noise and plain colours have a background too, so the background alone makes no portrait.
    """
    from punkdetect.pipeline import NOTHING_DRAWN
    from punkdetect.reports import OK
    from punkdetect.vocabulary import BACKDROP

    shown = [column for column in table.columns.values() if not column.withheld]
    telling = [column for column in shown if column.trait not in BACKDROP] or shown
    blank = {}
    for row, (status, message) in enumerate(zip(table.statuses, table.messages, strict=True)):
        if status != OK:
            continue
        if NOTHING_DRAWN in message:
            blank[row] = message
        elif all(column.values[row] is None for column in telling):
            blank[row] = NO_PORTRAIT
    return blank


def name_some(names: Sequence[str]) -> str:
    """Return how many names there are, with the first few of them: `5 (a, b, c, ...)`."""
    more = ", ..." if len(names) > NAMED else ""
    return f"{len(names)} ({', '.join(names[:NAMED])}{more})"


def _only(table: Table, traits: tuple[str, ...]) -> Table:
    from dataclasses import replace

    from punkdetect.config import did_you_mean
    from punkdetect.errors import UsageError

    for name in traits:
        if name not in table.columns:
            raise UsageError(f"{table.path} has no trait {name!r}{did_you_mean(name, tuple(table.columns))}")
    return replace(table, columns={t: c for t, c in table.columns.items() if t in traits})
