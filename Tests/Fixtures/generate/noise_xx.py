"""Makes Tests/Fixtures/noise/xx.json with the Python package noiseprotocol, an independent Noise implementation.

Each case is one whole session: a handshake with payloads, then messages in both directions with a REKEY
of both in between. Keys and payloads come from SHA-256 over a counter, so that every run gives the same file.

Usage: python Tests/Fixtures/generate/noise_xx.py [--check]     (needs noiseprotocol 0.3.1)
"""

import hashlib
import json
import sys
from pathlib import Path

from noise.connection import Keypair, NoiseConnection

OUTPUT = Path(__file__).resolve().parent.parent / "noise" / "xx.json"
NAME = b"Noise_XX_25519_ChaChaPoly_SHA256"


class Stream:
    """Bytes that look random and are the same in each run."""

    def __init__(self, seed):
        self.seed = seed
        self.counter = 0

    def bytes(self, count):
        out = b""
        while len(out) < count:
            out += hashlib.sha256(f"{self.seed}/{self.counter}".encode()).digest()
            self.counter += 1
        return out[:count]


def session(number, prologue_size, payload_sizes, message_sizes):
    stream = Stream(f"oracle noise fixture {number}")
    keys = {name: stream.bytes(32) for name in ("init_static", "init_ephemeral", "resp_static", "resp_ephemeral")}
    prologue = stream.bytes(prologue_size)
    sides = []
    for prefix, start in (("init", "set_as_initiator"), ("resp", "set_as_responder")):
        side = NoiseConnection.from_name(NAME)
        getattr(side, start)()
        side.set_prologue(prologue)
        side.set_keypair_from_private_bytes(Keypair.STATIC, keys[f"{prefix}_static"])
        side.set_keypair_from_private_bytes(Keypair.EPHEMERAL, keys[f"{prefix}_ephemeral"])
        side.start_handshake()
        sides.append(side)

    messages = []
    for index, size in enumerate(payload_sizes):
        payload = stream.bytes(size)
        ciphertext = bytes(sides[index % 2].write_message(payload))
        assert bytes(sides[1 - index % 2].read_message(ciphertext)) == payload
        messages.append({"payload": payload.hex(), "ciphertext": ciphertext.hex()})
    assert all(side.handshake_finished for side in sides)

    def transport():
        out = []
        for index, size in enumerate(message_sizes):
            payload = stream.bytes(size)
            ciphertext = bytes(sides[index % 2].encrypt(payload))
            assert bytes(sides[1 - index % 2].decrypt(ciphertext)) == payload
            out.append({"payload": payload.hex(), "ciphertext": ciphertext.hex()})
        return out

    before = transport()
    for side in sides:
        side.rekey_outbound_cipher()
        side.rekey_inbound_cipher()
    return {
        **{name: key.hex() for name, key in keys.items()},
        "prologue": prologue.hex(),
        "handshake_hash": bytes(sides[0].get_handshake_hash()).hex(),
        "handshake": messages,
        "transport": before,
        "after_rekey": transport(),
    }


def main():
    cases = [
        session(1, 0, (0, 0, 0), (0, 1, 16)),
        session(2, 86, (0, 160, 160), (64, 64, 65, 1000, 16)),
        session(3, 200, (7, 300, 33), (1, 2, 3, 4, 5)),
    ]
    text = json.dumps(cases, indent=1) + "\n"
    if "--check" in sys.argv:
        sys.exit(0 if OUTPUT.read_text() == text else f"{OUTPUT.name} is not what this script makes")
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(text)


if __name__ == "__main__":
    main()
