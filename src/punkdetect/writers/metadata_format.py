"""Marketplace metadata from traits: ERC-721 and ERC-1155 as JSON, and a CSV that people can edit.

Owns names of files, keys and how values are worded. Knows tables of traits; finds nothing itself.
"""

from __future__ import annotations

import csv
import io
import json
import math
import string
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from punkdetect.cells import safe_cell
from punkdetect.errors import DetectorError, UsageError
from punkdetect.labels import image_stem, last_number
from punkdetect.reports import OK
from punkdetect.tables import Table, TableColumn
from punkdetect.vocabulary import TRAITS

ERC721, ERC1155, CSV = "erc721", "erc1155", "csv"
FORMATS = (ERC721, ERC1155, CSV)

NONE = "none"

MADE_BY = "punkdetect export"
"""Stands in every JSON file, so that an earlier output is known for what it is."""

SCALE = 125
"""Enlargement that makes 24x24 pixels 3000x3000."""

_NAME_FIELDS = ("id", "image")

Attribute = tuple[str, str | int | float]


class Token(NamedTuple):
    """One portrait on its way to a marketplace.

    Parameters
    ----------
    id : int
    row : int
        Its row in the table.
    source : str
        The name of its picture, as the table has it.
    name : str
        As `--name` words it.
    attributes : tuple of (str, value)
        Trait and value in the table's order; numbers are numbers.
    """

    id: int
    row: int
    source: str
    name: str
    attributes: tuple[Attribute, ...]


def make_tokens(
    table: Table, name: str, *, first_id: int = 1, ids_from_names: bool = False, keep_none: bool = False,
    colors: bool = False, as_written: bool = False,
) -> list[Token]:  # fmt: skip
    """Return the tokens of a table, one for each picture that was read.

    Parameters
    ----------
    table : Table
        Withheld traits are left out, whatever their cells hold.
    name : str
        Name of a token, with `{id}` and `{image}`.
    first_id : int
        Id of the first row; a refused picture keeps its number free.
    ids_from_names : bool
        Take the last number in each picture's name instead.
    keep_none : bool
        Say "None" of what a portrait does not have; else leave it out.
    colors : bool
        Add the colours of skin, hair and so on, as #rrggbb.
    as_written : bool
        Keep the vocabulary's own words (`hair_color`, `cowboy_hat`) instead of making titles of them.

    Raises
    ------
    UsageError
        If the name cannot be meant, or two pictures would have one id.
    """
    check_pattern(name)
    rows = [i for i, status in enumerate(table.statuses) if status in (OK, DetectorError.code)]
    ids = _ids(table, rows, first_id, ids_from_names)
    columns = [c for c in table.columns.values() if not c.withheld and (colors or not c.is_color)]
    return [
        Token(
            number,
            row,
            table.images[row],
            name.format(id=number, image=image_stem(table.images[row])),
            tuple(_attributes(columns, row, keep_none, as_written)),
        )
        for number, row in zip(ids, rows, strict=True)
    ]


def check_pattern(name: str) -> None:
    """Refuse a name pattern that cannot be filled.

    Raises
    ------
    UsageError
    """
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(name) if field is not None]
        if any(field not in _NAME_FIELDS for field in fields):
            raise ValueError("only {id} and {image} can be filled in")
        name.format(id=1, image="a")
    except (ValueError, IndexError, KeyError) as error:
        raise UsageError(f"--name {name!r}: {error}, as in 'Punk #{{id}}'") from None


def _ids(table: Table, rows: Sequence[int], first_id: int, from_names: bool) -> list[int]:
    if not from_names:
        return [first_id + row for row in rows]
    ids = []
    owner: dict[int, str] = {}
    for row in rows:
        image = table.images[row]
        number = last_number(image_stem(image))
        if number is None:
            raise UsageError(f"{image}: its name holds no number: leave --ids-from-names out")
        if number in owner:
            raise UsageError(
                f"{owner[number]} and {image} would both be {number}: leave --ids-from-names out"
            )
        owner[number] = image
        ids.append(number)
    return ids


