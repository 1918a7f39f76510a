"""`punkdetect scan`: the traits of files, folders and sheets, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from punkdetect.inputs import SheetLayout


@click.command(
    epilog=options.examples(
        "punkdetect scan data/demo -o traits.csv",
        "punkdetect scan data/demo --all --format jsonl --evidence -o traits.jsonl",
    )
)
@click.argument("paths", nargs=-1, required=True, type=options.PICTURE, metavar="PATH...")
@options.output_option("Write here instead of standard output; the suffix says the format (.csv, .jsonl).")
@click.option("--format", "format_", type=click.Choice(["csv", "jsonl"]), help="Format of the output.")
@options.sheet_options
@options.evidence_option
@options.analysis_options
@options.face_model_option
@options.grid_option
@options.jobs_option
@options.force_option
@options.quiet_option
def command(
    paths: tuple[Path, ...],
    output: Path | None,
    format_: str | None,
    sheet: SheetLayout | None,
    evidence: bool,
    traits: tuple[str, ...] | None,
    everything: bool,
    min_confidence: float | None,
    config: Path | None,
    face_model: Path | None,
    grid: str | None,
    jobs: int | None,
    force: bool,
    quiet: bool,
) -> int:
    """Read the traits of files, folders (with their subfolders) and sheets (--tile) into a table.

    One row a picture, in the order of the names; a picture that cannot be read gets its row too, with the
    reason.
    """
    from punkdetect.cli import EXIT_REFUSED
    from punkdetect.cli._run import write_reports
    from punkdetect.cli._say import Teller
    from punkdetect.engines.workers import count_cores
    from punkdetect.errors import UsageError
    from punkdetect.inputs import find_inputs
    from punkdetect.pipeline import open_analyzer
    from punkdetect.writers import format_name
    from punkdetect.writers.csv_format import CsvFormat
    from punkdetect.writers.json_format import JsonLinesFormat
    from punkdetect.writers.output import check_output

    target = options.output_path(output)
    kind = format_name(target, format_)
    if evidence and kind == "csv":
        raise UsageError("--evidence does not fit into a table: write .jsonl")
    analyzer = open_analyzer(
        config, traits=traits, everything=everything, min_confidence=min_confidence, face_model=face_model
    )
    form = CsvFormat(analyzer.headings) if kind == "csv" else JsonLinesFormat(evidence)
    teller = Teller(quiet)
    inputs = find_inputs(paths, forced=grid is not None, sheet=sheet, note=teller.note)
    if target is not None:
        read = (*inputs.files, *map(str, analyzer.files))
        target = check_output(target, form.recognizes, force=force, inputs=read)
    if not inputs.total and inputs.total is not None:
        teller.error(f"no images found in {', '.join(map(str, paths))}")
    code = write_reports(analyzer, inputs, form, target, teller, summary=True, jobs=jobs or count_cores())
    return code if inputs.total != 0 else EXIT_REFUSED
