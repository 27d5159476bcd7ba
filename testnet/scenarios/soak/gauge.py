"""How much memory, how many descriptors and how much disk an oracle takes."""

import os
from dataclasses import dataclass
from pathlib import Path

from control.state import Node


@dataclass(frozen=True)
class Reading:
    minute: float
    pid: int
    own: int  # KiB of memory that is the process's own and not a file's
    resident: int  # KiB, code and libraries included
    descriptors: int
    threads: int
    disk: int  # KiB of its data directory


def read(node: Node, minute: float) -> Reading | None:
    """What the oracle takes at this moment; None if it does not run."""
    process = Path(f"/proc/{node.process.pid}") if node.process else None
    try:
        lines = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        descriptors = len(os.listdir(process / "fd"))
    except (OSError, TypeError):
        return None
    if "VmRSS" not in lines:
        return None  # a zombie
    kibibytes = {name: int(lines[name].split()[0]) for name in ("RssAnon", "VmRSS")}
    disk = sum(path.stat().st_size for path in (node.directory / "data").iterdir() if path.is_file()) // 1024
    return Reading(minute, node.process.pid, kibibytes["RssAnon"], kibibytes["VmRSS"], descriptors,
                   int(lines["Threads"]), disk)


def slope(points: list[tuple[float, float]]) -> float:
    """The rise of the straight line through the points that fits best; 0 for fewer than two."""
    if len(points) < 2:
        return 0.0
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
