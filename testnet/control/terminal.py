"""Speaking to the person at the terminal."""

import os
import signal
import sys

_COLOUR = sys.stdout.isatty()


def _paint(code: str, text: str) -> str:
    return f"\033[{code}m{text}\033[0m" if _COLOUR else text


def bold(text: str) -> str:
    return _paint("1", text)


def dim(text: str) -> str:
    return _paint("2", text)


def green(text: str) -> str:
    return _paint("32", text)


def red(text: str) -> str:
    return _paint("31", text)


def say(text: str) -> None:
    """A step that begins."""
    print(f"{bold('==>')} {text}", flush=True)


def note(text: str) -> None:
    """A detail of the step under way."""
    print(f"    {dim(text)}", flush=True)


class TestnetError(Exception):
    """Something the person can mend; its text says how."""


class Terminated(KeyboardInterrupt):
    """The command was asked to end (SIGTERM): it ends as by Ctrl-C, and leaves nothing running that it would not."""


def _terminate(*_) -> None:
    raise Terminated


def main(run) -> None:
    """Runs a command's function, turning errors into a sentence and an exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        status = run() or 0
        sys.stdout.flush()
        sys.exit(status)
    except BrokenPipeError:
        # Who reads has enough (`testnet/status | head`). Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except TestnetError as error:
        print(f"{red('error:')} {error}", file=sys.stderr)
        sys.exit(1)
    except Terminated:
        sys.exit(128 + signal.SIGTERM)
    except KeyboardInterrupt:
        sys.exit(130)
