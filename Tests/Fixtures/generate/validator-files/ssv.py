"""Makes Tests/Fixtures/validator-files/ssv.json: keyshares and proofs as ssv-dkg writes them, by py_ecc and pyca/cryptography.

The forms are those of ssv-dkg's files; the keys are our own, with shares on polynomials that anyone can compute.

Usage: pip install py_ecc cryptography pycryptodome ssz; python Tests/Fixtures/generate/validator-files/ssv.py
"""

import hashlib
import json
from pathlib import Path

import rsa
from Crypto.Hash import keccak
from py_ecc.bls import G2ProofOfPossession as bls

OUTPUT = Path(__file__).resolve().parents[2] / "validator-files" / "ssv.json"
R = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001


def number(name):
    return int.from_bytes(hashlib.sha512(name.encode()).digest(), "big") % R


def keccak256(data):
    return keccak.new(digest_bits=256, data=data).digest()


def checksummed(address):
    digits = address.hex()
    marks = keccak256(digits.encode()).hex()
    return "0x" + "".join(c.upper() if int(m, 16) >= 8 else c for c, m in zip(digits, marks))


def sha(data):
    return hashlib.sha256(data).digest()


def merkle(chunks, size):
    layer = chunks + [bytes(32)] * (size - len(chunks))
    while len(layer) > 1:
        layer = [sha(layer[i] + layer[i + 1]) for i in range(0, len(layer), 2)]
    return layer[0]


def key_root(key):
    return sha(key[:32] + key[32:] + bytes(16))


def proof_root(validator, share, public, owner):
    """hash_tree_root of Container{Bytes48, ByteList[512], Bytes48, Bytes20}, written out."""
    chunks = [share[i:i + 32].ljust(32, b"\0") for i in range(0, len(share), 32)]
    list_root = sha(merkle(chunks, 16) + len(share).to_bytes(32, "little"))
    return merkle([key_root(validator), list_root, key_root(public), owner.ljust(32, b"\0")], 4)


def compact(value):
    """As Go's encoder writes."""
    return json.dumps(value, separators=(",", ":")) + "\n"


class Ceremony:
    def __init__(self, name, ids, nonce, degree=None, owner=None):
        count = len(ids)
        threshold = count - (count - 1) // 3
        self.ids, self.nonce, self.keys = ids, nonce, rsa.load(count)
        coefficients = [number(f"{name}/{k}") for k in range(threshold if degree is None else degree + 1)]
        self.owner = owner or hashlib.sha256(b"owner").digest()[:20]
        self.secret = coefficients[0]
        self.shares = [sum(c * pow(i, k, R) for k, c in enumerate(coefficients)) % R for i in ids]
        self.public = bls.SkToPk(self.secret)
        self.share_publics = [bls.SkToPk(share) for share in self.shares]
        self.encrypted = [rsa.encrypt(key, share.to_bytes(32, "big").hex().encode()) for key, share in zip(self.keys, self.shares)]

    def keyshares(self):
        owner = checksummed(self.owner)
        signature = bls.Sign(self.secret, keccak256(f"{owner}:{self.nonce}".encode()))
        data = signature + b"".join(self.share_publics) + b"".join(self.encrypted)
        key = "0x" + self.public.hex()
        operators = [{"id": i, "operatorKey": rsa.operator_key(k)} for i, k in zip(self.ids, self.keys)]
        return {
            "data": {"ownerNonce": self.nonce, "ownerAddress": owner, "publicKey": key, "operators": operators},
            "payload": {"publicKey": key, "operatorIds": self.ids, "sharesData": "0x" + data.hex()},
        }

    def proofs(self):
        for key, share, public in zip(self.keys, self.encrypted, self.share_publics):
            root = proof_root(self.public, share, public, self.owner)
            yield {
                "proof": {"validator": self.public.hex(), "encrypted_share": share.hex(), "share_pub": public.hex(),
                          "owner": self.owner.hex()},
                "signature": rsa.sign(key, root).hex(),
            }


def keyshares_file(*ceremonies):
    return compact({"version": "v1.2.0", "createdAt": "2024-03-19T19:17:47.138Z", "shares": [c.keyshares() for c in ceremonies]})


def case(name, *ceremonies):
    proofs = [list(ceremony.proofs()) for ceremony in ceremonies]
    return {
        "name": name, "keyshares": keyshares_file(*ceremonies),
        "proofs": compact(proofs[0] if len(proofs) == 1 else proofs),
        "shares": [[share.to_bytes(32, "big").hex() for share in ceremony.shares] for ceremony in ceremonies],
    }


def main():
    ids = {4: [1, 22, 333, 4_444], 7: [5, 6, 7, 8, 9, 10, 11], 13: list(range(60, 73))}
    one = Ceremony("four", ids[4], 0)
    other = Ceremony("four again", ids[4], 1)
    stranger = Ceremony("stranger", ids[4], 1, owner=hashlib.sha256(b"stranger").digest()[:20])
    OUTPUT.write_text(json.dumps({
        "good": [case("four", one), case("seven", Ceremony("seven", ids[7], 2_731)),
                 case("thirteen", Ceremony("thirteen", ids[13], 2**40)), case("two of four", one, other)],
        # All four shares together give the key, as ssv-dkg asks; three of them do not.
        "tooHighDegree": case("degree 3 of four", Ceremony("high", ids[4], 0, degree=3)),
        # Any two give it: fewer than SSV promises.
        "tooLowDegree": case("degree 1 of four", Ceremony("low", ids[4], 0, degree=1)),
        "twoOwners": case("two owners", one, stranger),
    }, indent=1) + "\n")


if __name__ == "__main__":
    main()
