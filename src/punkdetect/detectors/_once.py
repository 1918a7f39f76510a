"""What several ask about one batch, found once: it is kept as long as what it was found in is in use.

Owns how long an answer is kept, that threads do not find it twice, and that what is asked of some portraits
is taken from what was found in all of them. Must not know what is found.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from punkdetect.landmarks._parts import take_rows

Where = TypeVar("Where")
Found = TypeVar("Found")


def once(find: Callable[[Where], Found]) -> Callable[[Where], Found]:
    """Let a function find something once for each object that it is asked about.

    Parameters
    ----------
    find : callable
        Takes one object, such as the landmarks of a batch; what it returns must not refer to that. What it
        finds in landmarks can be parted by `take_rows`.

    Returns
    -------
    callable
        The same function; threads that ask at the same time wait for the one answer.
    """
    known: WeakKeyDictionary[Where, Found] = WeakKeyDictionary()
    lock = Lock()

    @wraps(find)
    def find_once(where: Where) -> Found:
        with lock:
            if where not in known:
                part = getattr(where, "part_of", None)
                if part is not None and part.whole in known:
                    known[where] = take_rows(known[part.whole], part.rows)
                else:
                    known[where] = find(where)
            return known[where]

    return find_once
