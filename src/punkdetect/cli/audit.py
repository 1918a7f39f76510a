"""`punkdetect audit`: existing words held against the pixels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from punkdetect.cli._say import Teller
    from punkdetect.inputs import SheetLayout
    from punkdetect.pipeline import Analyzer
    from punkdetect.reports import Reports
    from punkdetect.words.audit import Audit
    from punkdetect.words.matching import Given
    from punkdetect.words.table import WordTable


FORMATS = {".txt": "text", ".csv": "csv", ".html": "html", ".htm": "html"}
"""By suffix of the output; text where it has none."""

UNREAD_SHOWN = 5
"""How many values that mean nothing to the table of words are named, the commonest first."""


@click.command(
    epilog=options.examples(
        "punkdetect audit punks --words labels.csv",
        "punkdetect audit punks --words labels.csv --min-sure 0.9 -o audit.csv",
    )
)
@click.argument("paths", nargs=-1, type=options.PICTURE, metavar="PATH...")
@click.option(
    "--words",
    type=click.Path(path_type=Path, readable=False),
    metavar="PATH",
    help=(
        "Folder of captions (.txt) or metadata (.json), or a file of them: labels or attributes (.csv), "
        "metadata (.json, .jsonl).  [default: the .txt or .json beside each picture]"
    ),
)
@options.output_option(
    "Write here instead of standard output; the suffix says the format (.csv, .html, .txt)."
)
@click.option("--format", "format_", type=click.Choice(["text", "csv", "html"]), help="Format of the output.")
@click.option("--min-sure", type=options.Share(), metavar="X", help=(
    "List only what is at least this sure (0 to 1).  [default: 0.35]"
))  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit with 1 if the pixels contradict any words.")
@click.option("--table", type=click.Path(path_type=Path, readable=False), metavar="FILE", help=(
    "Understand words by this table instead of the packaged one."
))  # fmt: skip
@click.option(
    "--print-table", is_flag=True, help="Print the packaged table of words, to begin your own from."
)
@options.sheet_options
@options.traits_option
@options.config_option
@options.grid_option
@options.force_option
@options.quiet_option
def command(
    paths: tuple[Path, ...],
    words: Path | None,
    output: Path | None,
    format_: str | None,
    min_sure: float | None,
    strict: bool,
    table: Path | None,
    print_table: bool,
    sheet: SheetLayout | None,
    traits: tuple[str, ...] | None,
    config: Path | None,
    grid: str | None,
    force: bool,
    quiet: bool,
) -> int:
    """Hold captions, labels or metadata against the pixels, and list what the pixels contradict.

    PATH names the pictures: files, folders with their subfolders, or sheets (--tile). Each line says what the
    words claim, what the pixels show, where, and how sure it is that the words are wrong; the surest come
    first.
    """
    from punkdetect.cli import EXIT_REFUSED
    from punkdetect.cli._run import put, stays_for_want_of_images
    from punkdetect.cli._say import Teller
    from punkdetect.errors import UsageError
    from punkdetect.inputs import find_inputs
    from punkdetect.pipeline import open_analyzer
    from punkdetect.words.audit import DEFAULT_SURE, audit_reports
    from punkdetect.words.table import read_table
    from punkdetect.writers import format_name
    from punkdetect.writers.output import check_output

    target = options.output_path(output)
    if print_table:
        from punkdetect.words.table import TABLE

        put(TABLE.read_bytes(), None)
        return 0
    if not paths:
        raise UsageError("name the pictures whose words are to be audited: punkdetect audit PATH...")
    kind = format_name(target, format_, FORMATS)
    teller = Teller(quiet)
    understood = read_table(table)
    analyzer = _own_words(open_analyzer(config, traits=traits))
    inputs = find_inputs(paths, forced=grid is not None, sheet=sheet, note=teller.note)
    items = list(inputs.items)
    given = _read_given(words, paths, [item.name for item in items], understood)
    if target is not None:
        read = (*inputs.files, *map(str, (*analyzer.files, *given.files, understood.path)))
        target = check_output(target, _recognizer(kind), force=force, inputs=read)
    if not items and stays_for_want_of_images(paths, target, teller, force=force):
        return EXIT_REFUSED
    teller.start(len(items))
    blocks = _told(analyzer.run(items), teller)
    accuracy = {p.trait: p.measured.accuracy for p in analyzer.plan if p.measured is not None}
    limit = DEFAULT_SURE if min_sure is None else min_sure
    audit = audit_reports(blocks, given, understood, accuracy, limit)
    teller.finish()
    put(_render(kind, audit), target)
    _summarize(teller, given, audit, len(items))
    bad = bool(audit.failed) or not items or (strict and bool(audit.alarms))
    return EXIT_REFUSED if bad else 0


def _own_words(analyzer: Analyzer) -> Analyzer:
    """Return an analyzer whose detectors say themselves how sure they are.

    Calibrated confidences count what is hard on drawn portraits that nobody looked at; a finding is about
    finished portraits such as those the accuracy was measured on, and a detector's own doubt is what tells
    one of them from another.
    """
    from punkdetect.pipeline import Analyzer

    return Analyzer([plan._replace(calibration={}) for plan in analyzer.plan], analyzer.files)


def _told(blocks: Iterator[Reports], teller: Teller) -> Iterator[Reports]:
    for reports in blocks:
        teller.advance(len(reports))
        yield reports


def _recognizer(kind: str) -> Callable[[bytes], bool]:
    """Return what tells an output of this command from a file of somebody else."""
    from punkdetect.report.page import is_page
    from punkdetect.writers.audit_format import is_audit_csv, is_audit_text

    if kind == "html":
        return lambda head: is_page(head, "audit")
    return is_audit_csv if kind == "csv" else is_audit_text


def _render(kind: str, audit: Audit) -> str:
    from punkdetect.writers.audit_format import audit_csv, audit_text

    if kind == "html":
        from punkdetect.report.audit_page import audit_data
        from punkdetect.report.page import render_page

        return render_page("audit", "Words against pixels", audit_data(audit))
    return audit_csv(audit) if kind == "csv" else audit_text(audit)


def _read_given(words: Path | None, paths: tuple[Path, ...], names: list[str], table: WordTable) -> Given:
    """Read the words, from where they were named or from beside the pictures."""
    from punkdetect.errors import UsageError
    from punkdetect.sources import SourceFile, find_sources
    from punkdetect.words.given import read_beside, read_words

    if words is not None:
        given = read_words(words, names, table)
        if names and not given.by_image:
            raise UsageError(
                f"{words}: no words in here name a picture in {', '.join(map(str, paths))}{_apart(given)}"
            )
        return given
    pictures = {s.name: s.path for s in find_sources(paths) if isinstance(s, SourceFile)}
    given = read_beside(pictures, table)
    if pictures and not given.by_image:
        raise UsageError("no .txt or .json lies beside any picture: say --words FOLDER or FILE")
    return given


def _apart(given: Given) -> str:
    """Say why no words were matched by number, if that is so."""
    if not given.misnumbered:
        return ""
    token, name = given.misnumbered
    return (
        f": number {token} has no picture and {name} has no words, so that they are not counted alike; "
        "export --source-names writes the pictures' names into metadata"
    )


def _summarize(teller: Teller, given: Given, audit: Audit, pictures: int) -> None:
    from punkdetect.plural import counted
    from punkdetect.words.audit import DUPLICATE, NO_PICTURE, NO_WORDS

    for entry in audit.failed:
        teller.error(f"{entry.name}: {entry.kind}: {entry.message}")
    kinds = (NO_PICTURE, NO_WORDS, DUPLICATE)
    counts = {kind: sum(u.kind == kind for u in audit.unaudited) for kind in kinds}
    if counts[NO_PICTURE]:
        teller.note(f"words without a picture here: {counts[NO_PICTURE]}")
    if counts[DUPLICATE]:
        first = next(u for u in audit.unaudited if u.kind == DUPLICATE)
        teller.note(f"words for pictures that have some already: {counts[DUPLICATE]} ({first.message})")
    if given.misnumbered:
        teller.note(f"not matched by number alone{_apart(given)}")
    if given.numbered:
        teller.note(
            f"words that were given to pictures by the number in their names alone: {given.numbered}; "
            "are the tokens numbered like the pictures?"
        )
    if counts[NO_WORDS]:
        teller.note(f"pictures without words: {counts[NO_WORDS]}")
    if unread := _unread_words(given):
        teller.note(f"not understood, so not held against anything: {unread}")
    images = len({f.image for f in audit.alarms})
    worded = sum(not wording.error and not wording.blank for wording in given.by_image.values())
    teller.note(
        f"words for {worded} of {counted(pictures, 'picture')}; the pixels contradict "
        f"{counted(len(audit.alarms), 'claim')} on {images} of them"
    )


def _unread_words(given: Given) -> str:
    """Name the values of which nothing was understood, with what a misspelt one may have meant."""
    from collections import Counter

    wordings = (*given.by_image.values(), *given.homeless)
    counts = Counter(pair for wording in wordings for pair in wording.unread)
    told = [
        f"{name} {value!r}{f' {n} times' if n > 1 else ''}{_meant(name, value)}"
        for (name, value), n in counts.most_common(UNREAD_SHOWN)
    ]
    more = len(counts) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more else "")


def _meant(name: str, value: str) -> str:
    from punkdetect.config import did_you_mean
    from punkdetect.vocabulary import TRAITS

    trait = name.strip().lower().replace(" ", "_")
    meant = (value.lower(), TRAITS[trait]) if trait in TRAITS else (trait, tuple(TRAITS))
    return did_you_mean(*meant).replace(";", ",").removesuffix("?")
