"""The table of `scan` as Parquet: the columns of the CSV, typed, with empty cells as null.

While a scan runs its records are lines of CSV, which can be taken up again after a crash; at the end they are
converted a piece at a time, so that memory does not grow. Needs pyarrow (extra `[parquet]`), imported inside
the functions. Knows the columns; knows nothing of how text is made of reports.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from punkdetect.cells import raw_cell, raw_unicode, safe_cell, unicode_text
from punkdetect.reports import SCHEMA, TraitHeading
from punkdetect.tables import need_pyarrow
from punkdetect.writers.csv_format import CsvFormat, csv_lines, plain_number

if TYPE_CHECKING:
    import pyarrow

_PIECE = 16 << 20  # bytes of CSV that become one row group, about 80,000 portraits
_TEXTS = ("image", "message")  # cells that `safe_cell` made safe; the others are words of ours
_WHOLE = ("source_width", "source_height")
_SHARES = ("grid_fit",)
_KEY = b"punkdetect"


class ParquetFormat(CsvFormat):
    """Writes reports as CSV lines that `convert` turns into a Parquet file.

    Parameters
    ----------
    headings : sequence of TraitHeading
        The traits of the run, in column order.
    """

    def __init__(self, headings: Sequence[TraitHeading]) -> None:
        need_pyarrow()
        super().__init__(headings)

    def recognizes(self, head: bytes) -> bool:
        """Tell whether it is a Parquet file with our mark."""
        return head.startswith(b"PAR1") and SCHEMA.encode() in head

    @property
    def schema(self) -> pyarrow.Schema:
        """The columns and their types."""
        import pyarrow as pa

        shares = {*_SHARES, *(f"{trait}_confidence" for trait in self.named)}
        types = {**dict.fromkeys(_WHOLE, pa.int32()), **dict.fromkeys(shares, pa.float64())}
        fields = [pa.field(name, types.get(name, pa.string())) for name in self.columns()]
        return pa.schema(fields, {_KEY: SCHEMA.encode()})

    def table(self, lines: bytes) -> pyarrow.Table:
        """Return lines of CSV, without a header, as a table."""
        import pyarrow as pa
        from pyarrow import csv

        schema = self.schema
        if not lines:
            return schema.empty_table()
        table = csv.read_csv(
            io.BytesIO(lines),
            csv.ReadOptions(use_threads=False, column_names=schema.names, block_size=_PIECE),
            csv.ParseOptions(),
            csv.ConvertOptions(
                column_types=dict(zip(schema.names, schema.types, strict=True)),
                null_values=[""],
                strings_can_be_null=True,
                check_utf8=True,
            ),
        )
        for name in _TEXTS:
            column = table.column(name)
            texts = column.to_pylist()
            if any(text and (text[0] == "'" or "\\" in text) for text in texts):
                raw = pa.array([text and unicode_text(raw_cell(text)) for text in texts], pa.string())
                table = table.set_column(table.column_names.index(name), schema.field(name), raw)
        return table.cast(schema)

    def convert(self, records: Iterator[bytes], path: Path) -> None:
        """Write a Parquet file from lines of CSV.

        Parameters
        ----------
        records : iterator of bytes
            Whole lines, many at once; without the header.
        path : Path
        """
        import pyarrow.parquet as pq

        with pq.ParquetWriter(path, self.schema, compression="zstd") as writer:
            waiting = bytearray()
            for piece in records:
                waiting += piece
                if len(waiting) >= _PIECE:
                    writer.write_table(self.table(bytes(waiting)))
                    waiting.clear()
            if waiting:
                writer.write_table(self.table(bytes(waiting)))

    def restore(self, path: Path) -> Iterator[bytes]:
        """Yield the lines of CSV that a Parquet file was made of."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(path) as file:
            if file.schema_arrow.names != self.schema.names:
                return
            for batch in file.iter_batches():
                columns = [self._cells(name, batch.column(name).to_pylist()) for name in batch.schema.names]
                yield "".join(csv_lines(zip(*columns, strict=True))).encode("utf-8", "backslashreplace")

    def _cells(self, name: str, values: list[Any]) -> list[str]:
        if name in _TEXTS:
            return [safe_cell(raw_unicode(value or "")) for value in values]
        if name in _SHARES or name.endswith("_confidence"):
            return ["" if value is None else plain_number(value) for value in values]
        return ["" if value is None else str(value) for value in values]
