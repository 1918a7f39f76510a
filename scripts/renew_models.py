"""Fits the models that ship and writes them, with their cards, into a folder of models.

Needs the extra `train`, with torch (CPU) and onnx beside it. Takes about ten minutes of one core.

    python scripts/renew_models.py --small-labels labels.csv --small-images images24 \
        --large-labels cp/labels.csv --large-sheet cp/punks.png --large-names "punk_{id:04d}"
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import click
import numpy as np

HERE = Path(__file__).resolve().parent.parent


@click.command()
@click.option("--small-labels", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--small-images", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--small-name", default="bespoke", show_default=True)
@click.option("--large-labels", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--large-sheet", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--large-names", default="punk_{id:04d}", show_default=True)
@click.option("--large-name", default="cryptopunks", show_default=True)
@click.option(
    "--large-sample", default=1500, show_default=True, help="Portraits of the large collection fitted to."
)
@click.option("--models", "folder", type=click.Path(path_type=Path), default=HERE / "src/punkdetect/models")
@click.option("--scale", default=1.0, show_default=True, help="Share of the full effort, to try things out.")
@click.option("--seed", default=0, show_default=True)
@click.option(
    "--study", is_flag=True, help="Only measure on collections left out; write nothing, print a table."
)
@click.option(
    "--cards", is_flag=True, help="Only write the cards of the combined detectors (seconds); fit nothing."
)
@click.option("--threads", default=1, show_default=True)
def main(
    small_labels: Path,
    small_images: Path,
    small_name: str,
    large_labels: Path,
    large_sheet: Path,
    large_names: str,
    large_name: str,
    large_sample: int,
    folder: Path,
    scale: float,
    seed: int,
    study: bool,
    cards: bool,
    threads: int,
) -> None:
    """Fit and write the shipped models."""
    import torch

    from punkdetect.training.examples import join
    from punkdetect.training.pools import drawn_examples
    from punkdetect.training.readers import read_folder, read_sheet
    from punkdetect.training.shipping import (
        HEADS,
        SHIPPED,
        ModelFile,
        Sizes,
        fit_features,
        fit_network,
        write_models,
    )

    torch.set_num_threads(threads)
    started = time.monotonic()

    def say(what: str) -> None:
        click.echo(f"{time.monotonic() - started:6.0f} s  {what}", err=True)

    small = read_folder(small_labels, small_images, small_name)
    everyone = read_sheet(large_labels, large_sheet, large_name, large_names)
    rows = np.random.default_rng(seed).permutation(len(everyone))[:large_sample]
    large = everyone.take(np.sort(rows))
    say(f"{len(small)} and {len(large)} of {len(everyone)} portraits")
    full = Sizes()
    sizes = Sizes(*(max(1, round(n * scale)) for n in vars(full).values()))
    others = join([large, drawn_examples(sizes.regression_drawn, seed + 1)])
    sizes = replace(sizes, runs=min(full.runs, sizes.runs + 1))
    if cards:
        from punkdetect.training.combined_cards import write_combined_cards

        for sentence in write_combined_cards(small):
            click.echo(sentence)
        return
    if study:
        from punkdetect.training.study import leave_one_out, table

        click.echo(table(leave_one_out({small_name: small, large_name: large}, sizes, seed, say)), nl=False)
        return
    hair = fit_features("hairstyle", small, others, seed=seed)
    say(f"hairstyle: {hair.notes['out_of_fold']}")
    network = fit_network(small, large, sizes, seed=seed, say=say)
    models = (
        ModelFile(network, "network.onnx", "network", HEADS, SHIPPED),
        ModelFile(hair, "hairstyle.json", "features", ("hairstyle",), ("hairstyle",)),
    )
    write_models(folder, models, small, join([small, large]), seed)
    say("now run this again with --cards, for the combined detectors")
    say(f"written to {folder}")


if __name__ == "__main__":
    main()
