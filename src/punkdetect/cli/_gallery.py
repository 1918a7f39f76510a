"""What `report` and `review` share: a table, the pictures it speaks of, and the pixels that decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from punkdetect.cli._say import Teller
    from punkdetect.inputs import Item, SheetLayout
    from punkdetect.pipeline import Analyzer
    from punkdetect.report.gallery import Gallery
    from punkdetect.reports import Reports
    from punkdetect.tables import Table

table_argument = click.argument("table", required=False, type=click.Path(path_type=Path), metavar="[TABLE]")
images_option = click.option(
    "--images", "places", type=click.Path(path_type=Path), metavar="DIR", multiple=True, required=True,
    help="Where the pictures are: the folder that was scanned, or a sheet; repeatable.",
)  # fmt: skip
no_evidence_option = click.option(
    "--no-evidence", is_flag=True, help="Leave out the pixels that decided: quicker, and a smaller page."
)
gallery_options = options.chain(
    images_option, options.sheet_options, no_evidence_option, options.config_option, options.grid_option
)


class Sought(NamedTuple):
    """A table, and what is needed to hang its pictures.

    Parameters
    ----------
    table : Table
    items : list of Item
        All pictures that were found.
    places : str
        Where, in words.
    analyzer : Analyzer
        Finds the evidence that the table does not hold.
    files : tuple of str
        Everything that is read: no output may be written over it.
    hint : str
        What may be wrong if none of the pictures is found.
    """

    table: Table
    items: list[Item]
    places: str
    analyzer: Analyzer
    files: tuple[str, ...]
    hint: str


def seek(
    path: Path | None,
    places: tuple[Path, ...],
    sheet: SheetLayout | None,
    no_evidence: bool,
    config: Path | None,
    grid: str | None,
    teller: Teller,
    *,
    everything: bool = False,
) -> Sought:
    """Read a table, or make one of the pictures if none is named, and find its pictures.

    With `everything` a table that is made answers withheld traits as well.

    Raises
    ------
    UsageError
        If the table, the config or a place is wrong.
    """
    from punkdetect.cli._source import scan_table
    from punkdetect.inputs import find_inputs
    from punkdetect.pipeline import Analyzer, open_analyzer
    from punkdetect.tables import read_table

    table = read_table(path) if path is not None else None
    whole = open_analyzer(config, everything=True, min_confidence=0.0)
    inputs = find_inputs(places, forced=grid is not None, sheet=sheet, note=teller.note)
    items = list(inputs.items)
    if table is None:
        table = scan_table(places[0], items, open_analyzer(config, everything=everything), teller)
    missing = {t for t, column in table.columns.items() if column.evidence is None and any(column.values)}
    plan = [] if no_evidence else [p for p in whole.plan if p.trait in missing]
    files = (*inputs.files, *map(str, whole.files), *([str(path)] if path else []))
    named, hint = ", ".join(map(str, places)), options.sheet_hint(places, sheet)
    return Sought(table, items, named, Analyzer(plan, whole.files), files, hint)


def hang(sought: Sought, teller: Teller) -> Gallery:
    """Read the pictures of a table, look at them again for evidence, and say which are not there.

    Raises
    ------
    UsageError
        If none of them is.
    """
    from punkdetect.errors import UsageError
    from punkdetect.report.gallery import hang_gallery, match_names, rows_with_pictures

    table, items = sought.table, sought.items
    rows = rows_with_pictures(table)
    found = match_names([table.images[row] for row in rows], [item.name for item in items])
    matched = [(row, items[i]) for row, i in zip(rows, found, strict=True) if i is not None]
    if rows and not matched:
        there = f"which holds {items[0].name}" if items else "which holds no pictures"
        raise UsageError(
            f"none of the {len(rows)} pictures of {table.path} ({table.images[rows[0]]} ...) is in "
            f"{sought.places}, {there}: name the folder that was scanned{sought.hint}"
        )
    blocks = _told(sought.analyzer, [item for _, item in matched], teller)
    gallery = hang_gallery(table, [row for row, _ in matched], blocks)
    absent = [row for row, i in zip(rows, found, strict=True) if i is None]
    gallery.lost.update(dict.fromkeys(absent, "missing: no picture of this name was found"))
    for row, why in sorted(gallery.lost.items()):
        teller.error(f"{table.images[row]}: {why}")
    return gallery


def _told(analyzer: Analyzer, items: Iterable[Item], teller: Teller) -> Iterator[Reports]:
    """Yield reports while a bar says how far it is."""
    items = list(items)
    teller.start(len(items))
    for reports in analyzer.run(items):
        teller.advance(len(reports))
        yield reports
    teller.finish()
