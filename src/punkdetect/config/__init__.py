"""`features.yaml`: which detector answers for each trait, and what was measured of it.

Made of `settings` (the values), `reading`, `rendering` and `tree` (YAML). What is needed only to write a
config is imported from `rendering`.
"""

from punkdetect.config.reading import find_config, read_config
from punkdetect.config.settings import (
    ANY,
    DEFAULT_LABELS,
    DEFAULT_THRESHOLD,
    CalibrationTable,
    Config,
    Knots,
    Measured,
    TraitSetting,
)
from punkdetect.config.tree import Place, did_you_mean

__all__ = [
    "ANY",
    "DEFAULT_LABELS",
    "DEFAULT_THRESHOLD",
    "CalibrationTable",
    "Config",
    "Knots",
    "Measured",
    "Place",
    "TraitSetting",
    "did_you_mean",
    "find_config",
    "read_config",
]
