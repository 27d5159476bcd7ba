"""A wall clock of its own for an oracle, which can be set while the oracle runs."""

import mmap
import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")
OFFSET = struct.Struct("=q")


class Clock:
    """Shows the machine's time and an offset. What measures durations is left alone, as when somebody sets a clock."""

    def __init__(self, file: Path, library: Path | None):
        """`library`: what `build` returned; without it the clock is the machine's."""
        self._file = file
        self._library = library
        file.write_bytes(OFFSET.pack(0))

    @property
    def can_be_set(self) -> bool:
        return self._library is not None

    @property
    def prefix(self) -> tuple[str, ...]:
        """What starts a command under this clock."""
        return ("env", f"LD_PRELOAD={self._library}", f"WALL_CLOCK={self._file}") if self._library else ()

    def set(self, offset: int) -> None:
        """From now on it shows so many seconds more than the machine's."""
        with open(self._file, "r+b") as file, mmap.mmap(file.fileno(), OFFSET.size) as memory:
            memory[:] = OFFSET.pack(offset)


def build(directory: Path) -> Path | None:
    """Makes the library that the clocks need; None where there is no compiler."""
    compiler = next((found for name in ("clang", "cc", "gcc") if (found := shutil.which(name))), None)
    if compiler is None:
        return None
    library = directory / "clock.so"
    flags = ["-O1", "-Wall", "-Werror", "-shared", "-fPIC"]
    subprocess.run([compiler, *flags, "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library
