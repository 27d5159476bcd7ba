"""What a command of the testnet does when it is asked to end."""

import os
import signal

import pytest

from control import terminal


def test_a_command_that_is_asked_to_end_still_cleans_up():
    ended = []

    def command():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()
        finally:
            ended.append(True)

    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit) as exit:
            terminal.main(command)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended and exit.value.code == 128 + signal.SIGTERM
