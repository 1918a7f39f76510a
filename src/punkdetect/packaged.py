"""Where the files that ship with the package lie: default config, labels, demo portraits.

In a wheel they are inside the package (`_packaged/`); in a checkout they are where people look for them,
at the top of the repository. Knows paths only; opens nothing.
"""

from __future__ import annotations

from pathlib import Path

CONFIG = "configs/features.yaml"
LABELS = "data/validation_labels.csv"
DEMO = "data/demo"


def packaged_path(relative: str) -> Path:
    """Return where a file that ships with the package lies.

    Parameters
    ----------
    relative : str
        One of `CONFIG`, `LABELS`, `DEMO`.

    Returns
    -------
    Path
        It may not exist if the installation is damaged.
    """
    here = Path(__file__).resolve().parent
    inside = here / "_packaged"
    top = inside if inside.is_dir() else here.parents[1]
    return top / relative


def local_or_packaged(relative: str) -> Path:
    """Return `./relative` if there is such a file or folder, else the packaged one."""
    local = Path(relative)
    return local if local.exists() else packaged_path(relative)
