"""Small disks, and full ones."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .scenario import Skipped


def fill(path: Path) -> None:
    """Takes all the room that a disk has, to the last byte."""
    with open(path, "wb", buffering=0) as file:
        for size in (65_536, 4096, 512, 64, 1):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)):
                    pass


@contextlib.contextmanager
def small_disk(directory: Path, megabytes: int) -> Iterator[None]:
    """Puts the directory on a disk of its own, with what is in it, and back. Nobody may have it open at either moment."""
    saved = directory.with_name(directory.name + ".saved")
    directory.rename(saved)
    directory.mkdir(mode=0o700)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(directory)],
        capture_output=True, text=True)
    if mounted.returncode:
        directory.rmdir()
        saved.rename(directory)
        raise Skipped(f"no disk can be mounted here: {mounted.stderr.strip()}")
    try:
        shutil.copytree(saved, directory, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sock"))
        yield
    finally:
        shutil.rmtree(saved)
        shutil.copytree(directory, saved, ignore=shutil.ignore_patterns("*.sock"))
        subprocess.run(["umount", "--lazy", str(directory)], check=True)
        directory.rmdir()
        saved.rename(directory)
