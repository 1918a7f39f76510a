"""`punkdetect recover`: the true 24x24 pixels of pictures of any size."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from punkdetect.sources import SourceError, SourceFile


@click.command(
    epilog=options.examples(
        "punkdetect recover punk.png --scale 20 -o large.png",
        "punkdetect recover large.png -o true.png --report",
    )
)
@options.picture_paths()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=str, allow_dash=True),  # a Path would forget the / at its end
    metavar="FILE|DIR",
    required=True,
    help="PNG to write; or a folder (DIR/), for DIR/<stem>.png of each picture; - is standard output.",
)
@click.option("--scale", type=click.IntRange(1, 125), default=1, metavar="K", help=(
    "Write each pixel as K x K equal ones (125 makes 3000x3000)."
))  # fmt: skip
@click.option("--report", "report_", is_flag=True, help="Say as JSON on standard output how it was found.")
@click.option("--steps", type=click.Path(path_type=Path), metavar="DIR", help=(
    "Also save pictures of each step there: the grid over the picture, how pure each cell is."
))  # fmt: skip
@options.grid_option
@options.force_option
@options.quiet_option
def command(
    images: tuple[Path, ...],
    output: str,
    scale: int,
    report_: bool,
    steps: Path | None,
    grid: str | None,
    force: bool,
    quiet: bool,
) -> int:
    """Find the true 24x24 pixels of enlarged, blurred, bordered or model-made pictures.

    What holds no 24x24 portrait is refused with the reason; --grid 24 takes it for one all the same.
    """
    from punkdetect.cli import EXIT_REFUSED
    from punkdetect.cli._run import put
    from punkdetect.cli._say import Teller
    from punkdetect.errors import PictureError, UsageError
    from punkdetect.plural import counted
    from punkdetect.sources import find_sources
    from punkdetect.writers.json_format import dump
    from punkdetect.writers.output import check_folder

    teller = Teller(quiet)
    sources = find_sources(images, folders=False, note=teller.note)
    target = None if output == "-" else output
    if target is None and (report_ or len(sources) > 1):
        raise UsageError("standard output takes one PNG and no --report: name a FILE or a DIR with -o")
    targets = [None] if target is None else _targets(target, sources, force)
    if steps is not None:
        check_folder(steps)

    def row(source: SourceFile | SourceError, place: Path | None) -> dict[str, Any]:
        try:
            return _recover(source, place, scale, steps, grid is not None, force)
        except PictureError as error:
            teller.error(f"{source.name}: {error.code}: {error.message}")
            return {"image": source.name, "status": error.code, "message": error.message}

    rows: list[dict[str, Any]] = []
    with teller.told(lambda: f"{len(rows)} of {counted(len(targets), 'picture')} done"):
        for source, place in zip(sources, targets, strict=True):
            rows.append(row(source, place))
    written = [row["output"] for row in rows if row["status"] == "ok"]
    if target is not None and written:
        what = "" if len(rows) == 1 else f"{len(written)} of {len(rows)} pictures "
        in_folder = len(rows) == 1 and Path(target).is_dir()
        teller.note(f"{what}written to {written[0] if in_folder else target}")
    if steps is not None and written:
        teller.note(f"steps written to {steps}")
    if report_:
        body = ",\n".join(map(dump, rows))
        put(f"[\n{body}\n]\n" if len(images) > 1 else f"{body}\n", None)
    return EXIT_REFUSED if any(row["status"] != "ok" for row in rows) else 0


_SLASHES = tuple(s for s in (os.sep, os.altsep) if s)


def _targets(named: str, sources: Sequence[SourceFile | SourceError], force: bool) -> list[Path]:
    """Return where each picture goes, having refused what may not be written before anything is."""
    from punkdetect.errors import UsageError
    from punkdetect.sources import SourceFile
    from punkdetect.writers.output import is_stream

    output = Path(named)
    is_folder = os.path.isdir(named)  # noqa: PTH112  # a Path fails on a name that is too long
    is_file = (os.path.lexists(output) or is_stream(output)) and not is_folder
    # A name with a suffix is meant as a file unless there is such a folder or a / says that there is to be.
    means_file = is_file or not (is_folder or named.endswith(_SLASHES) or not output.suffix)
    one_file = means_file and len(sources) == 1
    if one_file and output.suffix.lower() != ".png" and not is_stream(output):
        raise UsageError(f"{output}: end in .png, or name a folder with / at the end")
    if means_file and not one_file:
        what = "is a file" if is_file else "names a file"
        raise UsageError(f"{output} {what}: several pictures need a folder, with / at the end")
    wanted = [output] if one_file else [output / f"{Path(s.name).stem or 'picture'}.png" for s in sources]
    for path, source in zip(wanted, sources, strict=True):
        if wanted.count(path) > 1:
            raise UsageError(f"several pictures would be {path}: recover them one by one ({source.name})")
    files = [s.path for s in sources if isinstance(s, SourceFile)]
    if one_file and not output.parent.exists():
        raise UsageError(f"{output}: the folder {output.parent} does not exist: make it first")
    return [_checked(path, files, force) for path in wanted]


def _checked(path: Path, files: Sequence[str], force: bool) -> Path:
    from punkdetect.writers.output import check_folder, check_output
    from punkdetect.writers.png_format import is_marked_png

    if not os.path.lexists(path.parent):
        check_folder(path.parent)
        return path  # a folder that is made when its first picture is ready
    return check_output(path, lambda head: is_marked_png(head, "recover"), force=force, inputs=files)


def _recover(
    source: SourceFile | SourceError,
    target: Path | None,
    scale: int,
    steps: Path | None,
    forced: bool,
    force: bool,
) -> dict[str, Any]:
    """Recover one picture, write it, and return its row of the report."""
    from punkdetect.cli._run import put
    from punkdetect.images import encode_png, read_picture
    from punkdetect.inputs import recover_portrait
    from punkdetect.report.canvas import enlarge
    from punkdetect.report.steps import draw_steps
    from punkdetect.sources import SourceError, read_bytes
    from punkdetect.writers.json_format import PLACES, source_object
    from punkdetect.writers.output import make_folder
    from punkdetect.writers.png_format import mark_png

    if isinstance(source, SourceError):
        raise source.error
    picture = read_picture(read_bytes(source.path)).rgba
    found = recover_portrait(picture, source.name, forced)
    if target is not None:
        make_folder(target.parent)
    put(mark_png(encode_png(enlarge(found.rgba, scale)), "recover"), target)
    if steps is not None:
        make_folder(steps)
        for name, png in draw_steps(picture, found).items():
            place = _checked(steps / f"{Path(source.name).stem}_{name}.png", [source.path], force)
            put(mark_png(png, "recover"), place)
    return {
        "image": source.name,
        "status": "ok",
        "output": str(target) if target else "-",
        "source": source_object(found.source),
        "margin": round(found.margin, PLACES),
        "purity": {
            "mean": round(float(found.purity.mean()), PLACES),
            "least": round(float(found.purity.min()), PLACES),
        },
    }
