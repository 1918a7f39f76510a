"""Writes `features.yaml` in its one fixed layout, which `reading` reads back to an equal config."""

from __future__ import annotations

import re

from punkdetect.config.nodes import WORDS
from punkdetect.config.settings import CalibrationTable, Config, Measured, TraitSetting

_HEAD = """\
# Which detector answers for each trait, and how often it was right.
#
# A trait is shown when the lower end of its 95 % Wilson interval reaches the threshold and its accuracy
# beats the best constant answer. `show: always` or `show: never` under a trait forces it, and the output
# then says so. The `measured` blocks are written by `punkdetect validate --update-config`; nobody types a
# number there. `calibration` says what a detector's own confidence is worth, for each value: [its own
# confidence, chance of being right].

"""


def render_config(config: Config) -> str:
    """Return the whole text of a config file in its one fixed layout.

    Reading it back gives an equal `Config`; comments that a person added are not kept.
    """
    lines = [
        f"threshold: {_number(config.threshold)}",
        f"min_confidence: {_number(config.min_confidence)}  # answers less sure than this are left empty",
        f"labels: {_quoted(config.labels)}  # what the figures were measured on, seen from this file",
        *([f"face_model: {_quoted(config.face_model)}"] if config.face_model else []),
        "",
        "traits:",
    ]
    for setting in config.traits.values():
        lines += _render_trait(setting)
    return _HEAD + "\n".join(lines) + "\n"


def _render_trait(setting: TraitSetting) -> list[str]:
    lines = [f"  {_quoted(setting.trait)}:", f"    detector: {_quoted(setting.detector)}"]
    if setting.show != "auto":
        lines.append(f"    show: {setting.show}")
    if setting.min_confidence is not None:
        lines.append(f"    min_confidence: {_number(setting.min_confidence)}")
    if setting.measured is not None:
        lines.append("    measured:")
        for name in Measured._fields:
            value = getattr(setting.measured, name)
            if name == "calibration":
                lines += _render_calibration(value)
            elif value is not None:
                lines.append(
                    f"      {name}: {_number(value) if isinstance(value, float) else _quoted(value)}"
                )
    return lines


def _render_calibration(table: CalibrationTable) -> list[str]:
    lines = ["      calibration:"] if table else []
    for value, knots in table.items():
        pairs = ", ".join(f"[{_number(level)}, {_number(chance)}]" for level, chance in knots)
        lines.append(f"        {_quoted(value)}: [{pairs}]")
    return lines


def _number(value: float) -> str:
    """Write a float with as many decimal places as it takes to read it back, and never with an exponent."""
    from decimal import Decimal

    text = format(Decimal(repr(float(value))), "f")
    return text if "." in text else f"{text}.0"


def _quoted(value: object) -> str:
    """Write a plain word as it is and everything else in double quotes."""
    text = str(value)
    if isinstance(value, int) or re.fullmatch(r"[a-z][a-z0-9_.-]*", text):
        return text if text not in WORDS else f'"{text}"'
    escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'"{escaped}"'
