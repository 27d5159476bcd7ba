"""The committed fixtures are what the scripts make, byte for byte."""

import subprocess
import sys
from pathlib import Path


def test_the_fixtures_are_made_again_byte_for_byte():
    done = subprocess.run([sys.executable, str(Path(__file__).parent), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
