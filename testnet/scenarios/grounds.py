"""Where the members of a storm live: in networks of their own, or beside each other on loopback."""

import os
import re
import subprocess
from typing import Protocol

from control import launch
from control.process import Process
from control.state import RUN

from .scenario import Broken, wait

Address = tuple[str, int]


class Grounds(Protocol):
    """Addresses for members, strangers and the relay between them."""

    # The host of the relay and of the chain.
    hub: str
    # Where each member listens.
    addresses: dict[int, Address]
    # Where each shows its metrics.
    metrics: dict[int, Address]
    # Hosts at which no member lives.
    strangers: list[str]

    def prefix(self, number: int) -> tuple[str, ...]:
        """What starts a command where the member lives."""

    def who(self, address: Address, listener: Address) -> int:
        """The member that has opened a connection from an address to a listener; 0 for a stranger."""

    def close(self) -> None:
        """Gives back what was taken."""


class Namespaces:
    """A network namespace for each member, joined by a bridge. Needs a namespace of one's own around them."""

    PORT = 9100

    def __init__(self, count: int):
        self.hub = "10.77.0.254"
        self.addresses = {number: (f"10.77.1.{number}", self.PORT) for number in range(1, count + 1)}
        self.metrics = {number: (host, port + 1) for number, (host, port) in self.addresses.items()}
        self.strangers = [f"10.77.2.{number}" for number in range(1, 201)]
        _run("ip", "link", "set", "lo", "up")
        if subprocess.run(["ip", "link", "show", "hub"], capture_output=True).returncode:
            _run("ip", "link", "add", "hub", "type", "bridge")
            for host in (self.hub, *self.strangers):
                _run("ip", "address", "add", f"{host}/16", "dev", "hub")
            _run("ip", "link", "set", "hub", "up")
        self._holders = {number: self._network(number) for number in self.addresses}

    def _network(self, number: int) -> Process:
        holder = Process.launch(["unshare", "--net", "sleep", "infinity"], RUN / "networks.log")
        own = f"/proc/{holder.pid}/ns/net"
        inside = ("nsenter", f"--net={own}", "--")
        wait("the oracle's network is there", lambda: _differs(own, "/proc/self/ns/net"), 5)
        _run("ip", "link", "add", f"to{number}", "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
        _run("ip", "link", "set", f"to{number}", "master", "hub", "up")
        for words in (("address", "add", f"{self.addresses[number][0]}/16", "dev", "eth0"), ("link", "set", "eth0", "up"),
                      ("link", "set", "lo", "up")):
            _run(*inside, "ip", *words)
        return holder

    def prefix(self, number: int) -> tuple[str, ...]:
        return "nsenter", f"--net=/proc/{self._holders[number].pid}/ns/net", "--"

    def who(self, address: Address, listener: Address) -> int:
        return next((number for number, (host, _) in self.addresses.items() if host == address[0]), 0)

    def close(self) -> None:
        for holder in self._holders.values():
            holder.stop(1)


class Loopback:
    """Ports on this machine. Who has opened a connection is known from whose socket it is."""

    def __init__(self, count: int):
        self.hub = "127.0.0.1"
        ports = launch.free_ports(2 * count)
        self.addresses = {number: (self.hub, port) for number, port in enumerate(ports[:count], 1)}
        self.metrics = {number: (self.hub, port) for number, port in enumerate(ports[count:], 1)}
        self.strangers = [f"127.0.7.{number}" for number in range(1, 201)]

    def prefix(self, number: int) -> tuple[str, ...]:
        return ()

    def who(self, address: Address, listener: Address) -> int:
        socket = _socket_between(address, listener)
        return next((number for number, pid in _members().items() if socket in _sockets(pid)), 0) if socket else 0

    def close(self) -> None:
        """Nothing was taken."""


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Broken(f"{' '.join(command)}: {done.stderr.strip()}")


def _differs(one: str, other: str) -> bool:
    try:
        return os.readlink(one) != os.readlink(other)
    except OSError:
        return False


def _socket_between(near: Address, far: Address) -> str | None:
    """The kernel's name of the near end of a TCP connection (IPv4), as /proc/PID/fd shows it.

    Both ends tell it: connections to several listeners share a port, and so do those that wait for their end.
    """
    wanted = [_row(near), _row(far)]
    with open("/proc/net/tcp") as table:
        return next((f"socket:[{fields[9]}]" for fields in map(str.split, table) if fields[1:3] == wanted), None)


def _row(address: Address) -> str:
    """An address as /proc/net/tcp writes it."""
    host, port = address
    return "{:02X}{:02X}{:02X}{:02X}:{:04X}".format(*reversed([int(part) for part in host.split(".")]), port)


def _members() -> dict[int, int]:
    """The process of each member that runs from this run directory."""
    pattern = re.compile(re.escape(f"{RUN}/node-") + r"(\d+)/oracle\.yaml\0")
    found = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/cmdline") as words:
                match = pattern.search(words.read())
        except OSError:
            continue
        if match:
            found[int(match[1])] = int(entry)
    return found


def _sockets(pid: int) -> set[str]:
    found = set()
    try:
        for descriptor in os.listdir(f"/proc/{pid}/fd"):
            found.add(os.readlink(f"/proc/{pid}/fd/{descriptor}"))
    except OSError:
        pass  # it has ended, or closed it meanwhile
    return found
