"""`punkdetect validate`: how often each trait is right, measured against labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from punkdetect.config import Config
    from punkdetect.evaluate import Evaluation, Pictures
    from punkdetect.gate import Verdict
    from punkdetect.inputs import SheetLayout
    from punkdetect.labels import Labels
    from punkdetect.punks import Detector
    from punkdetect.writers.validation import Choice


@click.command(
    epilog=options.examples(
        "punkdetect validate",
        "punkdetect validate --traits expression,eyewear --confusion --json validation.json",
    )
)
@click.option("--labels", "labels_path", type=click.Path(path_type=Path), metavar="FILE", help=(
    "Label file.  [default: ./data/validation_labels.csv, else the packaged one]"
))  # fmt: skip
@click.option("--images", "places", type=click.Path(path_type=Path), metavar="DIR", multiple=True, help=(
    "Where pictures are, a folder or a sheet; repeatable. Demo portraits are found by themselves."
))  # fmt: skip
@options.sheet_options
@options.traits_option
@click.option("--compare", is_flag=True, help="Measure every detector of a trait, with the time each takes.")
@click.option("--confusion", is_flag=True, help="Print the confusion matrix of each trait.")
@click.option("--misses", is_flag=True, help="Name every miss, not only the first few.")
@click.option("--json", "json_path", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE", help=(
    "Write everything that was measured; - is standard output."
))  # fmt: skip
@click.option("--fail-under", type=options.Share(), metavar="X", help=(
    "Exit with 1 if a trait's accuracy is below X, on real portraits if there are any, else on drawn ones."
))  # fmt: skip
@click.option("--update-config", is_flag=True, help="Write the measured figures into the config.")
@click.option("--calibrate-with", "further", type=click.Path(path_type=Path), metavar="DIR", help=(
    "With --update-config: a folder of sheets and label files (NAME.png, NAME.csv) of collections that no "
    "detector was fitted to; confidences are calibrated on them as well."
))  # fmt: skip
@options.config_option
@options.face_model_option
@options.grid_option
@options.force_option
@options.quiet_option
def command(
    labels_path: Path | None,
    places: tuple[Path, ...],
    sheet: SheetLayout | None,
    traits: tuple[str, ...] | None,
    compare: bool,
    confusion: bool,
    misses: bool,
    json_path: Path | None,
    fail_under: float | None,
    update_config: bool,
    further: Path | None,
    config: Path | None,
    face_model: Path | None,
    grid: str | None,
    force: bool,
    quiet: bool,
) -> int:
    """Measure how often each trait is right, beside the best constant answer, and name the misses.

    Only portraits of real collections count; those drawn by the project are reported apart.
    """
    from punkdetect.cli._run import put
    from punkdetect.config import read_config
    from punkdetect.detectors import load_registry
    from punkdetect.errors import UsageError
    from punkdetect.evaluate import evaluate, match_pictures, updated_config
    from punkdetect.gate import check_names
    from punkdetect.inputs import find_inputs
    from punkdetect.labels import read_labels
    from punkdetect.packaged import DEMO, LABELS, local_or_packaged
    from punkdetect.writers.output import check_output
    from punkdetect.writers.validation import (
        recognizes_validation,
        validation_json,
        validation_object,
        validation_text,
    )

    if further is not None and not update_config:
        raise UsageError("--calibrate-with is for --update-config: without it nothing is calibrated anew")
    source, written = _config_files(config, update_config)
    settings = read_config(source)
    detectors = load_registry(face_model or settings.face_model_path).detectors
    check_names(settings, detectors)
    chosen, choice = _choose(settings, detectors, traits, compare)
    extra = {d.trait: d.vocabulary for d in detectors.values() if d.vocabulary}
    labels = read_labels(labels_path or local_or_packaged(LABELS), extra)
    target = options.output_path(json_path)
    if target is not None:
        read = [labels.path, *settings.files]
        target = check_output(target, recognizes_validation, force=force, inputs=read)
    forced = grid is not None
    found = [(place, list(find_inputs([place], forced=forced, sheet=sheet).items)) for place in places]
    demo = local_or_packaged(DEMO)
    if demo.is_dir():
        found.append((demo, list(find_inputs([demo]).items)))
    pictures = match_pictures(labels, found)
    if sheet is not None and sheet.name is None and not quiet:
        _hint_names([item.name for _, items in found[: len(places)] for item in items], pictures, labels)
    calibrate_with = _calibration_pictures(further) if update_config else None
    evaluations = evaluate(pictures, chosen, settings, timed=compare, calibrate_with=calibrate_with)
    verdicts = _verdicts(evaluations, settings, labels)
    if json_path is not None:
        out = validation_object(labels, pictures, evaluations, verdicts, choice)
        put(validation_json(out), target)
    if str(json_path) != "-":
        text = validation_text(
            labels,
            pictures,
            evaluations,
            verdicts,
            confusion=confusion,
            all_misses=misses,
            timed=compare,
            choice=choice,
        )
        put(text, None)
    if written is not None:
        is_new = source != written
        picked = [e for e in evaluations if _is_picked(e, settings, evaluations, is_new)]
        if evaluations and not picked:
            raise UsageError(f"{written} names none of the traits that were measured: write them into it")
        _write_config(updated_config(settings, picked, labels), written, labels, quiet)
    return _exit_code(evaluations, pictures, labels, fail_under)


def _calibration_pictures(further: Path | None) -> list[Pictures]:
    """Return what confidences are calibrated with besides the real portraits, one for each source."""
    from punkdetect.errors import UsageError
    from punkdetect.evaluate import CALIBRATION_DRAWN, CALIBRATION_SEED, drawn_pictures
    from punkdetect.evaluate.pictures import joined_pictures, sheet_pictures

    out = [drawn_pictures(CALIBRATION_DRAWN, CALIBRATION_SEED)]
    if further is not None:
        labels = sorted(further.glob("*.csv"))
        if not labels:
            raise UsageError(f"{further}: no label file (NAME.csv beside NAME.png) is in this folder")
        out.append(joined_pictures([sheet_pictures(each) for each in labels]))
    return out


def _hint_names(names: Sequence[str], pictures: Pictures, labels: Labels) -> None:
    """Say how tiles are called and how the labels call them, if no tile has a name that is labelled."""
    from punkdetect.cli._say import say
    from punkdetect.labels import image_stem

    labelled = {row.image for row in labels.rows}
    if names and pictures.missing and not any(image_stem(name) in labelled for name in names):
        say(
            f"the tiles are called {names[0]} ... {names[-1]}, and the labels want "
            f"{pictures.missing[0].image} ... {pictures.missing[-1].image}: --name says how tiles are called"
        )


def _config_files(config: Path | None, update: bool) -> tuple[Path, Path | None]:
    """Return the config to read and the one to write, if any; a packaged one is never written."""
    from punkdetect.config import find_config
    from punkdetect.errors import UsageError
    from punkdetect.packaged import CONFIG, packaged_path

    if not update:
        return find_config(config), None
    packaged = packaged_path(CONFIG)
    if config is not None and not config.exists():
        return find_config(None), config
    source = find_config(config)
    if (config is None and not Path(CONFIG).exists()) or "_packaged" in source.resolve().parts:
        raise UsageError(
            f"{packaged} came with the program and is never written: say --config FILE, it is made"
        )
    return source, source


def _choose(
    settings: Config, detectors: Mapping[str, Detector], traits: tuple[str, ...] | None, compare: bool
) -> tuple[list[Detector], Choice]:
    """Return the detectors to measure: the one that answers for each trait, or all of them.

    Of all of them, those whose extra or model is missing are left out; what they lack comes second, by name.
    """
    from punkdetect.gate import make_plan, why_unusable
    from punkdetect.writers.validation import Choice

    plan = make_plan(settings, detectors, None, only=traits, everything=True)
    named = frozenset(setting.detector for setting in settings.traits.values())
    if not compare:
        return [p.detector for p in plan if p.detector is not None], Choice(named)
    found = [d for p in plan for d in detectors.values() if d.trait == p.trait]
    unusable = {d.name: reason for d in found if (reason := why_unusable(d))}
    return [d for d in found if d.name not in unusable], Choice(named, unusable)


def _is_picked(
    evaluation: Evaluation, settings: Config, evaluations: Sequence[Evaluation], is_new: bool
) -> bool:
    """Tell whether the figures of this detector go into the config.

    It is the one that the config names for its trait. A trait that a person's config does not name stays
    unnamed, for they chose no detector; a config that is new takes the first one measured.
    """
    setting = settings.traits.get(evaluation.detector.trait)
    if setting is not None:
        return evaluation.detector.name == setting.detector
    if not is_new:
        return False
    first = next(e for e in evaluations if e.detector.trait == evaluation.detector.trait)
    return first is evaluation


def _verdicts(evaluations: Sequence[Evaluation], settings: Config, labels: Labels) -> dict[str, Verdict]:
    from punkdetect.gate import Verdict, why_withheld

    reasons = {
        e.detector.name: why_withheld(
            e.measured(labels.sha256), e.detector, settings.threshold, labels.sha256
        )
        for e in evaluations
    }
    return {name: Verdict(not reason, not reason, reason) for name, reason in reasons.items()}


def _write_config(config: Config, path: Path, labels: Labels, quiet: bool) -> None:
    """Put the new config in place and say where."""
    import os

    from punkdetect.cli._run import put
    from punkdetect.cli._say import say
    from punkdetect.config.rendering import render_config
    from punkdetect.writers.output import check_output

    target = check_output(path, lambda head: True, force=False)
    relative = Path(os.path.relpath(labels.path.resolve(), target.parent)).as_posix()
    put(render_config(config._replace(path=path, labels=relative)), target)
    if not quiet:
        say(f"wrote the measured figures to {path}")
        never = [
            setting.trait
            for setting in config.traits.values()
            if setting.show == "auto" and not setting.measured
        ]
        if never:
            say(f"withheld with this config, since nothing was measured of them: {', '.join(never)}")


def _why_nothing(evaluations: Sequence[Evaluation], pictures: Pictures, labels: Labels) -> str:
    """Say why not a single answer was measured; empty if one was."""
    if any(e.real.n or e.drawn.n for e in evaluations):
        return ""
    if not labels.rows:
        return f"{labels.path} names no pictures"
    if pictures.refused:
        return f"none of the pictures that {labels.path} names could be read"
    if not pictures.rows:
        named = f"no picture that {labels.path} names ({labels.rows[0].image} ...)"
        return f"{named} was found: --images DIR says where they are"
    if not evaluations:
        return "there is no detector"
    if any(e.left_out for e in evaluations):
        return "the models were fitted to these very pictures"
    traits = ", ".join(dict.fromkeys(e.detector.trait for e in evaluations))
    return f"{labels.path} says nothing of {traits} on the pictures that were found"


def _exit_code(
    evaluations: Sequence[Evaluation], pictures: Pictures, labels: Labels, fail_under: float | None
) -> int:
    from punkdetect.cli import EXIT_REFUSED
    from punkdetect.cli._say import say

    if why := _why_nothing(evaluations, pictures, labels):
        say(f"nothing was measured: {why}")
        return EXIT_REFUSED
    if fail_under is None:
        return 0
    code = 0
    any_real = any(e.real.n for e in evaluations)
    for evaluation in evaluations:
        score = evaluation.real if any_real else evaluation.drawn
        if score.n and score.accuracy < fail_under:
            say(f"{evaluation.detector.name}: accuracy {score.accuracy:.3f} is under {fail_under}")
            code = 1
    return code