def _attributes(
    columns: Iterable[TableColumn], row: int, keep_none: bool, as_written: bool
) -> Iterable[Attribute]:
    for column in columns:
        value = column.values[row]
        if value is None or (value == NONE and not keep_none):
            continue
        number = None if column.trait in TRAITS else _number(value)
        if number is not None:
            said: str | int | float = number
        else:
            said = value if as_written or column.is_color else _title(value)
        yield (column.trait if as_written else _title(column.trait.removesuffix("_hex"))), said


def _title(word: str) -> str:
    return " ".join(part[:1].upper() + part[1:] for part in word.split("_"))


def _number(text: str) -> int | float | None:
    """Return what a number of some other tool's column is, so that it is written as one."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def hex_id(number: int) -> str:
    """Return an id as ERC-1155 writes it: 64 lower-case hex digits, no 0x.

    Examples
    --------
    >>> hex_id(314592)
    '000000000000000000000000000000000000000000000000000000000004cce0'
    """
    return f"{number:064x}"


def file_stem(token: Token, form: str) -> str:
    """Return the name of a token's files, without suffix."""
    return hex_id(token.id) if form == ERC1155 else str(token.id)


def names_count_otherwise(tokens: Sequence[Token]) -> bool:
    """Tell whether the pictures' names end in numbers, each in another, that are not the tokens' ids."""
    numbers = [last_number(image_stem(token.source)) for token in tokens]
    several = len(tokens) > 1 and None not in numbers and len(set(numbers)) == len(numbers)
    return several and numbers != [t.id for t in tokens]


def token_object(
    token: Token, form: str, base_uri: str, description: str, count: bool, sources: bool = False
) -> dict[str, Any]:
    """Return the metadata of one token as plain objects.

    Parameters
    ----------
    token : Token
    form : str
        `erc721` or `erc1155`.
    base_uri : str
        What stands before the name of the picture.
    description : str
    count : bool
        Add how many traits it has, as a number.
    sources : bool
        Add the name of the picture, by which `audit` finds it again.

    References
    ----------
    ERC-721 and ERC-1155, "Metadata JSON Schema"; the list `attributes` is what marketplaces read of both.
    """
    out: dict[str, Any] = {"name": token.name, "description": description}
    out["image"] = image_uri(token, form, base_uri)
    out["compiler"] = MADE_BY
    if sources:
        out["source"] = token.source
    attributes = [_attribute(name, value) for name, value in token.attributes]
    if count:
        attributes.append(_attribute("Trait Count", len(token.attributes)))
    if form == ERC1155:
        out["decimals"] = 0
        out["properties"] = {a["trait_type"]: a["value"] for a in attributes}
    out["attributes"] = attributes
    return out


def _attribute(name: str, value: str | int | float) -> dict[str, Any]:
    out: dict[str, Any] = {"trait_type": name, "value": value}
    if not isinstance(value, str):
        out["display_type"] = "number"
    return out


def image_uri(token: Token, form: str, base_uri: str) -> str:
    """Return where the token's picture is: the base, a slash if it has none, and the name of the file."""
    join = "" if not base_uri or base_uri.endswith(("/", "=")) else "/"
    return f"{base_uri}{join}{file_stem(token, form)}.png"


def metadata_text(value: Any) -> str:
    """Return JSON that a person can read, ASCII, never nan."""
    return json.dumps(value, indent=2, allow_nan=False) + "\n"


def is_metadata(head: bytes) -> bool:
    """Tell from the first bytes of a file whether `export` wrote it."""
    return f'"compiler": "{MADE_BY}"'.encode() in head or head.startswith(b"id,name,image")


def metadata_csv(tokens: Sequence[Token], base_uri: str, count: bool, sources: bool = False) -> str:
    """Return a table: id, name, picture (and the name of its source), then a column a trait that any has."""
    traits = list(dict.fromkeys(name for token in tokens for name, _ in token.attributes))
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    extra = ["Trait Count"] if count else []
    source = ["source"] if sources else []
    writer.writerow(["id", "name", "image", *source, *map(safe_cell, traits), *extra])
    for token in tokens:
        values = dict(token.attributes)
        cells = [safe_cell(str(values.get(trait, ""))) for trait in traits]
        uri = image_uri(token, CSV, base_uri)
        counted = [len(token.attributes)] if count else []
        named = [safe_cell(token.source)] if sources else []
        writer.writerow([token.id, safe_cell(token.name), safe_cell(uri), *named, *cells, *counted])
    return lines.getvalue()
