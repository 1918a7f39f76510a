"""`punkdetect analyze`: the traits of one or a few pictures, as JSON."""

from __future__ import annotations

from pathlib import Path

import click

from punkdetect.cli import _options as options


@click.command(
    epilog=options.examples(
        "punkdetect analyze data/demo/demo_01_smile_hoop.png",
        "punkdetect analyze --all --evidence data/demo/*.png -o traits.json",
    )
)
@options.picture_paths()
@options.output_option("Write here instead of standard output.")
@options.evidence_option
@options.analysis_options
@options.grid_option
@options.force_option
@options.quiet_option
def command(
    images: tuple[Path, ...],
    output: Path | None,
    evidence: bool,
    traits: tuple[str, ...] | None,
    everything: bool,
    min_confidence: float | None,
    config: Path | None,
    grid: str | None,
    force: bool,
    quiet: bool,
) -> int:
    """Read the traits of one or a few pictures: JSON, an object for one and a list for several.

    - as IMAGE reads standard input.
    """
    from punkdetect.cli._run import write_reports
    from punkdetect.cli._say import Teller
    from punkdetect.inputs import find_inputs
    from punkdetect.pipeline import open_analyzer
    from punkdetect.writers.json_format import JsonFormat
    from punkdetect.writers.output import check_output

    teller = Teller(quiet)
    inputs = find_inputs(images, folders=False, forced=grid is not None, note=teller.note)
    form = JsonFormat(several=len(images) > 1, evidence=evidence)
    target = options.output_path(output)
    analyzer = open_analyzer(config, traits=traits, everything=everything, min_confidence=min_confidence)
    if target is not None:
        read = (*inputs.files, *map(str, analyzer.files))
        target = check_output(target, form.recognizes, force=force, inputs=read)
    code = write_reports(analyzer, inputs, form, target, teller, summary=False)
    if target is not None:
        teller.note(f"written to {output}")
    return code
