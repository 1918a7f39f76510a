"""What `validate` measured, as a text for people and as JSON for programs.

Knows the shape of an evaluation; knows nothing of how it was made.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from punkdetect.metrics import BIN_EDGES, COVERED_AT
from punkdetect.plural import counted
from punkdetect.writers.json_format import PLACES, dump

if TYPE_CHECKING:
    from punkdetect.evaluate import Evaluation, Pictures
    from punkdetect.gate import Verdict
    from punkdetect.labels import Labels
    from punkdetect.metrics import Coverage, Miss, Reliability, Score

SCHEMA = "punkdetect-validation/1"

MISSES_NAMED = 12
"""Misses named a trait before the rest is only counted: what fits two lines of a terminal."""


class Choice(NamedTuple):
    """Which detectors were chosen to be measured, and why others were not.

    Parameters
    ----------
    named : frozenset of str
        Detectors that the config names.
    unusable : mapping of str to str
        Detectors that could not be measured, and what they lack.
    """

    named: frozenset[str] = frozenset()
    unusable: Mapping[str, str] = {}


NO_CHOICE = Choice()


def recognizes_validation(head: bytes) -> bool:
    """Tell whether a file starts like the JSON of `validate`."""
    return b"".join(head.split()).startswith(f'{{"schema":"{SCHEMA}"'.encode())


def validation_object(
    labels: Labels,
    pictures: Pictures,
    evaluations: Sequence[Evaluation],
    verdicts: Mapping[str, Verdict],
    choice: Choice = NO_CHOICE,
) -> dict[str, Any]:
    """Return everything that was measured as plain objects.

    Parameters
    ----------
    labels : Labels
    pictures : Pictures
    evaluations : sequence of Evaluation
    verdicts : mapping of str to Verdict
        By detector: what the gate says of these figures.
    choice : Choice
    """
    return {
        "schema": SCHEMA,
        "labels": {"file": str(labels.path), "sha256": labels.sha256, "rows": len(labels.rows)},
        "pictures": {
            "found": len(pictures.rows),
            "missing": len(pictures.missing),
            "refused": {row.image: f"{e.code}: {e.message}" for row, e in pictures.refused},
        },
        "unusable": dict(choice.unusable),
        "detectors": [
            _evaluation(e, verdicts[e.detector.name], e.detector.name in choice.named) for e in evaluations
        ],
    }


def _evaluation(evaluation: Evaluation, verdict: Verdict, configured: bool) -> dict[str, Any]:
    return {
        "trait": evaluation.detector.trait,
        "detector": f"{evaluation.detector.name}@{evaluation.detector.version}",
        "how": evaluation.how,
        "configured": configured,
        "passes": verdict.passes,
        "reason": verdict.reason,
        "microseconds": round(evaluation.microseconds, 1) or None,
        "calibrated": bool(evaluation.calibration),
        "real": _score(evaluation.real, evaluation.real_confidence),
        "drawn": _score(evaluation.drawn, evaluation.drawn_confidence),
        "collections": {name: _score(s) for name, s in evaluation.collections.items()},
        "left_out": evaluation.left_out,
        "failures": list(evaluation.failures),
    }


def _score(score: Score, confidence: Reliability | None = None) -> dict[str, Any] | None:
    if not score.n:
        return None
    low, high = score.interval
    return {
        "n": score.n,
        "correct": score.correct,
        "accuracy": _finite(score.accuracy),
        "wilson_low": _finite(low),
        "wilson_high": _finite(high),
        "balanced_accuracy": _finite(score.balanced_accuracy),
        "constant_accuracy": _finite(score.constant_accuracy),
        "constant": score.constant,
        "confusion": [
            {"label": label, "answer": answer or None, "n": n}
            for (label, answer), n in sorted(score.confusion.items())
        ],
        "misses": [
            {"image": m.image, "label": "|".join(m.accepted), "answer": m.answer} for m in score.misses
        ],
        **({} if confidence is None else _confidence(confidence)),
    }


def _confidence(confidence: Reliability) -> dict[str, Any]:
    return {
        "reliability": [
            {
                "low": b.low,
                "high": b.high,
                "n": b.n,
                "confidence": round(b.confidence, PLACES),
                "accuracy": round(b.accuracy, PLACES),
            }
            for b in confidence.bins
        ],
        "gap": _finite(confidence.gap),
        "coverage": [
            {"accuracy": c.accuracy, "share": round(c.share, PLACES), "min_confidence": c.least}
            for c in confidence.coverage
        ],
    }


def _finite(number: float) -> float | None:
    return round(number, PLACES) if math.isfinite(number) else None


def validation_json(out: dict[str, Any]) -> str:
    """Return the JSON text: a line for every detector."""
    detectors = ",\n".join(f"    {dump(d)}" for d in out["detectors"])
    rest = "".join(f"  {dump(key)}: {dump(value)},\n" for key, value in out.items() if key != "detectors")
    return f'{{\n{rest}  "detectors": [\n{detectors}\n  ]\n}}\n'


def validation_text(
    labels: Labels,
    pictures: Pictures,
    evaluations: Sequence[Evaluation],
    verdicts: Mapping[str, Verdict],
    *,
    confusion: bool = False,
    all_misses: bool = False,
    timed: bool = False,
    choice: Choice = NO_CHOICE,
) -> str:
    """Return what a person wants to read of a validation."""
    lines = [_pictures_line(labels, pictures)]
    lines += [f"  {row.image}: {error.code}: {error.message}" for row, error in pictures.refused]
    marked = choice.named if timed else frozenset()
    lines += _section("Portraits of real collections", False, evaluations, verdicts, timed, marked)
    lines += _by_collection(evaluations)
    lines += _section(
        "Portraits drawn by the project (these figures are never counted)",
        True,
        evaluations,
        verdicts,
        timed,
        marked,
    )
    drawn = not any(e.real.n for e in evaluations)
    lines += _reliability(evaluations, drawn)
    lines += _coverage(evaluations, drawn)
    lines += _misses(evaluations, all_misses)
    if confusion:
        lines += _confusions(evaluations)
    for evaluation in evaluations:
        name = evaluation.detector.name
        if evaluation.left_out:
            lines.append(
                f"{name}: left out, since it was fitted to them and has no out-of-fold answer: "
                f"{evaluation.left_out}"
            )
        lines += [f"{name} failed on {failure}" for failure in evaluation.failures]
    lines += [f"{name} was not measured: {why}" for name, why in choice.unusable.items()]
    lines += _better(evaluations, choice.named)
    return "\n".join(lines) + "\n"


def _better(evaluations: Sequence[Evaluation], named: frozenset[str]) -> list[str]:
    """Return a line for every detector that is right more often than the one that the config names."""
    by_trait = {e.detector.trait: e for e in evaluations if e.detector.name in named and e.real.n}
    lines = []
    for evaluation in evaluations:
        mine = by_trait.get(evaluation.detector.trait)
        if mine is not None and evaluation.real.n and evaluation.real.accuracy > mine.real.accuracy:
            lines.append(
                f"{evaluation.detector.name} is right more often than {mine.detector.name}, which the config "
                f"names: {_of(evaluation.real)} and {_of(mine.real)}"
            )
    return lines


def _of(score: Score) -> str:
    return f"{score.correct} of {score.n}"


def _pictures_line(labels: Labels, pictures: Pictures) -> str:
    real = sum(row.is_real for row in pictures.rows)
    found = f"{real} of real collections, {len(pictures.rows) - real} drawn by the project"
    rows = counted(len(labels.rows), "row")
    line = f"{labels.path}: {rows}, pictures found for {len(pictures.rows)} ({found})"
    if not pictures.missing:
        return line
    names: dict[str, int] = {}
    for row in pictures.missing:
        names[row.collection] = names.get(row.collection, 0) + 1
    missing = ", ".join(f"{n} {name}" for name, n in names.items())
    said = (
        f"{line}\n{counted(len(pictures.missing), 'row')} had no picture ({missing}): --images DIR finds them"
    )
    if not pictures.rows:
        said += "; if they are a sheet's tiles, --tile 24 cuts it and --name says what the tiles are called"
    return said


def _section(
    title: str,
    drawn: bool,
    evaluations: Sequence[Evaluation],
    verdicts: Mapping[str, Verdict],
    timed: bool,
    marked: frozenset[str],
) -> list[str]:
    rows = []
    for evaluation in evaluations:
        score = evaluation.drawn if drawn else evaluation.real
        if score.n:
            name = evaluation.detector.name
            row = [evaluation.detector.trait, f"{name} *" if name in marked else name, *_figures(score)]
            if timed:
                row.append(f"{evaluation.microseconds:.1f}")
            rows.append(row if drawn else [*row, _verdict(evaluation, verdicts)])
    head = ["trait", "detector", "n", "right", "accuracy", "95 % interval", "balanced", "constant"]
    head += ["us each"] if timed else []
    head += [] if drawn else ["the gate"]
    return ["", title, *_table([head, *rows])] if rows else []


def _verdict(evaluation: Evaluation, verdicts: Mapping[str, Verdict]) -> str:
    verdict = verdicts[evaluation.detector.name]
    how = "" if evaluation.how == "fixed" else f" ({evaluation.how})"
    return ("shows it" if verdict.passes else f"withholds it: {verdict.reason}") + how


def _figures(score: Score) -> list[str]:
    low, high = score.interval
    balanced = f"{score.balanced_accuracy:.3f}" if math.isfinite(score.balanced_accuracy) else "-"
    return [
        str(score.n),
        str(score.correct),
        f"{score.accuracy:.3f}",
        f"[{low:.3f}, {high:.3f}]",
        balanced,
        f"{score.constant_accuracy:.3f} {score.constant}",
    ]


def _by_collection(evaluations: Sequence[Evaluation]) -> list[str]:
    """Return each real collection's own accuracy, where there are several: a large one hides a small one."""
    names = list(dict.fromkeys(n for e in evaluations for n, s in e.collections.items() if s is not e.drawn))
    names = [n for n in names if any(_real_part(e, n) for e in evaluations)]
    if len(names) < 2:
        return []
    rows = [["trait", "detector", *names]]
    for e in evaluations:
        cells = [_real_part(e, n) for n in names]
        rows.append(
            [
                e.detector.trait,
                e.detector.name,
                *(f"{c.accuracy:.3f} of {c.n}" if c else "-" for c in cells),
            ]
        )
    return ["", "Each real collection on its own", *_table(rows)]


