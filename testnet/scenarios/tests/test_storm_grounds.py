"""Who is behind a connection on loopback."""

import contextlib
import socket
import subprocess
import sys

from control.state import RUN
from scenarios.grounds import Loopback

# Connects to where it is told from the port it is told, and stays until its standard input ends.
CONNECTS = """
import socket, sys
near = socket.socket()
near.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
near.bind(("127.0.0.1", int(sys.argv[2])))
near.connect(("127.0.0.1", int(sys.argv[1])))
sys.stdin.read()
"""


def visit(listener: socket.socket, *words: str, port: int = 0) -> tuple[subprocess.Popen, tuple[str, int]]:
    process = subprocess.Popen(
        [sys.executable, "-c", CONNECTS, str(listener.getsockname()[1]), str(port), *words], stdin=subprocess.PIPE)
    _, address = listener.accept()
    return process, address


def test_a_members_connection_is_told_from_another_and_from_a_strangers():
    grounds = Loopback(2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        visits = [visit(listener, "run", "--config", f"{RUN}/node-{number}/oracle.yaml") for number in (1, 2)]
        visits.append(visit(listener))
        try:
            assert [grounds.who(address, listener.getsockname()) for _, address in visits] == [1, 2, 0]
        finally:
            for process, _ in visits:
                process.stdin.close()
                process.wait()


def test_connections_that_share_a_port_are_told_apart():
    with contextlib.ExitStack() as stack:
        listeners = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(20)]
        port = 0
        for other in listeners[1:]:
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            connection.bind(("127.0.0.1", port))
            port = connection.getsockname()[1]
            connection.connect(other.getsockname())
        listeners[0].settimeout(20)
        process, address = visit(listeners[0], "run", "--config", f"{RUN}/node-1/oracle.yaml", port=port)
        try:
            assert address[1] == port
            assert [Loopback(1).who(address, one.getsockname()) for one in listeners] == [1] + 19 * [0]
        finally:
            process.stdin.close()
            process.wait()


def test_a_connection_that_is_gone_is_nobodys():
    assert Loopback(1).who(("127.0.0.1", 1), ("127.0.0.1", 2)) == 0


def test_every_member_has_ports_of_its_own():
    grounds = Loopback(5)
    places = [*grounds.addresses.values(), *grounds.metrics.values()]
    assert len(set(places)) == 10
