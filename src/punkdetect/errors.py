"""Everything that can go wrong, one class for each thing a caller can act on.

::

    PunkdetectError
    ├── PictureError            this picture cannot be read: it becomes a record, the others go on
    │   ├── UnreadableError       the file system will not give us its bytes
    │   ├── NotAnImageError       the bytes are no picture at all
    │   ├── UnsupportedFormatError  a picture, of a format that is not read
    │   ├── UnsupportedError      a known format used in a way that is not read (animated, 16 bit...)
    │   ├── CorruptError          a known format, damaged
    │   ├── TooLargeError         over a limit, found before any pixel memory was taken
    │   ├── NotAPunkError         a sound picture that does not hold 24x24 cells
    │   └── DetectorError         a detector failed, or answered outside its contract
    ├── UsageError              asked wrongly: nothing was started, nothing was written (exit 2)
    │   └── ConfigError           a config file says something that cannot be meant
    └── EnvironmentUnusableError  output not writable, model damaged, extra missing (exit 3)

Knows nothing of pictures, files or commands.
"""

from __future__ import annotations


class PunkdetectError(Exception):
    """Base of every error this package raises on purpose.

    Parameters
    ----------
    message : str
        One sentence for a person: what was wrong and what to do.
    """

    exit_code = 70

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PictureError(PunkdetectError):
    """One picture cannot be answered for; it ends as a record with `code` and `message`."""

    code = "error"
    exit_code = 1


class UnreadableError(PictureError):
    """The file system will not give us the bytes."""

    code = "unreadable"


class NotAnImageError(PictureError):
    """The bytes are no picture."""

    code = "not-an-image"


class UnsupportedFormatError(PictureError):
    """A picture of a format that is not read."""

    code = "unsupported-format"


class UnsupportedError(PictureError):
    """A format that is read, used in a way that is not (animated, a depth we would round)."""

    code = "unsupported"


class CorruptError(PictureError):
    """A damaged file."""

    code = "corrupt"


class TooLargeError(PictureError):
    """Over a limit; told from the header, before pixel memory is taken."""

    code = "too-large"


class NotAPunkError(PictureError):
    """A sound picture in which no 24x24 portrait was found."""

    code = "not-a-punk"


class DetectorError(PictureError):
    """A detector failed, or answered outside its contract."""

    code = "detector-error"


class UsageError(PunkdetectError):
    """Asked wrongly; nothing was started and nothing was written."""

    exit_code = 2


class ConfigError(UsageError):
    """A config file says something that cannot be meant."""


class EnvironmentUnusableError(PunkdetectError):
    """Output not writable, model damaged, extra missing: the message says what to do."""

    exit_code = 3
