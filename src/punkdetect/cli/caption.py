"""`punkdetect caption`: a short training caption for every picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from punkdetect.cli._say import Teller
    from punkdetect.inputs import SheetLayout
    from punkdetect.reports import Reports
    from punkdetect.words.caption import CaptionTemplate
    from punkdetect.writers.captions import CaptionWriter, PrintedCaptions


@click.command(
    epilog=options.examples(
        "punkdetect caption punks -o captions",
        "punkdetect caption punk.png -o -",
    )
)
@click.argument("paths", nargs=-1, type=options.PICTURE, metavar="PATH...")
@options.output_option(
    "Folder for the captions, with the subfolders of the pictures; - prints them.  "
    "[default: beside each picture]",
    "DIR",
)
@click.option("--template", type=click.Path(path_type=Path, readable=False), metavar="FILE", help=(
    "Word the captions by this template instead of the packaged one."
))  # fmt: skip
@click.option("--print-template", is_flag=True, help="Print the packaged template, to begin your own from.")
@options.sheet_options
@options.traits_option
@options.confidence_option
@options.config_option
@options.grid_option
@click.option("--force", is_flag=True, help="Write over captions that are there.")
@options.quiet_option
def command(
    paths: tuple[Path, ...],
    output: Path | None,
    template: Path | None,
    print_template: bool,
    sheet: SheetLayout | None,
    traits: tuple[str, ...] | None,
    min_confidence: float | None,
    config: Path | None,
    grid: str | None,
    force: bool,
    quiet: bool,
) -> int:
    """Write a caption a picture, NAME.txt for NAME.png, from the traits that are shown.

    Withheld traits, and what was not found, are never mentioned. A caption that is there already and says
    something else is kept and named, and the exit code is 1; --force writes over it.
    """
    from punkdetect.cli._run import put
    from punkdetect.cli._say import Teller
    from punkdetect.errors import UsageError
    from punkdetect.inputs import find_inputs
    from punkdetect.pipeline import open_analyzer
    from punkdetect.words.caption import TEMPLATE, read_template
    from punkdetect.writers.captions import CaptionWriter, PrintedCaptions

    if print_template:
        put(TEMPLATE.read_bytes(), None)
        return 0
    if not paths:
        raise UsageError("name the pictures to caption: punkdetect caption PATH...")
    teller = Teller(quiet)
    wording = read_template(template)
    analyzer = open_analyzer(config, traits=traits, min_confidence=min_confidence)
    inputs = find_inputs(paths, forced=grid is not None, sheet=sheet, note=teller.note)
    items = list(inputs.items)
    writer: CaptionWriter | PrintedCaptions = PrintedCaptions()
    if str(output) != "-":
        places = _places(paths, [item.name for item in items], output, sheet)
        writer = CaptionWriter(places, tuple(inputs.files), force=force)
    if not items:
        teller.error(f"no images found in {', '.join(map(str, paths))}")
    teller.start(len(items))
    return _caption(analyzer.run(items), wording, writer, teller)


def _places(
    paths: tuple[Path, ...], names: list[str], output: Path | None, sheet: SheetLayout | None
) -> dict[str, Path]:
    """Return where the captions go."""
    from punkdetect.errors import UsageError
    from punkdetect.sources import STDIN, SourceFile, find_sources
    from punkdetect.writers.captions import mirrored_places, places_beside

    if output is not None:
        return mirrored_places(names, output)
    if sheet is not None or any(str(path) == STDIN for path in paths):
        raise UsageError("nothing lies beside a tile or standard input: say -o DIR, or -o - to print")
    return places_beside({s.name: s.path for s in find_sources(paths) if isinstance(s, SourceFile)})


def _caption(
    blocks: Iterator[Reports],
    wording: CaptionTemplate,
    writer: CaptionWriter | PrintedCaptions,
    teller: Teller,
) -> int:
    """Write the captions and say what became of them."""
    from collections import Counter

    from punkdetect.cli import EXIT_REFUSED
    from punkdetect.plural import counted
    from punkdetect.writers.captions import KEPT, SAME, WRITTEN

    counts: Counter[str] = Counter()
    with teller.told(lambda: f"{counted(counts[WRITTEN], 'caption')} written; run again for the others"):
        _write_all(blocks, wording, writer, teller, counts)
    teller.finish()
    told = [f"{counted(counts[WRITTEN], 'caption')} written"]
    told += [f"{counts[what]} {words}" for what, words in (
        (SAME, "already there"), (KEPT, "kept"), ("refused", "refused"), ("failed", "incomplete"),
    ) if counts[what]]  # fmt: skip
    teller.note(", ".join(told))
    fine = counts[WRITTEN] + counts[SAME] and not (counts[KEPT] + counts["refused"] + counts["failed"])
    return 0 if fine else EXIT_REFUSED


def _write_all(
    blocks: Iterator[Reports],
    wording: CaptionTemplate,
    writer: CaptionWriter | PrintedCaptions,
    teller: Teller,
    counts: Counter[str],
) -> None:
    """Write captions and count what became of them."""
    from punkdetect.reports import OK
    from punkdetect.words.caption import shown_values, write_caption
    from punkdetect.writers.captions import KEPT

    for reports in blocks:
        for report in reports:
            if report.status != OK:
                teller.error(f"{report.image}: {report.status}: {report.message}")
            if report.rgba is None:
                counts["refused"] += 1
                continue
            became = writer.write(report.image, write_caption(wording, shown_values(report)))
            if became == KEPT:
                teller.error(f"{report.image}: its caption says something else and was kept (--force)")
            counts[became] += 1
            counts["failed"] += report.status != OK
        teller.advance(len(reports))
