"""`punkdetect analyze`: the traits of one or a few pictures, as JSON or as text to look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from punkdetect.writers import Format

FORMATS = {".json": "json", ".txt": "text"}
"""By suffix of the output, for what its name may not say."""


@click.command(
    epilog=options.examples(
        "punkdetect analyze --format text punk.png",
        "punkdetect analyze --all --evidence punks/*.png -o traits.json",
    )
)
@options.picture_paths()
@options.output_option("Write here instead of standard output.")
@click.option(
    "--format",
    "form_name",
    type=click.Choice(["json", "text"]),
    default="json",
    help="text draws the portrait in the terminal beside its traits.  [default: json]",
)
@options.evidence_option
@options.analysis_options
@options.face_model_option
@options.grid_option
@options.force_option
@options.quiet_option
def command(
    images: tuple[Path, ...],
    output: Path | None,
    form_name: str,
    evidence: bool,
    traits: tuple[str, ...] | None,
    everything: bool,
    min_confidence: float | None,
    config: Path | None,
    face_model: Path | None,
    grid: str | None,
    force: bool,
    quiet: bool,
) -> int:
    """Read the traits of one or a few pictures: JSON, an object for one and a list for several.

    - as IMAGE reads standard input. --format text draws in true colour on a terminal, and in plain characters
    elsewhere or where NO_COLOR is set.
    """
    from punkdetect.cli._run import write_reports
    from punkdetect.cli._say import Teller
    from punkdetect.errors import UsageError
    from punkdetect.inputs import find_inputs
    from punkdetect.pipeline import open_analyzer
    from punkdetect.writers import check_suffix
    from punkdetect.writers.json_format import JsonFormat
    from punkdetect.writers.output import check_output

    teller = Teller(quiet)
    if evidence and form_name == "text":
        raise UsageError("--evidence goes into JSON: leave out --format text")
    inputs = find_inputs(images, folders=False, forced=grid is not None, note=teller.note)
    target = options.output_path(output)
    form: Format = JsonFormat(several=len(images) > 1, evidence=evidence)
    if form_name == "text":
        from punkdetect.cli._terminal import shows_color
        from punkdetect.writers.text_format import LOWER, UPPER, TextFormat

        form = TextFormat(color=target is None and shows_color(UPPER + LOWER))
    analyzer = open_analyzer(
        config, traits=traits, everything=everything, min_confidence=min_confidence, face_model=face_model
    )
    if target is not None:
        read = (*inputs.files, *map(str, analyzer.files))
        target = check_output(target, form.recognizes, force=force, inputs=read)
        check_suffix(target, form_name, FORMATS, "let punkdetect scan write a table")
    code = write_reports(analyzer, inputs, form, target, teller, summary=False)
    if target is not None:
        teller.note(f"written to {output}")
    return code
