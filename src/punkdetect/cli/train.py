"""`punkdetect train`: fits a learned detector to labelled pictures, cross-validated by family."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from punkdetect.metrics import Score


@click.command(
    epilog=options.examples(
        "punkdetect train --trait headwear --images mine --labels mine.csv -o models",
        "punkdetect train --trait hairstyle --images mine --labels mine.csv --synth 2000 -o models",
    )
)
@click.option("--trait", required=True, metavar="T", help="Trait to learn: a column of the label file.")
@click.option("--images", type=click.Path(path_type=Path), required=True, metavar="DIR", help=(
    "Folder of the pictures that the labels speak of."
))  # fmt: skip
@click.option("--labels", "labels_path", type=click.Path(path_type=Path), required=True, metavar="CSV", help=(
    "Label file with the columns image and T; a column family keeps portraits together that were drawn from "
    "one another, else those with most pixels in common are."
))  # fmt: skip
@click.option("--synth", "drawn", type=click.IntRange(0), default=0, show_default=True, metavar="N", help=(
    "Also learn from N portraits that the project draws itself."
))  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="MODELS", help=(
    "Folder for the model, its card and the index; made if it is not there."
))  # fmt: skip
@click.option("--name", default="own", show_default=True, help="The detector is called T.NAME.")
@click.option(
    "--network", is_flag=True, help="A convolutional network (needs torch) in place of a regression."
)
@click.option(
    "--folds", type=click.IntRange(2), default=5, show_default=True, help="Parts of the cross-validation."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Same seed, same model.")
@options.force_option
@options.quiet_option
def command(
    trait: str,
    images: Path,
    labels_path: Path,
    drawn: int,
    output: Path,
    name: str,
    network: bool,
    folds: int,
    seed: int,
    force: bool,
    quiet: bool,
) -> int:
    """Fit a detector to your own labelled pictures and print how often it is right on those it has not seen.

    A regression on hand-made features needs some 50 pictures; a network needs a few hundred, or --synth.
    """
    from punkdetect.cli._run import put
    from punkdetect.cli._say import Teller
    from punkdetect.plural import counted
    from punkdetect.training.own import check_request, need_libraries, read_own, score_of, train_own
    from punkdetect.training.shipping import ModelFile, write_models

    check_request(trait, name, output, force)
    need_libraries(network)
    teller = Teller(quiet)
    examples = read_own(labels_path, images, trait)
    families = counted(len(set(examples.families)), "family", "families")
    teller.note(f"{counted(len(examples), 'labelled portrait')} of {families}")
    fit = train_own(examples, trait, drawn=drawn, network=network, folds=folds, seed=seed, say=teller.note)
    suffix = "safetensors" if network else "json"
    model = ModelFile(fit, f"{trait}.{name}.{suffix}", name, (trait,))
    write_models(output, (model,), examples, examples, seed)
    put(_text(f"{trait}.{name}", score_of(fit, trait, examples)), None)
    teller.note(f"written to {output}; it stands beside the other detectors of {trait} with:")
    teller.note(f"  export PUNKDETECT_MODELS={output}")
    teller.note(f"  punkdetect validate --labels {labels_path} --images {images} --traits {trait} --compare")
    teller.note(f"and answers where a config says detector: {trait}.{name}")
    return 0


def _text(detector: str, score: Score) -> str:
    low, high = score.interval
    lines = [
        f"{detector}: {score.correct} of {score.n} right on portraits it had not seen "
        f"({score.accuracy:.3f}, 95 % interval {low:.3f} to {high:.3f})",
        f"balanced accuracy {score.balanced_accuracy:.3f}; always saying {score.constant} "
        f"would be right in {score.constant_accuracy:.3f}",
        "",
        "said     of the label",
    ]
    for (label, answer), count in sorted(score.confusion.items(), key=lambda item: (item[0][0], -item[1])):
        mark = "" if answer in label.split("|") else "   wrong"
        lines.append(f"  {count:4d}  {answer:<14} {label}{mark}")
    return "\n".join(lines) + "\n"
