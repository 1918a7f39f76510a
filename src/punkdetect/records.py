"""Named values that belong together and stay as they are.

Owns how such a record is made, copied and read. Must not know of what.

`NamedTuple` and `dataclass` write and compile Python for every class that they define; one `analyze` imports
a hundred records, and that took a twelfth of its time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

if TYPE_CHECKING:
    from typing_extensions import Self, dataclass_transform
else:

    def dataclass_transform(**_: bool) -> Any:
        """Tell type checkers only: what they know of dataclasses holds for records."""
        return lambda base: base


@dataclass_transform(frozen_default=True, eq_default=False)
class Record:
    """Base of records: the annotations of a subclass are its fields, in order, with their defaults.

    A record is equal to itself only. It can be unpacked like a tuple; `_fields` names its fields.

    Parameters
    ----------
    *values
        Of the first fields.
    **named
        Of other fields. Those that are not given have the default of the class.

    Raises
    ------
    TypeError
        Where a field has no value or two, or a value no field.
    """

    _fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._fields += tuple(vars(cls).get("__annotations__", ()))

    def __init__(self, *values: Any, **named: Any) -> None:
        if named or len(values) != len(self._fields):
            self._check(len(values), named)
        vars(self).update(zip(self._fields, values), **named)  # noqa: B905 - the others are in `named`

    def _check(self, count: int, named: dict[str, Any]) -> None:
        """Hold `count` values and some named ones against the fields."""
        name, others = type(self).__name__, self._fields[count:]
        if count > len(self._fields):
            raise TypeError(f"{name} has {len(self._fields)} fields, not {count}")
        if wrong := named.keys() - set(others):
            raise TypeError(f"{name} has no field {', '.join(sorted(wrong))}, or has it already")
        if missing := [field for field in others if field not in named and not hasattr(type(self), field)]:
            raise TypeError(f"{name} lacks {', '.join(missing)}")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name}: a record stays as it is; make another")

    def __iter__(self) -> Iterator[Any]:
        return (getattr(self, field) for field in self._fields)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.as_dict().items())})"

    def as_dict(self) -> dict[str, Any]:
        """Return the values by field."""
        return {field: getattr(self, field) for field in self._fields}

    def replace(self, **changes: Any) -> Self:
        """Return a copy with other values in some fields."""
        return type(self)(**(self.as_dict() | changes))