def _real_part(evaluation: Evaluation, name: str) -> Score | None:
    from punkdetect.labels import DRAWN_COLLECTIONS

    return None if name in DRAWN_COLLECTIONS else evaluation.collections.get(name)


def _reliability(evaluations: Sequence[Evaluation], drawn: bool) -> list[str]:
    """Return one row a detector: in each bin of confidence how many answers, and the share that was right."""
    rows = []
    for evaluation in evaluations:
        confidence = evaluation.drawn_confidence if drawn else evaluation.real_confidence
        if confidence.bins:
            cells = {b.low: f"{b.accuracy:.2f} of {b.n}" for b in confidence.bins}
            mean = sum(b.n * b.confidence for b in confidence.bins) / sum(b.n for b in confidence.bins)
            bins = [cells.get(low, ".") for low in BIN_EDGES]
            rows.append([evaluation.detector.name, f"{mean:.3f}", f"{confidence.gap:.3f}", *bins])
    head = ["detector", "mean", "gap", *(f"{low:.2f}+" if low else "0+" for low in BIN_EDGES)]
    title = f"Confidence said, and the share right at it ({_whose(drawn)})"
    return ["", title, *_table([head, *rows])] if rows else []


def _coverage(evaluations: Sequence[Evaluation], drawn: bool) -> list[str]:
    """Return one row a detector: how many portraits may be answered if so many answers are to be right."""
    rows = []
    for evaluation in evaluations:
        confidence = evaluation.drawn_confidence if drawn else evaluation.real_confidence
        if confidence.bins:
            rows.append([evaluation.detector.name, *map(_covered, confidence.coverage)])
    head = ["detector", *(f"{wanted:.0%} right" for wanted in COVERED_AT)]
    title = f"Share of portraits answered, and the least confidence, for so many right ({_whose(drawn)})"
    return ["", title, *_table([head, *rows])] if rows else []


