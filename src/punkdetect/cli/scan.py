"""`punkdetect scan`: the traits of files, folders and sheets, as a table."""

from __future__ import annotations

from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from punkdetect.inputs import SheetLayout
    from punkdetect.pipeline import Analyzer
    from punkdetect.writers import Format


@click.command(
    epilog=options.examples(
        "punkdetect scan punks -o traits.csv",
        "punkdetect scan punks --all --format jsonl --evidence -o traits.jsonl",
    )
)
@click.argument("paths", nargs=-1, required=True, type=options.PLACE, metavar="PATH...")
@click.option(
    "-o",
    "--output",
    type=options.PLACE,
    metavar="FILE",
    help="Write here instead of standard output; the suffix says the format (.csv, .jsonl, .parquet).",
)
@click.option(
    "--format", "format_", type=click.Choice(["csv", "jsonl", "parquet"]), help="Format of the output."
)
@options.sheet_options
@options.evidence_option
@options.analysis_options
@options.face_model_option
@options.grid_option
@options.jobs_option
@click.option(
    "--resume", is_flag=True, help="Go on from an earlier scan into the same FILE: do what is new or changed."
)
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(["new", "changed", "failed"]),
    help="As --resume, but do only such pictures; the others keep their rows.  [repeatable]",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    help="ray: with Ray Data, on a cluster or here; PATH may then be Parquet of image bytes or an address "
    "such as s3://bucket/folder, and -o names a new folder for Parquet files.  [default: local]",
)
@click.option(
    "--watch",
    is_flag=True,
    help="Go on watching PATH: do what is new or changed as it comes. Ctrl-C ends it.",
)
@options.force_option
@options.quiet_option
def command(
    paths: tuple[Path | str, ...],
    output: Path | str | None,
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
    resume: bool,
    only: tuple[str, ...],
    engine: str,
    watch: bool,
    force: bool,
    quiet: bool,
) -> int:
    """Read the traits of files, folders (with their subfolders) and sheets (--tile) into a table.

    One row a picture, in the order of the names; a picture that cannot be read gets its row too, with the
    reason.
    """
    from punkdetect.cli._run import (
        stays_for_want_of_images,
        write_journaled,
        write_on_ray,
        write_reports,
    )
    from punkdetect.cli._say import Teller
    from punkdetect.engines.workers import count_cores
    from punkdetect.errors import UsageError
    from punkdetect.inputs import find_inputs
    from punkdetect.pipeline import open_analyzer
    from punkdetect.writers import format_name
    from punkdetect.writers.output import check_output, is_stream

    if engine == "ray":
        if output is None or str(output) == "-":
            raise UsageError("--engine ray writes a folder of Parquet files: name it with -o")
        local_only = {
            "--tile": sheet, "--evidence": evidence, "--resume": resume, "--only": only, "--watch": watch
        }  # fmt: skip
        for option, asked in {**local_only, "--format": format_ not in (None, "parquet")}.items():
            if asked:
                raise UsageError(f"{option} does not go with --engine ray")
        analyzer = open_analyzer(
            config, traits=traits, everything=everything, min_confidence=min_confidence, face_model=face_model
        )
        places = [str(path) for path in paths]
        return write_on_ray(analyzer, places, str(output), Teller(quiet), forced=grid is not None, jobs=jobs)
    for place in (*paths, output):
        if isinstance(place, str):
            raise UsageError(f"{place} is an address: say --engine ray")
    target = options.output_path(Path(output) if output is not None else None)
    kind = format_name(target, format_)
    streams = target is None or is_stream(target)
    if evidence and kind != "jsonl":
        raise UsageError("--evidence does not fit into a table: write .jsonl")
    if streams and (resume or only or watch):
        raise UsageError("--resume, --only and --watch go on from a file: name it with -o")
    if watch and "-" in map(str, paths):
        raise UsageError("--watch looks at files and folders: leave out -")
    if watch and only:
        raise UsageError("--watch does what is new or changed: leave out --only")
    if streams and kind == "parquet":
        raise UsageError("Parquet is written into a file: name it with -o")
    analyzer = open_analyzer(
        config, traits=traits, everything=everything, min_confidence=min_confidence, face_model=face_model
    )
    form = _format(kind, analyzer, evidence)
    teller = Teller(quiet)
    inputs = find_inputs(paths, forced=grid is not None, sheet=sheet, note=teller.note)
    if target is not None:
        read = chain(inputs.files, map(str, analyzer.files))
        target = check_output(target, form.recognizes, force=force, inputs=read)
    jobs = jobs or count_cores()
    if target is None or streams:
        code = write_reports(analyzer, inputs, form, target, teller, summary=True, jobs=jobs)
        if inputs.total == 0:
            stays_for_want_of_images(paths, target, teller, force=force)
        return code
    journaled = partial(
        write_journaled,
        analyzer,
        form=form,
        target=target,
        teller=teller,
        key=repr((kind, evidence, grid, sheet)),
        jobs=jobs,
        places=paths,
        force=force,
    )
    if watch:
        from punkdetect.cli._watch import watch as keep_watching

        def scan_again() -> None:
            found = find_inputs(paths, forced=grid is not None, sheet=sheet)
            journaled(inputs=found, teller=Teller(quiet), resume=True)

        teller.note("watching: Ctrl-C ends it")
        with teller.told(lambda: f"{output} holds what was seen until now"):
            keep_watching([Path(path) for path in paths], scan_again, note=teller.note)
    return journaled(inputs=inputs, resume=resume, only=frozenset(only))


def _format(kind: str, analyzer: Analyzer, evidence: bool) -> Format:
    if kind == "jsonl":
        from punkdetect.writers.json_format import JsonLinesFormat

        return JsonLinesFormat(evidence)
    if kind == "parquet":
        from punkdetect.writers.parquet_format import ParquetFormat

        return ParquetFormat(analyzer.headings)
    from punkdetect.writers.csv_format import CsvFormat

    return CsvFormat(analyzer.headings)
