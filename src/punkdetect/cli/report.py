"""`punkdetect report`: one offline HTML file to look at what a scan found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punkdetect.cli import _gallery as gallery
from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from punkdetect.inputs import SheetLayout


@click.command(
    epilog=options.examples(
        "punkdetect report --images punks -o report.html",
        'punkdetect report --images punks --title "Forty-two punks" --no-evidence -o small.html',
    )
)
@gallery.table_argument
@gallery.gallery_options
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE.html", required=True,
    help="Page to write; - is standard output.",
)  # fmt: skip
@click.option("--title", metavar="TEXT", help="Title of the page.  [default: the name of the table]")
@options.force_option
@options.quiet_option
def command(
    table: Path | None,
    places: tuple[Path, ...],
    sheet: SheetLayout | None,
    no_evidence: bool,
    config: Path | None,
    grid: str | None,
    output: Path,
    title: str | None,
    force: bool,
    quiet: bool,
) -> int:
    """Make one HTML file of a table that scan wrote: every portrait, filters, charts, errors, and why.

    TABLE is a .csv, .jsonl or .parquet of scan; without one the pictures are scanned now. The page needs no
    server and no network: a double-click opens it. The pixels that decided are found by running the detectors
    again, or taken from JSON Lines that were written with --evidence.
    """
    from punkdetect.cli import EXIT_REFUSED
    from punkdetect.cli._run import put, stays_for_want_of_images
    from punkdetect.cli._say import Teller
    from punkdetect.cli._source import tell_refused
    from punkdetect.plural import counted
    from punkdetect.report.gallery import gallery_data
    from punkdetect.report.page import is_page, render_page
    from punkdetect.writers.output import check_output

    teller = Teller(quiet)
    target = options.output_path(output)

    def checked(inputs: tuple[str, ...]) -> Path | None:
        recognizes = lambda head: is_page(head, "report")  # noqa: E731
        return target and check_output(target, recognizes, force=force, inputs=inputs)

    target = checked((str(table),) if table else ())  # before any work is done
    sought = gallery.seek(table, places, sheet, no_evidence, config, grid, teller)
    target = checked(sought.files)
    hung = gallery.hang(sought, teller)
    if not sought.items and stays_for_want_of_images(places, target, teller, force=force):
        return EXIT_REFUSED
    page = render_page("report", title or sought.table.path.name, gallery_data(sought.table, hung))
    put(page, target)
    if target is not None:
        pictures = counted(len(sought.table), "picture")
        teller.note(f"{pictures} on one page of {len(page) / 1e6:.1f} MB: {output}")
    refused = tell_refused(sought.table, teller) if table is None else 0  # scan has told of those in a table
    if sought.items and not len(sought.table):
        teller.error(f"no pictures are named in {sought.table.path}")
    shown = sought.items and len(sought.table)
    return 0 if shown and not (hung.lost or refused) else EXIT_REFUSED
