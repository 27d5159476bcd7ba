"""A peer written from docs/PROTOCOL.md alone, with the Noise implementation `noiseprotocol` of the package index."""

import hashlib
import secrets
import socket
import struct
from dataclasses import dataclass

from .scenario import check

VERSION = 1
MAGIC = b"ORC1"
PREAMBLE = 12
PROOF_CONTEXT = b"oracle-noise-id/v1"
INITIATOR, RESPONDER = b"\x01", b"\x02"
FIRST, LAST = 1, 2
HELLO, CLOSE = 0x01, 0x02
CLOSE_CODES = {1: "shuttingDown", 2: "duplicate", 3: "notAdmitted", 4: "renewed", 5: "tooSlow", 6: "busy",
               7: "otherCommittee", 8: "offence"}


@dataclass(frozen=True)
class Network:
    """The deployment that a peer means: it is in the preamble and in the prologue."""

    chain: int
    registry: bytes
    genesis: bytes

    @property
    def name(self) -> bytes:
        return struct.pack(">Q", self.chain) + self.registry + self.genesis

    def preamble(self, version: int = VERSION, flags: int = 0) -> bytes:
        return MAGIC + struct.pack("<HH", version, flags) + hashlib.sha256(self.name).digest()[:4]

    @classmethod
    def of(cls, registry: dict) -> "Network":
        """That of a testnet's registry."""
        return cls(registry["chainId"], bytes.fromhex(registry["registry"][2:]), bytes.fromhex(registry["genesis"][2:]))


class Guest:
    """A member of the committee that is no oracle: its keys, and nothing that listens."""

    def __init__(self):
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from eth_keys.datatypes import PrivateKey
        self.key = Ed25519PrivateKey.generate()
        self._account, self._encryption = (PrivateKey(secrets.token_bytes(32)).public_key for _ in range(2))

    def card(self) -> dict:
        return {
            "account": self._account.to_checksum_address(),
            "identity": "0x" + self.key.public_key().public_bytes_raw().hex(),
            "encryptionKey": "0x" + self._encryption.to_compressed_bytes().hex(),
            "endpoint": "127.0.0.1:1",
        }


class Peer:
    """One connection to an oracle, dialed from any address of the loopback network."""

    def __init__(self, address: tuple[str, int], network: Network, source: str = "127.0.0.1", guest: Guest | None = None):
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        self.network = network
        self.key = guest.key if guest else Ed25519PrivateKey.generate()
        self.identity = self.key.public_key().public_bytes_raw()
        self.prologue = b"oracle-noise/1" + network.preamble() + network.name
        self.connection = socket.create_connection(address, timeout=5, source_address=(source, 0))
        self.noise = None
        self._hash = b""

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def receive(self, count: int) -> bytes:
        """Exactly so many bytes."""
        received = b""
        while len(received) < count:
            part = self.connection.recv(count - len(received))
            check(part, f"the oracle closed the connection after {len(received)} of {count} bytes")
            received += part
        return received

    def begin(self) -> None:
        """Sends the preamble and message 1."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
        from noise.connection import Keypair, NoiseConnection
        static = X25519PrivateKey.generate()
        self.static = static.public_key().public_bytes_raw()
        self.noise = NoiseConnection.from_name(b"Noise_XX_25519_ChaChaPoly_SHA256")
        self.noise.set_as_initiator()
        self.noise.set_prologue(self.prologue)
        self.noise.set_keypair_from_private_bytes(Keypair.STATIC, static.private_bytes_raw())
        self.noise.start_handshake()
        self._watch_hash()
        self.connection.sendall(self.network.preamble() + frame(bytes(self.noise.write_message())))

    def _watch_hash(self) -> None:
        """Notes Noise's hash before each encryption: the last one before a payload is what identities sign."""
        state = self.noise.noise_protocol.handshake_state.symmetric_state
        seal, open_ = state.encrypt_and_hash, state.decrypt_and_hash

        def sealing(plaintext):
            return seal(plaintext() if callable(plaintext) else plaintext)

        def opening(ciphertext: bytes) -> bytes:
            self._hash = state.h
            return open_(ciphertext)

        state.encrypt_and_hash, state.decrypt_and_hash = sealing, opening

    def read_answer(self) -> bytes:
        """Takes preamble and message 2, checks the oracle's proof, and returns its identity."""
        answer = self.receive(PREAMBLE)
        check(answer == self.network.preamble(), f"the oracle answers with the preamble {answer.hex()}")
        length = struct.unpack(">H", self.receive(2))[0]
        check(length == 256, f"message 2 is announced with {length} bytes")
        payload = bytes(self.noise.read_message(self.receive(length)))
        check(len(payload) == 160 and payload[0] == 1 and payload[97:] == bytes(63), "its payload has another form")
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        identity, signature = payload[1:33], payload[33:97]
        static = self.noise.noise_protocol.handshake_state.rs.public_bytes
        try:
            Ed25519PublicKey.from_public_bytes(identity).verify(signature, self._proof(RESPONDER, static, self._hash))
        except InvalidSignature:
            check(False, "the oracle's signature over the link proof does not verify")
        return identity

    def prove(self, *, is_valid: bool = True) -> None:
        """Sends message 3 with this peer's own identity and proof."""
        state = self.noise.noise_protocol.handshake_state.symmetric_state

        def payload() -> bytes:
            signature = self.key.sign(self._proof(INITIATOR, self.static, state.h if is_valid else bytes(32)))
            return b"\x01" + self.identity + signature + bytes(63)

        self.connection.sendall(frame(bytes(self.noise.write_message(payload))))

    def _proof(self, role: bytes, static: bytes, handshake_hash: bytes) -> bytes:
        return PROOF_CONTEXT + role + hashlib.sha256(self.prologue).digest() + static + handshake_hash

    def become_link(self) -> bytes:
        """All of the handshake and the oracle's hello, which is returned and sent back as one's own."""
        self.begin()
        self.read_answer()
        self.prove()
        frames = self.read_record()
        length, kind, total = struct.unpack("<HBI", frames[2:9])
        check((frames[0], frames[1] & FIRST, kind) == (0, FIRST, HELLO), f"the oracle's first message is {frames.hex()}")
        hello = frames[9:4 + length]
        check(len(hello) == total, "the oracle's hello is not whole")
        self.send_record(message(0, HELLO, hello))
        return hello

    def read_record(self) -> bytes:
        """The frames of the next record."""
        length = struct.unpack(">H", self.receive(2))[0]
        return bytes(self.noise.decrypt(self.receive(length)))

    def send_record(self, frames: bytes) -> None:
        self.connection.sendall(frame(self.noise.encrypt(frames)))


def frame(message: bytes) -> bytes:
    return struct.pack(">H", len(message)) + message


def message(stream: int, kind: int, body: bytes, *, flags: int = FIRST | LAST, total: int | None = None) -> bytes:
    """A frame that is a whole message, or pretends to be one."""
    head = struct.pack("<BI", kind, len(body) if total is None else total)
    return struct.pack("<BBH", stream, flags, len(head) + len(body)) + head + body


def read_close(frames: bytes) -> str:
    """The name of the reason in a record that holds one `close`."""
    stream, flags, length = struct.unpack("<BBH", frames[:4])
    kind, total = struct.unpack("<BI", frames[4:9])
    check((stream, flags, kind) == (0, 3, CLOSE) and length == len(frames) - 4 and total == length - 5,
          f"the record holds something else than a close: {frames.hex()}")
    return CLOSE_CODES.get(struct.unpack("<H", frames[9:11])[0], "unknown")
