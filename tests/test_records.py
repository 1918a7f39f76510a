"""Records: what goes in comes out, nothing else goes in, and nothing changes afterwards."""

from __future__ import annotations

import copy
import pickle
from functools import cached_property

import pytest

from punkdetect.records import Record


class Box(Record):
    top: int
    left: int = 2
    names: tuple[str, ...] = ()

    @cached_property
    def sum(self) -> int:
        return self.top + self.left


class Named(Box):
    name: str = "box"


def test_values_come_by_place_by_name_and_by_default() -> None:
    for box in (Box(1, 5), Box(1, left=5), Box(left=5, top=1), Box(*Box(1, 5))):
        assert box.as_dict() == {"top": 1, "left": 5, "names": ()}
    assert Box(1).left == 2


def test_fields_of_the_base_come_first() -> None:
    assert list(Named(1, name="lid")) == [1, 2, (), "lid"]


def test_a_record_unpacks_in_the_order_of_its_fields() -> None:
    top, left, names = Box(1, 2, ("a",))
    assert (top, left, names) == (1, 2, ("a",))


@pytest.mark.parametrize(
    ("values", "named", "said"),
    [
        ((1, 2, (), 4), {}, "has 3 fields, not 4"),
        ((1,), {"right": 2}, "no field right"),
        ((1,), {"top": 2}, "no field top, or has it already"),
        ((1, 2, ()), {"left": 2}, "no field left, or has it already"),
        ((), {"left": 2}, "lacks top"),
    ],
)
def test_wrong_values_are_told_by_name(
    values: tuple[object, ...], named: dict[str, object], said: str
) -> None:
    with pytest.raises(TypeError, match=f"^Box .*{said}"):
        Box(*values, **named)


def test_a_record_stays_as_it_is() -> None:
    box = Box(1)
    with pytest.raises(AttributeError, match=r"Box\.top"):
        box.top = 2  # type: ignore[misc]
    assert box.top == 1


def test_a_replaced_field_does_not_keep_what_was_derived_from_it() -> None:
    box = Box(1)
    assert box.sum == 3
    assert box.replace(top=5).sum == 7
    assert box.sum == 3


def test_records_are_copied_and_sent_between_processes() -> None:
    for other in (copy.copy(Box(1)), pickle.loads(pickle.dumps(Box(1)))):
        assert list(other) == list(Box(1))


def test_a_record_shows_its_fields() -> None:
    assert repr(Box(1, 2)) == "Box(top=1, left=2, names=())"
