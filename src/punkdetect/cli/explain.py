"""`punkdetect explain`: one picture that shows which pixels decided each trait."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from punkdetect.report.explain import Explanation


@click.command(
    epilog=options.examples(
        "punkdetect explain punk.png -o why.png",
        "punkdetect explain punk.png --counterfactual -o why.svg",
    )
)
@click.argument("image", type=options.PICTURE, metavar="IMAGE")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    required=True,
    help="Picture to write, .png or .svg; - is standard output (PNG).",
)
@click.option(
    "--counterfactual",
    is_flag=True,
    help="Paint the evidence of each answer over with what surrounds it, and say whether the answer turns.",
)
@options.analysis_options
@options.grid_option
@options.force_option
@options.quiet_option
def command(
    image: Path,
    output: Path,
    counterfactual: bool,
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
    from punkdetect.counterfactual import take_evidence_away
    from punkdetect.errors import UsageError
    from punkdetect.inputs import find_inputs
    from punkdetect.pipeline import open_analyzer
    from punkdetect.report.explain import explain_report, turn_words
    from punkdetect.writers.output import check_output, is_stream

    teller = Teller(quiet)
    target = options.output_path(output)
    suffix = ".png" if target is None or is_stream(target) else target.suffix.lower()
    if suffix not in (".png", ".svg"):
        raise UsageError(f"{target}: explain draws PNG and SVG: end the name of the output in .png or .svg")
    inputs = find_inputs([image], folders=False, forced=grid is not None, note=teller.note)
    analyzer = open_analyzer(config, traits=traits, everything=everything, min_confidence=min_confidence)
    if target is not None:
        read = (*inputs.files, *map(str, analyzer.files))
        target = check_output(target, _is_explanation, force=force, inputs=read)
    reports = next(iter(analyzer.run(inputs.items)))
    report = reports.report(0)
    if report.status != "ok":
        teller.error(f"{report.image}: {report.status}: {report.message}")
    if report.rgba is None:
        return EXIT_REFUSED
    turns = take_evidence_away(report, analyzer) if counterfactual else []
    for turn in turns:
        teller.note(f"{turn.trait}: {turn.value}: {turn_words(turn)}")
    explanation = explain_report(report, outline_colors=traits is not None, turns=turns)
    put(_draw(explanation, suffix), target)
    if target is not None:
        teller.note(f"written to {output}")
    return EXIT_REFUSED if report.status != "ok" else 0


def _draw(explanation: Explanation, suffix: str) -> bytes | str:
    if suffix == ".svg":
        from punkdetect.report.explain_svg import draw_svg

        return draw_svg(explanation)
    from punkdetect.report.explain_png import draw_png
    from punkdetect.writers.png_format import mark_png

    return mark_png(draw_png(explanation), "explain")


def _is_explanation(head: bytes) -> bool:
    from punkdetect.report.explain_svg import MARK
    from punkdetect.writers.png_format import is_marked_png

    return is_marked_png(head, "explain") or MARK.encode() in head
