"""The command `punkdetect`: finds the commands, runs one, turns whatever happens into an exit code.

One module a command; each is imported only when it is named (or listed by `--help`), and imports what it
needs inside its body. Modules that start with `_` are shared between commands.
"""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from punkdetect import __version__
from punkdetect.errors import PunkdetectError

EXIT_REFUSED = 1
EXIT_USAGE = 2
EXIT_UNUSABLE = 3
EXIT_FAULT = 70
EXIT_INTERRUPTED = 130

_FIRST = ("analyze", "scan", "report", "review", "explain", "recover", "features", "validate")
"""Commands in the order in which people meet them; any other follows by name."""


class CommandGroup(click.Group):
    """A group whose commands are the modules beside this one, imported when named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, the commonest first."""
        stems = (p.stem for p in Path(__file__).parent.glob("*.py"))
        found = {stem.replace("_", "-") for stem in stems if not stem.startswith("_")}
        return [name for name in _FIRST if name in found] + sorted(found - set(_FIRST))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None if there is none of this name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"{__name__}.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        if not command.help:
            command.help = _written_help(str(module.__file__), "command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was named, or say which one was probably meant."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            from difflib import get_close_matches

            near = get_close_matches(name, self.list_commands(ctx), n=1)
            hint = f" Did you mean {near[0]}?" if near else " See punkdetect --help."
            raise click.UsageError(f"No such command {name!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


def _written_help(file: str, function: str) -> str | None:
    """Return a function's docstring out of its source: `python -OO` leaves none in the program."""
    import ast

    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function)
    return next(map(ast.get_docstring, found), None)


@click.group(
    cls=CommandGroup,
    epilog="Exit codes: 0 all well; 1 done, some pictures refused; 2 asked wrongly; 3 environment not "
    "usable; 70 a fault of ours; 130 interrupted.",
)
@click.version_option(__version__, prog_name="punkdetect", message="%(prog)s %(version)s")
def cli() -> None:
    """Read the traits of 24x24 pixel portraits.

    Results go to standard output or to -o FILE; progress and messages go to standard error.
    """


if not cli.help:
    cli.help = _written_help(__file__, "cli")


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code.

    Parameters
    ----------
    args : list of str, optional
        In place of `sys.argv[1:]`.

    Raises
    ------
    SystemExit
        Always; with the codes that the top of `punkdetect --help` lists.
    """
    code = run(args)
    if code == EXIT_INTERRUPTED:
        _end_at_once_if_asked_again()
    sys.exit(code)


def _end_at_once_if_asked_again() -> None:
    """Let a second Ctrl-C end the process without a word, whatever the interpreter is at by then."""
    import signal

    signal.signal(signal.SIGINT, lambda *_: os._exit(EXIT_INTERRUPTED))


def run(args: list[str] | None = None) -> int:
    """Run the command line and return its exit code, having told the person what went wrong."""
    try:
        code = cli.main(args=args, prog_name="punkdetect", standalone_mode=False)
        if sys.stdout is not None:  # it is None when whoever started us closed it
            sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.NoSuchOption as error:
        hint = _file_hint(sys.argv[1:] if args is None else args)
        click.UsageError(error.format_message() + hint, error.ctx).show()
        return EXIT_USAGE
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except (click.Abort, KeyboardInterrupt) as interrupt:
        # An interrupt that strikes while a string is being exec'd, as dataclasses do when they are defined,
        # makes CPython end the process by the signal whatever its exit code; the next exec takes that back.
        exec("")  # noqa: S102
        from punkdetect.cli._say import tell_interrupted

        tell_interrupted(interrupt)
        return EXIT_INTERRUPTED
    except PunkdetectError as error:
        _debug()
        _tell(error.message)
        return error.exit_code
    except BrokenPipeError:
        _silence_stdout()
        return EXIT_REFUSED
    except OSError as error:
        _debug()
        _silence_stdout()
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE):
            where = error.filename or "standard output"
            _tell(f"{where}: cannot write: {error.strerror}")
            return EXIT_UNUSABLE
        return _fault(error)
    except Exception as error:  # the last net: nothing may end in a traceback
        _debug()
        return _fault(error)


def _file_hint(args: list[str]) -> str:
    """Return how to name a file that begins like an option, if one of the arguments is such a file."""
    from punkdetect.cli._say import printable

    names = (arg for arg in args if arg.startswith("-") and arg.strip("-") and os.path.lexists(arg))
    name = next(names, None)
    return "" if name is None else f" For the file of this name write {printable(f'.{os.sep}{name}')}."


def _tell(message: str) -> None:
    from punkdetect.cli._say import say

    say(f"punkdetect: {message}")


def _fault(error: Exception) -> int:
    brief = " ".join(f"{type(error).__name__}: {error}".split())
    _tell(f"a fault of ours: {brief} (set PUNKDETECT_DEBUG=1 to see where, and please report it)")
    return EXIT_FAULT


def _debug() -> None:
    """Show where it happened to those who ask."""
    if os.environ.get("PUNKDETECT_DEBUG"):
        import traceback

        traceback.print_exc()


def _silence_stdout() -> None:
    """Keep the interpreter from failing once more when it flushes standard output at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):  # standard output is no file (tests), or closed
        return
