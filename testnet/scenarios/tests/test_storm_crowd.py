"""A crowd of strangers."""

import socket

import pytest
from scenarios.crowd import MANNERS, Crowd

PREAMBLE = b"ORC1" + bytes(8)


@pytest.mark.parametrize("manners", ["all", *MANNERS])
def test_a_crowd_comes_as_fast_as_it_is_told_and_goes_when_it_is_closed(manners):
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        listener.settimeout(20)
        crowd = Crowd(100, PREAMBLE, ["127.0.8.1", "127.0.8.2"], [listener.getsockname()], manners)
        visitors = [listener.accept() for _ in range(20)]
        assert {host for _, (host, _) in visitors} == {"127.0.8.1", "127.0.8.2"}
        assert 0 < crowd.close() < 150
        for connection, _ in visitors:
            connection.settimeout(20)
            try:
                said = b"".join(iter(lambda: connection.recv(65_536), b""))
            except ConnectionError:
                said = b""
            connection.close()
            assert manners != "silent" or said == b""
            assert manners != "half" or said[:12] in (b"", PREAMBLE)
            assert manners != "slow" or PREAMBLE.startswith(said[:12])
