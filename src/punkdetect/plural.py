"""How many of what, as people say it. Knows nothing else."""

from __future__ import annotations


def counted(n: int, noun: str, several: str = "") -> str:
    """Return "1 caption", "2 captions"; `several` where an s at the end is not enough."""
    return f"{n} {noun if n == 1 else several or noun + 's'}"