def _covered(coverage: Coverage) -> str:
    if coverage.least is None:
        return "none"
    least = math.floor(coverage.least * 1000) / 1000  # rounded up, it would leave out those it was made for
    return f"{coverage.share:.3f} from {least:.3f}"


def _whose(drawn: bool) -> str:
    return "portraits drawn by the project" if drawn else "portraits of real collections"


def _misses(evaluations: Sequence[Evaluation], everything: bool) -> list[str]:
    lines = []
    for evaluation in evaluations:
        misses = [*evaluation.real.misses, *evaluation.drawn.misses]
        if misses:
            shown = misses if everything else misses[:MISSES_NAMED]
            more = f", and {len(misses) - len(shown)} more (--misses)" if len(shown) < len(misses) else ""
            lines.append(f"  {evaluation.detector.name}: {', '.join(map(_miss, shown))}{more}")
    return ["", "Misses (label -> answer)", *lines] if lines else []


def _miss(miss: Miss) -> str:
    return f"{miss.image} ({'|'.join(miss.accepted)} -> {miss.answer or 'nothing'})"


def _confusions(evaluations: Sequence[Evaluation]) -> list[str]:
    lines = []
    for evaluation in evaluations:
        counts = evaluation.real.confusion or evaluation.drawn.confusion
        if not counts or not evaluation.detector.vocabulary:
            continue  # colours have no matrix
        labels = list(dict.fromkeys(label for label, _ in counts))
        values = [*evaluation.detector.vocabulary, ""]
        used = [v for v in values if any((label, v) in counts for label in labels)]
        body = [[label, *(str(counts.get((label, v), ".")) for v in used)] for label in sorted(labels)]
        lines += ["", f"{evaluation.detector.name}: a row a label, a column an answer"]
        lines += _table([["", *(v or "(nothing)" for v in used)], *body])
    return lines


def _table(rows: Iterable[Sequence[str]]) -> list[str]:
    rows = list(rows)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
