"""`features.yaml`: which detector answers for each trait, and what was measured of it.

Made of `settings` (the values), `reading`, `rendering`, `nodes` (what a file says, with places), `tree`
(YAML) and `plain` (the part of YAML that `rendering` writes). What is needed only to write a
config is imported from `rendering`.
"""

from punkdetect.config.nodes import Place, did_you_mean
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
