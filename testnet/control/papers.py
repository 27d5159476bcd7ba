"""The files that a finished operation leaves with oracles and operators, and their verification away from all of them."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from .state import RUN, Node, Testnet
from .terminal import TestnetError
from .waiting import wait

FOLDER = "papers"
VERIFYING = 120.0


def gather(testnet: Testnet, request: bytes, expected: tuple[str, ...], patience: float) -> list[Path]:
    """Copies of the files about a request, each content once, in a directory that holds nothing else.

    Every oracle must have all that is expected, which takes the report's finality; operators may have them too.
    """
    target = RUN / FOLDER / request.hex()[:16]
    target.mkdir(parents=True, exist_ok=True)
    for node in testnet.nodes:
        wait(f"oracle {node.number} has {', '.join(expected)} of request {request.hex()[:8]}…",
             lambda: all((_folder(node, request) / name).is_file() for name in expected), patience,
             f"./testnet/logs {node.number} and {node.files}")
    copies: dict[str, Path] = {}
    for node in testnet.everybody:
        for name in expected:
            source = _folder(node, request) / name
            if not source.is_file():
                continue
            content = source.read_bytes()
            mark = f"{name} {hashlib.sha256(content).hexdigest()}"
            if mark not in copies:
                copies[mark] = target / f"{node.role}-{node.number}-{name}"
                copies[mark].write_bytes(content)
    return list(copies.values())


def _folder(node: Node, request: bytes) -> Path:
    plain = node.files / request.hex()
    return plain if plain.is_dir() else node.files / f"0x{request.hex()}"


def verify(program: str, file: Path) -> str:
    """What the program says about a file in an empty place, in a line; an error unless it is proven."""
    alone = RUN / FOLDER / "alone"
    shutil.rmtree(alone, ignore_errors=True)
    alone.mkdir(parents=True)
    shutil.copy(file, alone / file.name)
    try:
        ended = subprocess.run(
            [program, "proof", "verify", file.name], cwd=alone, capture_output=True, text=True, timeout=VERIFYING,
            # Neither configuration nor sockets of the testnet are to be found.
            env={"HOME": str(alone), "PATH": "/usr/bin:/bin"})
    except subprocess.TimeoutExpired:
        raise TestnetError(f"the verification of {file} was not done within {VERIFYING:.0f} s") from None
    if ended.returncode:
        said = (ended.stdout + ended.stderr).strip()
        raise TestnetError(f"{file} does not hold: {said or f'oracle proof verify ended with {ended.returncode}'}")
    first = next((line.strip() for line in ended.stdout.splitlines() if line.strip()), "holds")
    return f"{file.parent.name[:8]}…/{file.name}: {first}"
