"""Going on in a network of one's own."""

import os
import shutil
import subprocess
import sys

from . import prepare

INSIDE = "TESTNET_OWN_NETWORK"


def has_begun() -> bool:
    """Whether this is the second start."""
    return INSIDE in os.environ


def is_inside() -> bool:
    """Whether the network is one's own."""
    return bool(os.environ.get(INSIDE))


def enter(is_wanted: bool = True) -> None:
    """Starts this script again, with the testnet's Python and in a network namespace if one is wanted and can be had.

    The namespace ends with the process and takes all with it.
    """
    os.environ[INSIDE] = ""
    words = [str(prepare.PYTHON), *sys.argv]
    flags = ["--net"] if os.geteuid() == 0 else ["--net", "--user", "--map-root-user"]
    if is_wanted and shutil.which("ip") and subprocess.run(["unshare", *flags, "true"], capture_output=True).returncode == 0:
        os.environ[INSIDE] = "1"
        words = ["unshare", *flags, *words]
    os.execvp(words[0], words)
