"""One person's review: what is asked, what was decided, how often the machine agrees, and how to go back.

Knows a gallery and a label file; knows nothing of HTTP or HTML.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple

from punkdetect.errors import UsageError
from punkdetect.labels import image_stem
from punkdetect.metrics import is_right, wilson_interval
from punkdetect.report.gallery import Gallery, gallery_data
from punkdetect.review.book import Change, LabelBook, why_not_labelled
from punkdetect.tables import Table

_HEX = re.compile(r"#[0-9a-f]{6}\Z")


class Question(NamedTuple):
    """One trait that is asked for.

    Parameters
    ----------
    trait : str
    values : tuple of str
        Empty for a colour.
    """

    trait: str
    values: tuple[str, ...]


class AskFirstError(Exception):
    """A label of a person would be replaced: that person's words, and who said them when."""

    def __init__(self, words: str, who: str, when: str) -> None:
        super().__init__(words)
        self.words, self.who, self.when = words, who, when


class ChangedElsewhereError(Exception):
    """The label file was changed by somebody else: look again before you decide."""


class Session:
    """A review that is under way; safe to be asked from several threads.

    Parameters
    ----------
    table : Table
    gallery : Gallery
    book : LabelBook
    questions : sequence of Question
    who : str
        The person who decides.
    """

    def __init__(
        self, table: Table, gallery: Gallery, book: LabelBook, questions: Sequence[Question], who: str
    ) -> None:
        self.table, self.gallery, self.book, self.who = table, gallery, book, who
        self.questions = {question.trait: question for question in questions}
        self.stems = [image_stem(image) for image in table.images]
        self.rows = [
            row
            for row, at in enumerate(gallery.rows.tolist())
            if at >= 0 and not why_not_labelled(self.stems[row])
        ]
        self._asked = set(self.rows)
        self.mine: set[tuple[str, str]] = set()
        self.undo_stack: list[tuple[int, Change, bool]] = []
        self.decisions = 0
        self.lock = threading.Lock()

    def label(self, row: int, trait: str, words: str, *, replace: bool = False) -> dict[str, Any]:
        """Write what the person says.

        Parameters
        ----------
        row : int
            Of the table.
        trait : str
        words : str
            A value, several with `|` between where either is right, or empty to take the label away.
        replace : bool
            The person knows that somebody's label is there, and means it.

        Returns
        -------
        dict
            As `_state`.

        Raises
        ------
        UsageError
            If there is no such row, trait or value.
        AskFirstError
            If somebody's label from before this session would change.
        ChangedElsewhereError
            If the file is not as it was shown.
        EnvironmentUnusableError
            If it cannot be written.
        """
        with self.lock:
            words = self._checked(row, trait, words)
            self._look_again()
            stem = self.stems[row]
            before = self.book.entry(stem, trait)
            mine = (stem, trait) in self.mine
            if before.words == words:
                return self._state(row, trait)
            if before.words and not mine and not replace:
                raise AskFirstError(before.words, before.who, before.when)
            now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            change = self.book.write(stem, trait, words, self.who, now)
            self.undo_stack.append((row, change, mine))
            self.mine.add((stem, trait))
            self.decisions += 1
            return self._state(row, trait)

    def undo(self) -> dict[str, Any] | None:
        """Take back the last decision; None if there is none to take back."""
        with self.lock:
            self._look_again()
            if not self.undo_stack:
                return None
            row, change, mine = self.undo_stack[-1]
            self.book.restore(change)
            self.undo_stack.pop()
            if not mine:
                self.mine.discard((change.image, change.trait))
            self.decisions -= 1
            return self._state(row, change.trait)

    def _look_again(self) -> None:
        if self.book.refresh():
            self.undo_stack.clear()
            self.mine.clear()
            raise ChangedElsewhereError

    def _checked(self, row: int, trait: str, words: str) -> str:
        question = self.questions.get(trait)
        if question is None or row not in self._asked:
            raise UsageError("no such picture or trait in this review")
        parts = list(dict.fromkeys(part for part in words.split("|") if part))
        for part in parts:
            if part not in question.values if question.values else not _HEX.match(part):
                raise UsageError(f"{trait} has no value {part!r}")
        return "|".join(parts)

    def _state(self, row: int, trait: str) -> dict[str, Any]:
        """Return what the file says of one portrait now, and how far the trait is."""
        return {
            "row": row,
            "trait": trait,
            "words": self.book.entry(self.stems[row], trait).words,
            "mine": (self.stems[row], trait) in self.mine,
            "progress": self._progress(trait),
            "undo": len(self.undo_stack),
        }

    def _progress(self, trait: str) -> dict[str, Any]:
        """Count labels and how many of the table's answers they accept; what it did not find is wrong."""
        column = self.table.columns.get(trait)
        answered = column is not None and any(column.values)
        labelled = right = 0
        for row in self.rows:
            words = self.book.entry(self.stems[row], trait).words
            if words:
                labelled += 1
                right += answered and is_right(column.values[row], words.split("|"))  # type: ignore[union-attr]
        if not labelled or not answered:
            return {"labelled": labelled, "accuracy": None}
        low, high = wilson_interval(right, labelled)
        return {
            "labelled": labelled,
            "accuracy": [round(right / labelled, 4), round(low, 4), round(high, 4)],
        }

    def data(self) -> dict[str, Any]:
        """Return all that the page shows, as plain objects."""
        with self.lock:
            self.book.refresh()
            data = gallery_data(self.table, self.gallery)
            places = {trait["name"]: i for i, trait in enumerate(data["traits"])}
            data["review"] = {
                "file": self.book.path.name,
                "who": self.who,
                "rows": self.rows,
                "undo": len(self.undo_stack),
                "questions": [self._question_data(q, places) for q in self.questions.values()],
            }
            return data

    def _question_data(self, question: Question, places: Mapping[str, int]) -> dict[str, Any]:
        labels, others = {}, {}
        for row in self.rows:
            entry = self.book.entry(self.stems[row], question.trait)
            if entry.words:
                labels[row] = entry.words
                if (self.stems[row], question.trait) not in self.mine:
                    others[row] = [entry.who, entry.when]
        return {
            "trait": question.trait,
            "values": list(question.values),
            "place": places.get(question.trait, -1),
            "labels": labels,
            "others": others,
            "progress": self._progress(question.trait),
        }
