"""`punkdetect synth`: portraits that the project draws itself, with exact labels and masks."""

from __future__ import annotations

from pathlib import Path

import click

from punkdetect.cli import _options as options


@click.command(
    epilog=options.examples(
        "punkdetect synth -n 1000 --seed 1 -o drawn",
        "punkdetect synth -n 120 --sheet sheet.png",
    )
)
@click.option("-n", "count", type=click.IntRange(1, 1_000_000), default=100, show_default=True, help=(
    "How many."  # a million are some 4 GB of files and 1.5 GB of masks in memory; their names have six digits
))  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help=(
    "Same seed, same bytes; a larger -n adds portraits and changes none."
))  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help=(
    "Folder for the PNGs, labels.csv and masks.npz; made if it is not there."
))  # fmt: skip
@click.option("--sheet", type=click.Path(path_type=Path), metavar="FILE.png", help=(
    "Also (or only) one picture of the first 240, enlarged."
))  # fmt: skip
@click.option("--masks/--no-masks", default=True, show_default=True, help="Write masks.npz.")
@options.force_option
@options.quiet_option
def command(
    count: int, seed: int, output: Path | None, sheet: Path | None, masks: bool, force: bool, quiet: bool
) -> int:
    """Draw labelled 24x24 portraits: every value of every trait, on heads and backgrounds of all kinds.

    The labels say what can be seen; what people would disagree about is left blank.
    """
    from punkdetect.cli._run import put
    from punkdetect.cli._say import Teller
    from punkdetect.errors import UsageError
    from punkdetect.images import encode_png
    from punkdetect.plural import counted
    from punkdetect.report.contact_sheet import MOST, draw_sheet
    from punkdetect.synth import draw
    from punkdetect.writers.drawn_folder import DrawnFolder, check_folder
    from punkdetect.writers.output import check_output
    from punkdetect.writers.png_format import is_marked_png, mark_png

    if output is None and sheet is None:
        raise UsageError("nowhere to draw to: name a folder with -o, or a picture with --sheet")
    teller = Teller(quiet)
    if output is not None:
        check_folder(output, force=force)
    target = None
    if sheet is not None:
        if sheet.suffix.lower() != ".png":
            raise UsageError(f"{sheet}: the sheet is a PNG: end its name in .png")
        target = check_output(sheet, lambda head: is_marked_png(head, "synth"), force=force)
    if output is not None:
        folder = DrawnFolder(output, masks=masks)
        teller.start(count)
        with teller.told(
            lambda: (
                f"{teller.n} of {counted(count, 'portrait')} in {output}, without labels; run again for all"
            )
        ):
            for start in range(0, count, _BLOCK):
                drawn = draw(min(_BLOCK, count - start), seed, start)
                folder.add(drawn, [encode_png(rgba) for rgba in drawn.rgba])
                teller.advance(len(drawn))
            folder.finish()
        teller.finish()
        teller.note(f"{counted(count, 'portrait')} in {output}")
    if target is not None:
        with teller.told(lambda: f"{sheet} was not written"):
            put(mark_png(draw_sheet(draw(min(count, MOST), seed).rgba), "synth"), target)
    return 0


_BLOCK = 1024
"""Portraits in memory at once."""
