"""Who is behind a connection on loopback."""

import socket
import subprocess
import sys

from control.state import RUN
from scenarios.grounds import Loopback

# Connects to where it is told, and stays until its standard input ends.
CONNECTS = "import socket, sys\ns = socket.create_connection(('127.0.0.1', int(sys.argv[1])))\nsys.stdin.read()"


def visit(listener: socket.socket, *words: str) -> tuple[subprocess.Popen, tuple[str, int]]:
    process = subprocess.Popen(
        [sys.executable, "-c", CONNECTS, str(listener.getsockname()[1]), *words], stdin=subprocess.PIPE)
    _, address = listener.accept()
    return process, address


def test_a_members_connection_is_told_from_another_and_from_a_strangers():
    grounds = Loopback(2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        visits = [visit(listener, "run", "--config", f"{RUN}/node-{number}/oracle.yaml") for number in (1, 2)]
        visits.append(visit(listener))
        try:
            assert [grounds.who(address) for _, address in visits] == [1, 2, 0]
        finally:
            for process, _ in visits:
                process.stdin.close()
                process.wait()


def test_a_connection_that_is_gone_is_nobodys():
    assert Loopback(1).who(("127.0.0.1", 1)) == 0


def test_every_member_has_ports_of_its_own():
    grounds = Loopback(5)
    places = [*grounds.addresses.values(), *grounds.metrics.values()]
    assert len(set(places)) == 10
