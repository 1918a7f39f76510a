"""`punkdetect face-model`: makes the face model that `expression.mediapipe` needs."""

from __future__ import annotations

from pathlib import Path

import click

from punkdetect.cli import _options as options


@click.command(
    epilog=options.examples(
        "punkdetect face-model", "punkdetect face-model -o face.task --wheel mediapipe.whl"
    )
)
@options.output_option("Write here instead of where the detector looks by itself.")
@click.option("--wheel", type=click.Path(path_type=Path), metavar="FILE", help=(
    "A wheel of mediapipe 0.10.21 that is here already.  [default: pip fetches it]"
))  # fmt: skip
@options.force_option
@options.quiet_option
def command(output: Path | None, wheel: Path | None, force: bool, quiet: bool) -> int:
    """Make the face model of the detector expression.mediapipe (the extra `mediapipe`).

    Current MediaPipe ships no model; both its parts are taken from the last wheel that carried them, which
    pip fetches (35 MB). Any other .task bundle is used by --face-model.
    """
    from punkdetect.cli._run import put
    from punkdetect.cli._say import Teller
    from punkdetect.face_model import default_face_model, is_face_model, write_face_model
    from punkdetect.writers.output import check_output, make_folder

    if output is None:
        make_folder(default_face_model().parent)
    asked = default_face_model() if output is None else options.output_path(output)
    target = None if asked is None else check_output(
        asked, is_face_model, force=force, inputs=[wheel] if wheel else []
    )  # fmt: skip
    write_face_model(lambda data: put(data, target), wheel)
    if target is not None:
        Teller(quiet).note(f"written to {target}")
    return 0
