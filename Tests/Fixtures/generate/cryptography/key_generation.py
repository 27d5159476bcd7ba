"""Makes Tests/Fixtures/cryptography/key-generation.json: one whole key generation, 3 of 4, in plain integers.

It holds every secret, every deal in its encoding, the key, the shares and the transcript; then a deal with one bad
share, the complaint about it, and a false complaint.

Usage: python Tests/Fixtures/generate/cryptography/key_generation.py
"""

import hashlib
import json
from pathlib import Path

from roots import container, fixed, of_list, sha, uint, uint16_list
from secp256k1 import Q, add, b32, bip340_sign, encode, hash_to_scalar, mul, tagged, total
from stream import Stream

OUTPUT = Path(__file__).resolve().parents[2] / "cryptography" / "key-generation.json"
THRESHOLD, SIZE, EPOCH, ATTEMPT, CHAIN = 3, 4, 7, 1, 31337
RANDOM = Stream("key generation")


def u16(number):
    return number.to_bytes(2, "big")


def identifier(genesis, registry, identities, keys):
    """sid: SHA-256 over the tag and the hash-tree-root of the terms."""
    deployment = container(uint(CHAIN), fixed(genesis), fixed(registry), uint(1))
    recipients = [container(fixed(who), fixed(encode(mul(key)))) for who, key in zip(identities, keys)]
    terms = container(
        deployment,
        uint(EPOCH),
        uint(ATTEMPT),
        uint(THRESHOLD),
        of_list(recipients, 128, SIZE),
        uint16_list(range(1, SIZE + 1), 128),
        fixed(bytes(33)),
    )
    return sha(b"oracle/dkg/v1" + terms)


class Dealer:
    """One dealer's secrets and its deal."""

    def __init__(self, sid, number, keys):
        self.sid, self.number, self.keys = sid, number, keys
        self.polynomial = [RANDOM.scalar() for _ in range(THRESHOLD)]
        self.ephemeral = RANDOM.scalar()
        self.encrypted = [(self.value(i) + self.pad(i)) % Q for i in range(1, SIZE + 1)]

    def value(self, position):
        return sum(c * position**k for k, c in enumerate(self.polynomial)) % Q

    def pad(self, recipient):
        key = self.keys[recipient - 1]
        base, public = mul(self.ephemeral), mul(key)
        message = self.sid + u16(self.number) + u16(recipient) + encode(base) + encode(public)
        return hash_to_scalar(message + encode(mul(self.ephemeral, public)), b"oracle/share-pad/v1")

    def proof(self, secret, role):
        message = tagged(b"oracle/dkg/pop/v1", self.sid + bytes([role]) + u16(self.number))
        return bip340_sign(secret, message, RANDOM.block())

    def encoding(self):
        commitments = b"".join(encode(mul(c)) for c in self.polynomial)
        shares = b"".join(b32(share) for share in self.encrypted)
        inline = 32 + 4 + 33 + 64 + 64 + 4
        return (
            self.sid
            + inline.to_bytes(4, "little")
            + encode(mul(self.ephemeral))
            + self.proof(self.polynomial[0], 1)
            + self.proof(self.ephemeral, 2)
            + (inline + len(commitments)).to_bytes(4, "little")
            + commitments
            + shares
        )


def complaint(dealer, accuser, secret):
    """The encoding of a complaint: the shared point, and the proof that it belongs to the accuser's key."""
    key, base = mul(secret), mul(dealer.ephemeral)
    shared = mul(secret, base)
    context = dealer.sid + u16(dealer.number) + u16(accuser) + encode(key) + encode(base) + encode(shared)
    nonce = RANDOM.scalar()
    challenge = hash_to_scalar(context + encode(mul(nonce)) + encode(mul(nonce, base)), b"oracle/dleq/v1")
    response = (nonce + challenge * secret) % Q
    return dealer.sid + dealer.number.to_bytes(2, "little") + encode(shared) + b32(challenge) + b32(response)


def main():
    genesis, registry = RANDOM.block(), RANDOM.block()[:20]
    identities = [RANDOM.block() for _ in range(SIZE)]
    keys = [RANDOM.scalar() for _ in range(SIZE)]
    sid = identifier(genesis, registry, identities, keys)
    dealers = [Dealer(sid, number, keys) for number in range(1, SIZE + 1)]
    deals = [dealer.encoding() for dealer in dealers]
    coefficients = [total(mul(dealer.polynomial[k]) for dealer in dealers) for k in range(THRESHOLD)]
    transcript = sha(
        sid + b"".join(hashlib.sha256(deal).digest() for deal in deals) + b"".join(encode(c) for c in coefficients)
    )
    shares = [sum(dealer.value(i) for dealer in dealers) % Q for i in range(1, SIZE + 1)]

    bad = Dealer(sid, 2, keys)
    bad.encrypted[2] = (bad.encrypted[2] + 1) % Q
    claim = container(
        container(uint(CHAIN), fixed(genesis), fixed(registry), uint(1)),
        uint(EPOCH),
        fixed(identities[0]),
        fixed(encode(mul(keys[0]))),
    )
    document = {
        "chainId": CHAIN,
        "genesis": genesis.hex(),
        "registry": registry.hex(),
        "epoch": EPOCH,
        "attempt": ATTEMPT,
        "threshold": THRESHOLD,
        "identities": [identity.hex() for identity in identities],
        "encryptionSecrets": [b32(key).hex() for key in keys],
        "encryptionKeys": [encode(mul(key)).hex() for key in keys],
        "keyProof": bip340_sign(keys[0], tagged(b"oracle/encryption-key/v1", claim), RANDOM.block()).hex(),
        "session": sid.hex(),
        "deals": [deal.hex() for deal in deals],
        "coefficients": [encode(c).hex() for c in coefficients],
        "transcript": transcript.hex(),
        "shares": [b32(share).hex() for share in shares],
        "publicShares": [encode(mul(share)).hex() for share in shares],
        "badDeal": bad.encoding().hex(),
        "complaint": complaint(bad, 3, keys[2]).hex(),
        "falseComplaint": complaint(bad, 4, keys[3]).hex(),
    }
    assert add(coefficients[0], None) == mul(sum(dealer.polynomial[0] for dealer in dealers))
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
