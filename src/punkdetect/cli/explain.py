"""`punkdetect explain`: one picture that shows which pixels decided each trait."""

from __future__ import annotations

from pathlib import Path

import click

from punkdetect.cli import _options as options


@click.command(
    epilog=options.examples(
        "punkdetect explain data/demo/demo_01_smile_hoop.png -o why.png",
        "punkdetect explain data/demo/demo_01_smile_hoop.png --traits expression,eyewear --all -o why.png",
    )
)
@click.argument("image", type=options.PICTURE, metavar="IMAGE")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE.png",
    required=True,
    help="Picture to write; - is standard output.",
)
@options.analysis_options
@options.grid_option
@options.force_option
@options.quiet_option
def command(
    image: Path,
    output: Path,
    traits: tuple[str, ...] | None,
    everything: bool,
    min_confidence: float | None,
    config: Path | None,
    grid: str | None,
    force: bool,
    quiet: bool,
) -> int:
    """Draw the portrait enlarged, with the pixels that decided each trait outlined, and a legend.

    Colours are outlined only where --traits names them. Withheld traits are grey, with the reason.
    """
    from punkdetect.cli import EXIT_REFUSED
    from punkdetect.cli._run import put
    from punkdetect.cli._say import Teller
    from punkdetect.errors import UsageError
    from punkdetect.inputs import find_inputs
    from punkdetect.pipeline import open_analyzer
    from punkdetect.report.explain import draw_explanation
    from punkdetect.writers.output import check_output, is_stream
    from punkdetect.writers.png_format import is_marked_png, mark_png

    teller = Teller(quiet)
    target = options.output_path(output)
    if target is not None and target.suffix.lower() != ".png" and not is_stream(target):
        raise UsageError(f"{target}: explain draws a PNG: end the name of the output in .png")
    inputs = find_inputs([image], folders=False, forced=grid is not None, note=teller.note)
    analyzer = open_analyzer(config, traits=traits, everything=everything, min_confidence=min_confidence)
    if target is not None:
        read = (*inputs.files, *map(str, analyzer.files))
        target = check_output(target, lambda head: is_marked_png(head, "explain"), force=force, inputs=read)
    reports = next(iter(analyzer.run(inputs.items)))
    report = reports.report(0)
    if report.status != "ok":
        teller.error(f"{report.image}: {report.status}: {report.message}")
    if report.rgba is None:
        return EXIT_REFUSED
    put(mark_png(draw_explanation(report, outline_colors=traits is not None), "explain"), target)
    if target is not None:
        teller.note(f"written to {output}")
    return EXIT_REFUSED if report.status != "ok" else 0
