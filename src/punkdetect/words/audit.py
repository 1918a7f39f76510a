"""Holds words against pixels: which claims the pixels contradict, what words leave out, and how sure that is.

Knows claims and reports; knows nothing of files and formats.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from punkdetect.punks import BoolArray, ByteArray
from punkdetect.reports import OK, Report, Reports
from punkdetect.vocabulary import TRAITS
from punkdetect.words.claims import Claim
from punkdetect.words.matching import Given, Wording
from punkdetect.words.table import NONE, WordTable

CONTRADICTED = "contradicted"
NOT_MENTIONED = "not_mentioned"
LEFT_OUT = "left_out"
ALARMS = (CONTRADICTED, NOT_MENTIONED)

REFUSED = "refused"
UNREADABLE = "unreadable"
NO_PICTURE = "no_picture"
DUPLICATE = "duplicate"
NO_WORDS = "no_words"

WORDS_WRONG = 0.1
"""How often a claim of existing words is wrong before anybody looks. Of the captions that this was measured
on (docs/audit.md), 3 % of the claims on expression, 14 % on eyewear and 5 % on earrings."""

DEFAULT_SURE = 0.35
"""Findings that are less sure are not listed unless asked for: of those, two in three would be the pixels'
mistake. Answers that are right in five of six cases just reach it."""


class Finding(NamedTuple):
    """One thing that words and pixels do not agree on.

    Parameters
    ----------
    image : str
    kind : str
        `contradicted`: a claim is wrong. `not_mentioned`: something is worn that the words do not mention,
        although such things are mentioned of other pictures. `left_out`: a trait that the words say nothing
        of and need not.
    trait : str
    claimed : tuple of str
        Values that the words accept; `("none",)` for what is not mentioned, empty for what is left out.
    words : str
        The words that claim it.
    shown : str
        What the pixels show.
    sure : float, in [0, 1]
        Chance that it is the words that are wrong; for what is left out, that the pixels are read rightly.
    confidence : float
        The detector's own.
    detector : str
    evidence : bool array, shape (24, 24)
        The pixels that decided.
    rgba : uint8 array, shape (24, 24, 4)
        The portrait.
    """

    image: str
    kind: str
    trait: str
    claimed: tuple[str, ...]
    words: str
    shown: str
    sure: float
    confidence: float
    detector: str
    evidence: BoolArray
    rgba: ByteArray


class Unaudited(NamedTuple):
    """A picture or a wording that could not be held against its other half.

    Parameters
    ----------
    name : str
    kind : str
        `refused` (the picture), `unreadable` (the words), `no_picture`, `duplicate` (words for a picture that
        has some already), `no_words`.
    message : str
    """

    name: str
    kind: str
    message: str


class Audit(NamedTuple):
    """Everything that was found, the surest alarms first, and everything that could not be looked at."""

    findings: tuple[Finding, ...]
    unaudited: tuple[Unaudited, ...]

    @property
    def alarms(self) -> list[Finding]:
        """The findings in which the words are probably wrong."""
        return [f for f in self.findings if f.kind in ALARMS]

    @property
    def failed(self) -> list[Unaudited]:
        """Pictures and words that could not be read."""
        return [u for u in self.unaudited if u.kind in (REFUSED, UNREADABLE)]


def audit_reports(
    blocks: Iterable[Reports],
    given: Given,
    table: WordTable,
    accuracy: Mapping[str, float],
    min_sure: float = DEFAULT_SURE,
) -> Audit:
    """Hold the words of many pictures against what their pixels show.

    Parameters
    ----------
    blocks : iterable of Reports
        Of every picture.
    given : Given
    table : WordTable
    accuracy : mapping of str to float
        By trait, how often its detector was measured to be right.
    min_sure : float
        Findings that are less sure are left out.
    """
    readable = {image: w for image, w in given.by_image.items() if not w.error}
    mentioned = mentioned_traits(readable.values(), table)
    findings: list[Finding] = []
    unaudited: list[Unaudited] = []
    for report in (report for reports in blocks for report in reports):
        wording = given.by_image.get(report.image)
        if report.status != OK:
            unaudited.append(Unaudited(report.image, REFUSED, f"{report.status}: {report.message}"))
        if wording is None:
            unaudited.append(Unaudited(report.image, NO_WORDS, ""))
        elif wording.error:
            unaudited.append(Unaudited(report.image, UNREADABLE, wording.error))
        elif wording.blank:
            unaudited.append(Unaudited(report.image, NO_WORDS, f"{wording.where}: no words in it"))
        else:
            found = find_disagreements(report, wording, mentioned, accuracy)
            findings += [f for f in found if f.sure >= min_sure]
    for wording in given.homeless:
        kind = UNREADABLE if wording.error else NO_PICTURE
        unaudited.append(Unaudited(", ".join(wording.keys[:1]), kind, wording.error or wording.where))
    for wording, counted in given.doubled:
        message = wording.error or f"{wording.where}: the words of {counted.where} are counted"
        unaudited.append(Unaudited(", ".join(wording.keys[:1]), DUPLICATE, message))
    return Audit(tuple(surest_first(findings)), tuple(unaudited))


def chance_words_wrong(right: float, words_wrong: float = WORDS_WRONG) -> float:
    """Return the chance that the words are wrong where words and pixels disagree.

    One of the two must be wrong. By Bayes' rule the share of disagreements that are the words' fault is
    ``right * w / (right * w + (1 - right) * (1 - w))``.

    Parameters
    ----------
    right : float, in [0, 1]
        Chance that the pixels were read rightly.
    words_wrong : float, in (0, 1)
        w, how often words are wrong.

    Examples
    --------
    >>> round(chance_words_wrong(0.99), 3)
    0.917
    >>> round(chance_words_wrong(0.9), 3)
    0.5
    """
    blamed = right * words_wrong
    return blamed / (blamed + (1 - right) * (1 - words_wrong))


def mentioned_traits(wordings: Iterable[Wording], table: WordTable) -> frozenset[str]:
    """Return the things worn that some of the words mention: of these the silence of others counts."""
    return frozenset(
        claim.trait
        for wording in wordings
        if wording.speaks
        for claim in wording.claims
        if claim.trait in table.silence_means_none and NONE not in claim.accepted
    )


def find_disagreements(
    report: Report, wording: Wording, mentioned: frozenset[str], accuracy: Mapping[str, float]
) -> list[Finding]:
    """Hold the words of one picture against its pixels.

    Parameters
    ----------
    report : Report
        What the pixels show; only answered traits that passed the gate are used.
    wording : Wording
    mentioned : frozenset of str
        Traits whose silence is a claim; see `mentioned_traits`.
    accuracy : mapping of str to float
        By trait, how often its detector was measured to be right: no answer is taken for surer.

    Returns
    -------
    list of Finding
        In the order of the vocabulary.
    """
    if report.rgba is None:
        return []
    claims = {claim.trait: claim for claim in wording.claims}
    found = []
    for heading in report.headings:
        answer = report.answers.get(heading.trait)
        if answer is None or answer.value is None or heading.trait not in TRAITS:
            continue
        right = min(answer.confidence, accuracy.get(heading.trait, 1.0))
        kind = _kind(heading.trait, answer.value, claims.get(heading.trait), wording.speaks, mentioned)
        if kind is None:
            continue
        claim = claims.get(heading.trait, Claim(heading.trait, (), ""))
        found.append(
            Finding(
                report.image,
                kind,
                heading.trait,
                (NONE,) if kind == NOT_MENTIONED else claim.accepted,
                claim.words,
                answer.value,
                round(right if kind == LEFT_OUT else chance_words_wrong(right), 4),
                answer.confidence,
                heading.detector,
                answer.evidence,
                report.rgba,
            )
        )
    return found


def _kind(trait: str, shown: str, claim: Claim | None, speaks: bool, mentioned: frozenset[str]) -> str | None:
    if claim is not None:
        return None if shown in claim.accepted else CONTRADICTED
    if shown == NONE or not speaks:
        return None
    return NOT_MENTIONED if trait in mentioned else LEFT_OUT


def surest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with the alarms first, the surest at the top; what is left out follows by picture."""
    return sorted(
        findings,
        key=lambda f: (f.kind == LEFT_OUT, f.image if f.kind == LEFT_OUT else "", -f.sure, f.image, f.trait),
    )
