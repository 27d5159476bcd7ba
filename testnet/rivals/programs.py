"""Finds the other programs, or fetches them from Debian without installing anything."""

import shutil
import subprocess

from control.state import ROOT
from control.terminal import TestnetError, say

# Unpacked here, so that no daemon is installed on the machine and nobody needs to be root.
FOLDER = ROOT / ".build" / "rivals"
PACKAGES = {"etcd": "etcd-server", "serf": "serf"}


def find(name: str) -> str:
    """The path of a program: the one on the PATH, or the one fetched before, or fetched now."""
    if found := shutil.which(name):
        return found
    program = FOLDER / "usr" / "bin" / name
    if not program.exists():
        _fetch(PACKAGES[name])
    return str(program)


def _fetch(package: str) -> None:
    say(f"Fetching {package}")
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise TestnetError(f"{package} is needed for the comparison; put its program on the PATH")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for command in (["apt-get", "download", "-q", package],
                    ["sh", "-c", f"dpkg-deb -x {package}_*.deb . && rm {package}_*.deb"]):
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True)
        if done.returncode:
            raise TestnetError(f"{package} could not be fetched: {done.stderr.strip()[-300:]}; put its program on the "
                               "PATH, or run 'apt-get update' first")
