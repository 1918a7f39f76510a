"""Fits the models that ship and writes them, with their cards, into a folder of models.

Needs the extra `train`, with torch (CPU) beside it. Takes about half an hour of one core.

    python scripts/renew_models.py --small-labels labels.csv --small-images images24 \
        --large-labels cp/labels.csv --large-sheet cp/punks.png --large-names "punk_{id:04d}"
"""

from __future__ import annotations

import subprocess
import sys
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
@click.option(
    "--others",
    "collections",
    type=click.Path(path_type=Path, exists=True),
    default=HERE / "data/collections/fitted",
    help="Folder of sheets with label files.",
)
@click.option("--models", "folder", type=click.Path(path_type=Path), default=HERE / "src/punkdetect/models")
@click.option("--scale", default=1.0, show_default=True, help="Share of the full effort, to try things out.")
@click.option("--seed", default=0, show_default=True)
@click.option(
    "--cards", is_flag=True, help="Only write the cards of the combined detectors (seconds); fit nothing."
)
@click.option("--hair", "hair_only", is_flag=True, help="Only fit the hairstyle regression (a minute).")
@click.option(
    "--network", "network_only", is_flag=True, help="Only fit the networks; the rest stays as it is."
)
@click.option(
    "--signs",
    "signs_only",
    multiple=True,
    metavar="TRAIT",
    help="Only fit what weighs the signs of this trait (minutes); may be given again.",
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
    collections: Path,
    folder: Path,
    scale: float,
    seed: int,
    cards: bool,
    hair_only: bool,
    network_only: bool,
    signs_only: tuple[str, ...],
    threads: int,
) -> None:
    """Fit and write the shipped models."""
    import torch

    from punkdetect.detectors.learned import SIGNS
    from punkdetect.training.described import SIGNS_DRAWN, fit_signs
    from punkdetect.training.examples import join
    from punkdetect.training.pools import drawn_examples
    from punkdetect.training.readers import read_collections, read_folder, read_sheet
    from punkdetect.training.shipping import (
        DRAWN_WEIGHT,
        HEADS,
        LARGE_WEIGHT,
        OTHERS_WEIGHT,
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
    others = read_collections(collections)
    say(f"{len(small)}, {len(large)} of {len(everyone)} and {len(others)} portraits")
    full = Sizes()
    sizes = Sizes(*(max(1, round(n * scale)) for n in vars(full).values()))
    sizes = replace(sizes, members=full.members)
    if cards:
        from punkdetect.training.combined_cards import write_combined_cards

        for sentence in write_combined_cards(small):
            click.echo(sentence)
        return
    models = []
    if not (network_only or signs_only):
        drawn = drawn_examples(sizes.regression_drawn, seed + 1)
        weighed = ((large, LARGE_WEIGHT), (others, OTHERS_WEIGHT), (drawn, DRAWN_WEIGHT))
        weight = np.concatenate([np.full(len(some), each) for some, each in weighed])
        hair = fit_features("hairstyle", small, join([some for some, _ in weighed]), weight, seed=seed)
        say(f"hairstyle: {hair.notes['out_of_fold']}")
        models.append(ModelFile(hair, "hairstyle.json", "features", ("hairstyle",)))
    if not (hair_only or network_only):
        drawn = drawn_examples(max(1, round(SIGNS_DRAWN * scale)), seed + 2)
        for trait in signs_only or SIGNS:
            signs = fit_signs(trait, small, large, others, drawn, seed=seed, say=say)
            say(f"{trait}: {signs.notes['out_of_fold']}, unseen {signs.notes['without_collection']}")
            models.append(ModelFile(signs, f"{trait}.safetensors", "signs", (trait,)))
    if not (hair_only or signs_only):
        network = fit_network(small, large, others, sizes, seed=seed, say=say)
        models.append(ModelFile(network, "network.safetensors", "network", HEADS))
    write_models(folder, models, small, join([small, large]), seed)
    say(f"written to {folder}")
    if not hair_only and folder == HERE / "src/punkdetect/models":  # in a process that knows the new models
        subprocess.run([sys.executable, *sys.argv, "--cards"], check=True)


if __name__ == "__main__":
    main()
