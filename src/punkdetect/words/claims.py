"""Reads what a text claims of a portrait: phrases, the words beside a part, and what is denied.

No grammar: a clause is searched for the longest phrases of the table; colours and shapes belong to the next
part that is named. Knows the table; knows nothing of files and pixels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from punkdetect.vocabulary import TRAITS
from punkdetect.words.table import ANY, NONE, Meaning, Part, Phrase, WordTable, plain_words, singular

_CLAUSE_END = re.compile(r"[,;!?\n|()\[\]{}]|\.(?=\s|$)|\s/\s")
_HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}\b")

NEGATION_REACH = 3
"""Words between a negation and what it denies: "without any kind of glasses"."""

_BREAKS_NEGATION = frozenset({"but", "and", "with", "only", "just", "having", "has"})
_JOINS_NEGATION = frozenset({"or", "nor"})
_BETWEEN = frozenset({"is", "are", "that", "in", "of", "with", "colored", "coloured", "dyed", "all", "from"})
"""Words that may stand between a part and what is said of it: "hair that is black"."""

MIN_JOINED, MAX_JOINED = 9, 40
"""Letters of the shortest and the longest word that is tried as two that ran together ("greybackground")."""


LONGEST = 4
"""Words of the longest phrase beside a part that is looked for."""


class Claim(NamedTuple):
    """What words say of one trait.

    Parameters
    ----------
    trait : str
    accepted : tuple of str
        Values of the vocabulary that agree with the words; in its order.
    words : str
        The words that say it.
    """

    trait: str
    accepted: tuple[str, ...]
    words: str


class _Match(NamedTuple):
    """A phrase of the table in a clause: its first word and the word after its last."""

    start: int
    end: int
    meanings: tuple[Meaning, ...] = ()
    part: Part | None = None
    negated: bool = False


class _Said(NamedTuple):
    """What one phrase claims, in its words; `denied`: by saying what is not there."""

    meaning: Meaning
    words: str
    denied: bool = False


def read_claims(text: str, table: WordTable) -> list[Claim]:
    """Return what a text claims, one claim a trait, in the order of the vocabulary.

    Parameters
    ----------
    text : str
        A caption, or the words of an attribute such as "Nerd Glasses eyewear".
    table : WordTable
    """
    found: dict[str, list[_Said]] = {}
    known = table.known
    for text_of_clause in _CLAUSE_END.split(_HEX_COLOR.sub(" ", text)):
        clause = _clause(text_of_clause, known)
        for said in _read_clause(clause, table):
            found.setdefault(said.meaning.trait, []).append(said)
    return [_joined(trait, found[trait]) for trait in TRAITS if trait in found]


class _Clause(NamedTuple):
    """A piece of text without a comma: its words as the table has them, and as they were written."""

    words: Phrase
    written: tuple[str, ...]

    def text(self, start: int, end: int) -> str:
        return " ".join(self.written[start:end])


def _clause(text: str, known: frozenset[str]) -> _Clause:
    written = [piece for word in plain_words(text) for piece in _parted(word, known)]
    return _Clause(tuple(map(singular, written)), tuple(written))


def _parted(word: str, known: frozenset[str]) -> tuple[str, ...]:
    """Return a word; as two, if it is two words of the table that ran together."""
    if not MIN_JOINED <= len(word) <= MAX_JOINED or singular(word) in known:
        return (word,)
    for cut in range(3, len(word) - 2):
        if singular(word[:cut]) in known and singular(word[cut:]) in known:
            return word[:cut], word[cut:]
    return (word,)


def _read_clause(clause: _Clause, table: WordTable) -> Iterator[_Said]:
    matches = list(_find_phrases(clause.words, table))
    for i, match in enumerate(matches):
        if match.part is not None:
            before = next(
                (matches[k].end for k in range(i - 1, -1, -1) if not _is_of(matches[k], match.part)), 0
            )
            after = len(clause.words) if i + 1 == len(matches) else match.end
            yield from _read_part(match, match.part, clause, before, after, table)
        spoken = clause.text(match.start, match.end)
        for meaning in match.meanings:
            yield _denial(meaning, spoken, table) if match.negated else _Said(meaning, spoken)


def _find_phrases(words: Phrase, table: WordTable) -> Iterator[_Match]:
    """Yield phrases and parts from left to right, the longest first, with whether each is denied."""
    found: list[_Match] = []
    last_denied, last_end = -1, 0
    i = 0
    while i < len(words):
        match = _match_at(words, i, table)
        if match is None:
            i += 1
            continue
        if match.meanings or match.part is not None:
            negated = _is_denied(words, match, last_denied, last_end, table)
            match = match._replace(negated=negated)
            last_denied, last_end = (match.end if negated else last_denied), match.end
        found.append(match)
        i = match.end
    yield from found


def _match_at(words: Phrase, i: int, table: WordTable) -> _Match | None:
    """Return the longest phrase that begins at word `i`."""
    if words[i] not in table.known:
        return None
    for end in range(min(len(words), i + table.longest), i, -1):
        phrase = words[i:end]
        if phrase in table.ignored:
            return _Match(i, end)
        meanings = table.things.get(phrase, ())
        part = table.part_of.get(phrase)
        if part is None and meanings:  # "straight hair", "dark hair": the phrase ends in a part's name
            part = table.part_of.get(phrase[-1:])
            part = part if part is not None and _speaks_of(meanings, part) else None
        if meanings or part is not None:
            return _Match(i, end, meanings, part)
        if phrase in table.other_nouns:
            return _Match(i, end)
    return None


def _speaks_of(meanings: Sequence[Meaning], part: Part) -> bool:
    return any(m.trait in part.traits for m in meanings)


def _is_of(match: _Match, part: Part) -> bool:
    """Whether a phrase speaks of nothing but this part, as "curls" of hair: words before it may, too."""
    return match.part is None and {m.trait for m in match.meanings} <= part.traits and bool(match.meanings)


def _is_denied(words: Phrase, match: _Match, last_denied: int, left: int, table: WordTable) -> bool:
    after = words[match.end : match.end + 2]
    if (after[:1] in table.negated_after and after not in table.things) or after in table.negated_after:
        return True
    if last_denied >= 0 and set(words[last_denied : match.start]) & _JOINS_NEGATION:
        return not set(words[last_denied : match.start]) & _BREAKS_NEGATION
    for start in range(match.start - 1, max(left, match.start - 2 - NEGATION_REACH) - 1, -1):
        if words[start] in _BREAKS_NEGATION:
            return False
        if words[start : start + 1] in table.negations or words[start : start + 2] in table.negations:
            return True
    return False


def _denial(meaning: Meaning, spoken: str, table: WordTable) -> _Said:
    """Return what is claimed by denying something."""
    trait, values = meaning.trait, TRAITS[meaning.trait]
    if meaning.values == (NONE,):
        left: tuple[str, ...] = tuple(v for v in values if v != NONE)
    elif NONE in values and (trait in table.negated_means_none or ANY in meaning.values):
        left = (NONE,)
    else:
        left = tuple(v for v in values if v not in meaning.values)
    return _Said(Meaning(trait, left), f"no {spoken}", denied=True)


def _read_part(
    match: _Match, part: Part, clause: _Clause, before: int, after: int, table: WordTable
) -> Iterator[_Said]:
    """Yield what the words beside a part say of it."""
    called = clause.text(match.start, match.end)
    if match.negated:
        yield from (_denial(meaning, called, table) for meaning in part.alone)
        return
    said = list(_words_beside(clause, before, match.start, part))
    following = clause.words[match.end : after]
    if following and (following[0] in _BETWEEN or _starts_with_word(following, part)):
        said += _words_beside(clause, match.end, after, part)
    told = {meaning.trait for meaning, _ in said}
    yield from (_Said(meaning, f"{word} {called}") for meaning, word in said)
    yield from (_Said(meaning, called) for meaning in part.alone if meaning.trait not in told)


def _starts_with_word(words: Phrase, part: Part) -> bool:
    return any(words[:n] in part.words for n in (1, 2, 3))


def _words_beside(clause: _Clause, start: int, end: int, part: Part) -> Iterator[tuple[Meaning, str]]:
    i = start
    while i < end:
        for stop in range(min(end, i + LONGEST), i, -1):
            meanings = part.words.get(clause.words[i:stop])
            if meanings:
                yield from ((meaning, clause.text(i, stop)) for meaning in meanings)
                i = stop
                break
        else:
            i += 1


def _joined(trait: str, several: Sequence[_Said]) -> Claim:
    """Join everything a text says of one trait.

    What is said to be there may be any of it; what is denied counts only where nothing is said to be there.
    """
    exact = [s for s in several if not s.denied and ANY not in s.meaning.values]
    denied = [s for s in several if s.denied]
    some = [s for s in several if not s.denied and ANY in s.meaning.values]
    told = exact or some or denied
    values = set(TRAITS[trait])
    if exact:
        values = {v for s in exact for v in s.meaning.values}
        if len(values) > 1 and len(exact) > 1 and "multicolor" in TRAITS[trait]:
            values.add("multicolor")  # several colours are told, and may be several in the picture
    elif some:
        values -= {NONE}
    else:
        for s in denied:
            values = values & set(s.meaning.values) or values  # who denies everything claims nothing
    words = ", ".join(dict.fromkeys(s.words for s in told))
    return Claim(trait, tuple(v for v in TRAITS[trait] if v in values), words)
