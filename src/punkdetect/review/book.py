"""The label file that a review writes: one cell at a time, put in place whole, nobody's words lost.

Rows, columns and cells that a review does not touch stay as they are. Knows the contract of label files;
knows nothing of pages or portraits.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from punkdetect.cells import printable_text, safe_cell
from punkdetect.errors import UsageError
from punkdetect.labels import image_stem, read_labels
from punkdetect.writers.output import Output, check_output

FIRST_COLUMNS = ("image", "collection", "family")
LAST_COLUMNS = ("who", "when")


class Entry(NamedTuple):
    """What the file says of one portrait and trait.

    Parameters
    ----------
    words : str
        `a`, or `a|b` where either counts as right; empty: not labelled.
    who, when : str
        Who decided in that row, and when last.
    """

    words: str
    who: str = ""
    when: str = ""


class Change(NamedTuple):
    """One cell as it was, so that it can be put back: with it, what its row said of who and when."""

    image: str
    trait: str
    before: Entry
    new_row: bool


class LabelBook:
    """A label file, open for corrections.

    Parameters
    ----------
    path : Path
        Made when the first label is given, if it is not there.
    collection : str
        Of rows that are added.
    traits : sequence of str
        Columns that a new file gets.
    vocabulary : mapping of str to tuple of str
        Values of traits beyond the built-in ones (plug-ins).
    inputs : sequence of str
        Files that must not be written.

    Raises
    ------
    UsageError
        If the file is no label file, or cannot be written.
    """

    def __init__(
        self,
        path: Path,
        collection: str,
        traits: Sequence[str],
        vocabulary: Mapping[str, tuple[str, ...]],
        inputs: Sequence[str] = (),
    ) -> None:
        self.path = path
        self.target = check_output(path, lambda head: True, force=False, inputs=inputs)
        self.collection = collection
        self.vocabulary = vocabulary
        self.columns = [*FIRST_COLUMNS, *traits, *LAST_COLUMNS]
        self.rows: list[dict[str, str]] = []
        self.digest = ""
        self.refresh()

    def refresh(self) -> bool:
        """Read the file again if somebody else has changed it; returns whether it was so.

        Raises
        ------
        UsageError
            If it is no label file any more.
        """
        data = self.target.read_bytes() if self.target.exists() else b""
        digest = hashlib.sha256(data).hexdigest()
        if digest == self.digest:
            return False
        if data.strip():
            read_labels(self.target, self.vocabulary)
            reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
            self.rows = list(reader)
            self.columns = list(reader.fieldnames or ())
        else:
            self.rows = []
        self.digest = digest
        self._find_rows()
        return True

    def _find_rows(self) -> None:
        """Find the row of each portrait: that of the collection, else the only one of its name."""
        named: dict[str, list[int]] = {}
        for i, row in enumerate(self.rows):
            named.setdefault(image_stem((row["image"] or "").strip()), []).append(i)
        self.place: dict[str, int] = {}
        for stem, places in named.items():
            ours = [i for i in places if self.rows[i].get("collection", self.collection) == self.collection]
            if len(ours or places) == 1:
                [self.place[stem]] = ours or places

    def entry(self, image: str, trait: str) -> Entry:
        """Return what the file says.

        Parameters
        ----------
        image : str
            Without folders and suffix.
        trait : str
        """
        at = self.place.get(image)
        if at is None:
            return Entry("")
        row = self.rows[at]
        return Entry((row.get(trait) or "").strip(), row.get("who") or "", row.get("when") or "")

    def write(self, image: str, trait: str, words: str, who: str, when: str) -> Change:
        """Change one cell, and save.

        Parameters
        ----------
        image, trait : str
        words : str
            Empty to take the label away.
        who, when : str

        Returns
        -------
        Change
            For `restore`.

        Raises
        ------
        EnvironmentUnusableError
            If the file cannot be written; then nothing has changed.
        """
        change = Change(image, trait, self.entry(image, trait), image not in self.place)
        names = [name for name in change.before.who.split("; ") if name]
        told = safe_cell(who)
        everybody = "; ".join(names if told in names else [*names, told])
        self._set(image, trait, Entry(words, everybody, when))
        self._save(lambda: self._put_back(change))
        return change

    def restore(self, change: Change) -> None:
        """Undo a change, and save."""
        now = Change(change.image, change.trait, self.entry(change.image, change.trait), False)
        self._put_back(change)
        self._save(lambda: self._put_back(now))

    def _put_back(self, change: Change) -> None:
        self._set(change.image, change.trait, change.before)
        at = self.place[change.image]
        if change.new_row and not any(self.rows[at].get(c) for c in self._trait_columns()):
            del self.rows[at]
            self._find_rows()

    def _trait_columns(self) -> list[str]:
        return [c for c in self.columns if c not in (*FIRST_COLUMNS, *LAST_COLUMNS)]

    def _set(self, image: str, trait: str, entry: Entry) -> None:
        if image not in self.place:
            self.place[image] = len(self.rows)
            self.rows.append({"image": guarded_stem(image), "collection": self.collection})
        for column in (trait, *LAST_COLUMNS):
            if column not in self.columns:
                before = self.columns.index("who") if column == trait and "who" in self.columns else None
                self.columns.insert(len(self.columns) if before is None else before, column)
        row = self.rows[self.place[image]]
        row[trait], row["who"], row["when"] = entry

    def _save(self, put_back: Callable[[], None]) -> None:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, self.columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        data = text.getvalue().encode()
        try:
            with Output(self.target) as output:
                output.write(data)
        except BaseException:
            put_back()
            raise
        self.digest = hashlib.sha256(data).hexdigest()


def guarded_stem(stem: str) -> str:
    """Return the cell that names a portrait: safe in a spreadsheet, and read back as the same stem."""
    cell = safe_cell(stem)
    return cell if image_stem(cell) == stem else f"'{stem}"  # escapes of control characters hold a backslash


def why_not_labelled(stem: str) -> str:
    """Return why a portrait of this name cannot stand in a label file; empty if it can."""
    if not stem.strip():
        return f"{stem!r}: a name of nothing cannot stand in a label file: rename it"
    try:
        stem.encode()
    except UnicodeEncodeError:
        return f"{printable_text(stem)}: its name is not UTF-8, so no label file can hold it: rename it"
    if image_stem(guarded_stem(stem).strip()) != stem:
        return f"{printable_text(stem)}: its name would not come back out of a label file: rename it"
    return ""


def check_stems(images: Sequence[str], path: Path) -> None:
    """Refuse two pictures that would share a row.

    Raises
    ------
    UsageError
    """
    first: dict[str, str] = {}
    for image in images:
        stem = image_stem(image)
        if first.setdefault(stem, image) != image:
            raise UsageError(
                f"{printable_text(first[stem])} and {printable_text(image)} would share one row of {path}: "
                "review one folder at a time"
            )
