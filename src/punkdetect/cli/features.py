"""`punkdetect features`: every trait, who answers it, how often it was right, and whether it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punkdetect.cli import _options as options

if TYPE_CHECKING:
    from punkdetect.detectors import Registry
    from punkdetect.gate import TraitPlan


@click.command(epilog=options.examples("punkdetect features", "punkdetect features --json -"))
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Write the list as JSON; - is standard output.",
)
@options.traits_option
@options.config_option
@options.force_option
def command(json_path: Path | None, traits: tuple[str, ...] | None, config: Path | None, force: bool) -> int:
    """List every trait: detector, measured accuracy, shown or withheld, and why."""
    from punkdetect.cli._run import put
    from punkdetect.config import find_config, read_config
    from punkdetect.detectors import load_registry
    from punkdetect.gate import labels_digest, make_plan
    from punkdetect.writers.json_format import dump
    from punkdetect.writers.output import check_output

    settings = read_config(find_config(config))
    registry = load_registry(settings.face_model_path)
    plan = make_plan(settings, registry.detectors, labels_digest(settings.labels_path), only=traits)
    if json_path is None:
        put(_text(settings.path, settings.threshold, plan, registry), None)
        return 0
    out = {"schema": "punkdetect-features/1", "config": str(settings.path)}
    body = ",\n".join(f"    {dump(_object(p, registry))}" for p in plan)
    head = "".join(f"  {dump(k)}: {dump(v)},\n" for k, v in out.items())
    target = options.output_path(json_path)
    if target is not None:
        target = check_output(
            target, lambda head: b'"punkdetect-features/1"' in head, force=force, inputs=settings.files
        )
    put(f'{{\n{head}  "features": [\n{body}\n  ]\n}}\n', target)
    return 0


def _object(plan: TraitPlan, registry: Registry) -> dict[str, Any]:
    from punkdetect.gate import why_unusable

    measured = plan.measured
    return {
        "trait": plan.trait,
        "detector": plan.detector_id or None,
        "origin": registry.origins[plan.detector.name] if plan.detector else None,
        "others": (others := _others(plan, registry)),
        "unusable": {name: why for name in others if (why := why_unusable(registry.detectors[name]))},
        "values": list(plan.vocabulary),
        "measured": None if measured is None else measured._asdict(),
        "shown": plan.verdict.shown,
        "forced": plan.verdict.forced,
        "reason": plan.verdict.reason,
    }


def _others(plan: TraitPlan, registry: Registry) -> list[str]:
    mine = plan.detector.name if plan.detector else ""
    return [n for n, d in registry.detectors.items() if d.trait == plan.trait and n != mine]


def _named(name: str, registry: Registry) -> str:
    """Return a detector's name, with what it lacks."""
    from punkdetect.gate import why_unusable

    why = why_unusable(registry.detectors[name])
    return f"{name} ({why})" if why else name


def _text(path: Path, threshold: float, plan: tuple[TraitPlan, ...], registry: Registry) -> str:
    lines = [f"{path}, threshold {threshold:.2f}", ""]
    width = max((len(p.trait) for p in plan), default=0)
    wide = max((len(p.detector_id) for p in plan), default=0)
    for p in plan:
        figures = f"{p.measured.accuracy:.3f} of {p.measured.n}" if p.measured else "-"
        said = ("shown" if p.verdict.shown else "withheld") + (" (forced)" if p.verdict.forced else "")
        why = f": {p.verdict.reason}" if p.verdict.reason else ""
        lines.append(f"{p.trait:{width}}  {p.detector_id or '-':{wide}}  {figures:14}  {said}{why}")
        origin = registry.origins[p.detector.name] if p.detector else "punkdetect"
        if origin != "punkdetect":
            lines.append(f"{'':{width}}  from {origin}")
        if others := _others(p, registry):
            lines.append(f"{'':{width}}  also: {', '.join(_named(name, registry) for name in others)}")
    return "\n".join(lines) + "\n"
