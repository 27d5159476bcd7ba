"""The relay between members."""

import socket
import threading
import time

import pytest
from scenarios.relay import FAIR, Relay, Weather


class Echo:
    """A member that sends back what it gets."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    @staticmethod
    def _serve(connection: socket.socket) -> None:
        with connection:
            while part := connection.recv(65_536):
                connection.sendall(part)


@pytest.fixture
def relay():
    echo = Echo()
    made = Relay("127.0.0.1", {2: echo.address}, lambda *_: 1)
    yield made
    made.close()
    echo.listener.close()


def dial(relay: Relay) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", relay.ports[2]), timeout=10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def ask(connection: socket.socket, words: bytes) -> float:
    """Seconds until the words have come back."""
    begun = time.monotonic()
    connection.sendall(words)
    received = b""
    while len(received) < len(words):
        part = connection.recv(65_536)
        assert part, "closed"
        received += part
    assert received == words
    return time.monotonic() - begun


def test_what_comes_is_passed_both_ways_and_in_order(relay):
    with dial(relay) as connection:
        ask(connection, bytes(range(256)) * 1_000)


def test_delay_is_added_in_the_direction_that_has_it(relay):
    with dial(relay) as connection:
        ask(connection, b"fair")
        relay.set({(1, 2): Weather(delay=0.3)})
        assert ask(connection, b"late") >= 0.3
        relay.set({(1, 2): Weather(delay=0.3), (2, 1): Weather(delay=0.3)})
        assert ask(connection, b"later") >= 0.6


def test_a_narrow_link_takes_its_time(relay):
    relay.set({(1, 2): Weather(rate=20_000)})
    with dial(relay) as connection:
        assert ask(connection, bytes(10_000)) >= 0.4


def test_what_is_lost_comes_late_and_whole(relay):
    relay.set({(1, 2): Weather(loss=1.0)})
    with dial(relay) as connection:
        # Six times in a row, after 0.2, 0.4, 0.8 ... seconds.
        connection.settimeout(60)
        assert ask(connection, b"lost") >= 0.2 * (2**6 - 1)


def test_what_is_held_comes_when_it_is_let_go_and_not_before(relay):
    with dial(relay) as connection:
        ask(connection, b"fair")
        relay.set({(2, 1): Weather(is_held=True)})
        connection.sendall(b"held")
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.recv(4)
        relay.set({(2, 1): FAIR})
        connection.settimeout(10)
        assert connection.recv(4) == b"held"


def test_a_shut_door_refuses_and_an_open_one_takes_again(relay):
    with dial(relay) as connection:
        ask(connection, b"first")
        relay.shut([2])
        with pytest.raises(ConnectionRefusedError):
            dial(relay)
        ask(connection, b"who is inside stays")
    relay.open([2])
    with dial(relay) as connection:
        ask(connection, b"again")


def test_the_end_of_one_side_is_the_end_of_the_other(relay):
    with dial(relay) as connection:
        ask(connection, b"first")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
