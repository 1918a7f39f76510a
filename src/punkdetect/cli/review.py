"""`punkdetect review`: a page on this machine to correct labels, each decision saved at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punkdetect.cli import _gallery as gallery
from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from punkdetect.inputs import SheetLayout
    from punkdetect.review.server import ReviewServer
    from punkdetect.review.session import Question
    from punkdetect.tables import Table


@click.command(
    epilog=options.examples(
        "punkdetect review --images punks",
        "punkdetect review --images punks --traits expression,eyewear --labels mine.csv --no-open",
    )
)
@gallery.table_argument
@gallery.gallery_options
@click.option(
    "--labels", "labels_path", type=click.Path(path_type=Path), metavar="FILE", default=Path("labels.csv"),
    show_default=True, help="Label file to go on with; made with the first decision.",
)  # fmt: skip
@options.traits_option
@click.option("--who", metavar="NAME", help="Who decides; stands in the file.  [default: your login name]")
@click.option(
    "--collection", metavar="NAME", help="Collection of new rows.  [default: the name of the folder]"
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N",
    help="Port to listen on.  [default: one that is free]",
)  # fmt: skip
@click.option("--no-open", is_flag=True, help="Only print the address; open no browser.")
@options.quiet_option
def command(
    table: Path | None,
    places: tuple[Path, ...],
    sheet: SheetLayout | None,
    no_evidence: bool,
    config: Path | None,
    grid: str | None,
    labels_path: Path,
    traits: tuple[str, ...] | None,
    who: str | None,
    collection: str | None,
    port: int,
    no_open: bool,
    quiet: bool,
) -> int:
    """Correct labels with the number keys, on a page that only this machine can see.

    TABLE is a .csv, .jsonl or .parquet of scan; without one the pictures are looked at now. Every decision is
    saved at once, with who made it and when; a label that somebody gave before is never replaced without
    asking. The file is what validate and train read. Ctrl-C, or Finish on the page, ends it.
    """
    from punkdetect.cli._say import Teller
    from punkdetect.errors import UsageError
    from punkdetect.labels import DRAWN_COLLECTIONS
    from punkdetect.plural import counted
    from punkdetect.review.book import LabelBook, check_stems, why_not_labelled
    from punkdetect.review.server import ReviewServer
    from punkdetect.review.session import Session

    teller = Teller(quiet)
    sought = gallery.seek(table, places, sheet, no_evidence, config, grid, teller, everything=True)
    questions = _questions(sought.table, traits)
    place = places[0].resolve()
    collection = collection or (place.name if place.is_dir() else place.stem)
    vocabulary = {question.trait: question.values for question in questions if question.values}
    names = [question.trait for question in questions]
    book = LabelBook(labels_path, collection, names, vocabulary, sought.files)
    check_stems(sought.table.images, labels_path)
    hung = gallery.hang(sought, teller)
    if not (hung.rows >= 0).any():
        raise UsageError(f"no portrait was found in {sought.places}: there is nothing to review")
    session = Session(sought.table, hung, book, questions, who or _login_name())
    for reason in filter(None, map(why_not_labelled, session.stems)):
        teller.error(f"left out: {reason}")
    if collection in DRAWN_COLLECTIONS:
        teller.note(f"collection {collection} is one that the project drew itself: validate never counts it")
    server = ReviewServer(session, port, title=f"Review of {sought.table.path.name}")
    portraits = counted(len(session.rows), "portrait")
    teller.note(f"{portraits}; every decision goes into {labels_path}; Ctrl-C ends it")
    _serve(server, no_open)
    if session.decisions > 0:
        decisions = counted(session.decisions, "decision")
        teller.note(f"{decisions} in {labels_path}; hold the detectors against that with:")
        teller.note(f"  punkdetect validate --labels {labels_path} --images {places[0]}")
    else:
        teller.note("no decision was made")
    return 0


def _questions(table: Table, traits: Sequence[str] | None) -> list[Question]:
    """Return what is asked: the named traits, else all with words for values that the table answers."""
    from punkdetect.config import did_you_mean
    from punkdetect.detectors import load_registry
    from punkdetect.errors import UsageError
    from punkdetect.review.session import Question
    from punkdetect.vocabulary import COLORS, TRAITS

    plugged = {d.trait: tuple(d.vocabulary) for d in load_registry().detectors.values()}
    known = {**plugged, **TRAITS, **dict.fromkeys(COLORS, ())}
    for trait in traits or ():
        if trait not in known:
            raise UsageError(f"no trait is called {trait!r}{did_you_mean(trait, tuple(known))}")
    answered = [t for t, c in table.columns.items() if known.get(t) and (any(c.values) or not c.withheld)]
    asked = list(traits or answered or TRAITS)
    return [Question(trait, known[trait]) for trait in dict.fromkeys(asked)]


def _login_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user without a name
        return "somebody"


def _serve(server: ReviewServer, no_open: bool) -> None:
    """Answer until Finish or Ctrl-C."""
    import threading
    import webbrowser

    click.echo(server.address)
    try:
        if not no_open:  # a browser that takes its time, or the terminal, must not keep the page from it
            threading.Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        pass  # the usual end: everything is saved already
    finally:
        server.server_close()
