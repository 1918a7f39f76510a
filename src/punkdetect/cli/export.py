"""`punkdetect export`: marketplace metadata from traits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punkdetect.cli import _options as options
from punkdetect.cli import _source as source

if TYPE_CHECKING:
    from punkdetect.inputs import Item, SheetLayout
    from punkdetect.tables import Table
    from punkdetect.writers.metadata_format import Token

OTHER_FILES = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".parquet", ".html", ".htm", ".zip", ".png")
"""Suffixes of files that hold no JSON: whoever writes one of them means no folder."""


@click.command(
    epilog=options.examples(
        'punkdetect export punks --name "Punk #{id}" --base-uri ipfs://CID -o metadata',
        "punkdetect export punks --none keep -o metadata.csv",
    )
)
@source.source_argument
@options.output_option(
    "Folder for a file a token, or FILE.json for one list of all; FILE for CSV.  [default: standard output]",
    "DIR|FILE",
)
@click.option(
    "--format", "form", type=click.Choice(["erc721", "erc1155", "csv"]),
    help="ERC-1155 names files by the id in 64 hex digits.  [default: csv for FILE.csv, else erc721]",
)  # fmt: skip
@click.option(
    "--none", "none", type=click.Choice(["omit", "keep"]), default="omit", show_default=True,
    help="Leave out what a portrait does not have, or say None.",
)  # fmt: skip
@click.option("--base-uri", default="", metavar="URI", help="What stands before the name of each picture.")
@click.option("--name", default="Punk #{id}", metavar="TEXT", show_default=True, help=(
    "Name of a token; {image} is its picture's name."
))  # fmt: skip
@click.option("--description", default="", metavar="TEXT", help="The same for every token.")
@click.option("--first-id", type=click.IntRange(0), default=1, show_default=True, metavar="N", help=(
    "Id of the first picture; the others follow in order."
))  # fmt: skip
@click.option("--ids-from-names", is_flag=True, help="Take ids from the last number in the pictures' names.")
@click.option("--count", is_flag=True, help="Add the number of traits, as a number.")
@click.option("--colors", is_flag=True, help="Add the colours of skin, hair and so on.")
@click.option(
    "--as-written", is_flag=True, help="Write hair_color and cowboy_hat, not Hair Color, Cowboy Hat."
)
@click.option("--source-names", is_flag=True, help=(
    "Add the name of each picture's file as source: audit finds the picture by it."
))  # fmt: skip
@click.option("--scale", type=click.IntRange(1, 125), metavar="K", help=(
    "Also write each picture, each pixel as K x K equal ones, beside its metadata; 125 makes 3000x3000."
))  # fmt: skip
@click.option("--images", type=click.Path(path_type=Path), metavar="DIR", help=(
    "Where the pictures of a table are, for --scale."
))  # fmt: skip
@options.sheet_options_called("--tile-names", "--first-tile")
@options.traits_option
@options.config_option
@options.grid_option
@options.force_option
@options.quiet_option
def command(
    paths: tuple[Path, ...],
    output: Path | None,
    form: str | None,
    none: str,
    base_uri: str,
    name: str,
    description: str,
    first_id: int,
    ids_from_names: bool,
    count: bool,
    colors: bool,
    as_written: bool,
    source_names: bool,
    scale: int | None,
    images: Path | None,
    sheet: SheetLayout | None,
    traits: tuple[str, ...] | None,
    config: Path | None,
    grid: str | None,
    force: bool,
    quiet: bool,
) -> int:
    """Make marketplace metadata of a table that scan wrote, or of pictures.

    Only traits that are shown go in; a picture that cannot be read keeps its id free and is named.
    """
    from punkdetect.cli import EXIT_REFUSED
    from punkdetect.cli._run import put, stays_for_want_of_images
    from punkdetect.cli._say import Teller
    from punkdetect.errors import UsageError
    from punkdetect.plural import counted
    from punkdetect.writers.metadata_format import (
        CSV,
        check_pattern,
        file_stem,
        is_metadata,
        make_tokens,
        metadata_csv,
        metadata_text,
        names_count_otherwise,
        token_object,
    )
    from punkdetect.writers.output import check_output
    from punkdetect.writers.token_folder import write_tokens

    teller = Teller(quiet)
    check_pattern(name)
    target = options.output_path(output)
    form = _form(target, form)
    in_folder = target is not None and form != CSV and target.suffix.lower() != ".json"
    if scale is not None and not in_folder:
        raise UsageError("--scale writes pictures beside their metadata: name a folder with -o")
    if target is not None and not in_folder:
        target = check_output(target, is_metadata, force=force, inputs=map(str, paths))
    given = source.read_source(
        paths, teller, traits=traits, config=config, forced=grid is not None, sheet=sheet
    )
    if target is not None and not in_folder:
        target = check_output(target, is_metadata, force=force, inputs=given.files)
    if not len(given.table):
        old = None if in_folder else target  # of a folder nothing is taken away
        if stays_for_want_of_images(paths, old, teller, force=force):
            return EXIT_REFUSED
    tokens = make_tokens(
        given.table, name, first_id=first_id, ids_from_names=ids_from_names, keep_none=none == "keep",
        colors=colors, as_written=as_written,
    )  # fmt: skip
    if form == CSV:
        put(metadata_csv(tokens, base_uri, count, source_names), target)
    else:
        objects = [token_object(t, form, base_uri, description, count, source_names) for t in tokens]
        if in_folder and target is not None:
            drawn = None
            if scale is not None:
                items = _pictures(given.table, given.items, tokens, images, sheet)
                drawn = (_draw(item, scale) for item in items)
            stems = [file_stem(token, form) for token in tokens]
            with teller.told(lambda: f"{output} may lack some of {len(stems)} tokens; run again for all"):
                left = write_tokens(target, stems, objects, drawn, inputs=given.files, force=force)
            if left:
                teller.note(f"still in {output} from an earlier export: {len(left)} tokens ({left[0]} ...)")
        else:
            put(metadata_text(objects), target)
    source.tell_withheld(given.table, teller)
    refused = source.tell_refused(given.table, teller)
    blank = source.blank_rows(given.table)
    if blank and any(not column.withheld for column in given.table.columns.values()):
        names = source.name_some([given.table.images[i] for i in blank])
        teller.note(f"have metadata although no portrait was found on them: {names}")
    if names_count_otherwise(tokens):
        teller.note("the ids are not the numbers in the pictures' names; --ids-from-names takes those")
    where = f", written to {output}" if target is not None else ""
    teller.note(f"{len(tokens)} of {counted(len(given.table), 'picture')} have metadata{where}")
    return EXIT_REFUSED if refused or not tokens else 0


def _form(target: Path | None, asked: str | None) -> str:
    """Return the format: what was asked for, else by the suffix; no folder is called like a file.

    Raises
    ------
    UsageError
        If JSON was asked for under the name of another kind of file.
    """
    from punkdetect.errors import UsageError
    from punkdetect.named_files import is_special
    from punkdetect.writers.metadata_format import CSV, ERC721

    suffix = "" if target is None or is_special(target) else target.suffix.lower()
    if asked == CSV or (asked is None and suffix == ".csv"):
        return CSV
    if suffix in OTHER_FILES:
        raise UsageError(f"{target}: metadata goes into a folder, a .json of all, or a .csv (--format csv)")
    return asked or ERC721


def _pictures(
    table: Table, items: list[Item], tokens: list[Token], images: Path | None, sheet: SheetLayout | None
) -> list[Item]:
    """Return the picture of each token."""
    from punkdetect.errors import UsageError
    from punkdetect.inputs import find_inputs
    from punkdetect.report.gallery import match_names

    if not items:
        if images is None:
            raise UsageError("--scale needs the pictures of the table: say --images DIR")
        items = list(find_inputs([images], sheet=sheet).items)
    wanted = [table.images[token.row] for token in tokens]
    found = match_names(wanted, [item.name for item in items])
    for name, at in zip(wanted, found, strict=True):
        if at is None:
            hint = options.sheet_hint([images] if images else [], sheet)
            raise UsageError(f"{name}: no picture of this name in {images or 'the source'}{hint}")
    return [items[at] for at in found if at is not None]


def _draw(item: Item, scale: int) -> bytes:
    """Return a picture enlarged, as a PNG that is known for ours."""
    from punkdetect.images import encode_png
    from punkdetect.report.canvas import enlarge
    from punkdetect.writers.png_format import mark_png

    rgba, _ = item.load()
    return mark_png(encode_png(enlarge(rgba, scale)), "export")
