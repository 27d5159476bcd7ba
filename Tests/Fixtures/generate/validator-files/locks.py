"""Makes Tests/Fixtures/validator-files/locks.json: Obol cluster locks, by py_ecc, coincurve and roots written out.

The forms are those of charon's locks of each version; keys and accounts are our own.

Usage: pip install py_ecc coincurve pycryptodome cryptography; python Tests/Fixtures/generate/validator-files/locks.py
"""

import base64
import hashlib
import json
from pathlib import Path

from coincurve import PrivateKey
from py_ecc.bls import G2ProofOfPossession as bls

from ssv import R, checksummed, keccak256, number, sha

OUTPUT = Path(__file__).resolve().parents[2] / "validator-files" / "locks.json"
FORK = bytes.fromhex("10000910")


def vector(data):
    return tree([data[i:i + 32].ljust(32, b"\0") for i in range(0, len(data), 32)])


def tree(leaves, limit=None):
    depth = ((limit or len(leaves)) - 1).bit_length()
    empty = bytes(32)
    for _ in range(depth):
        leaves = [sha(leaves[i] + (leaves[i + 1] if i + 1 < len(leaves) else empty)) for i in range(0, len(leaves), 2)]
        empty = sha(empty + empty)
    return leaves[0] if leaves else empty


def counted(leaves, limit):
    return sha(tree(leaves, limit) + len(leaves).to_bytes(32, "little"))


def text(value, limit):
    data = value.encode()
    leaves = [data[i:i + 32].ljust(32, b"\0") for i in range(0, len(data), 32)]
    return sha(tree(leaves, (limit + 31) // 32) + len(data).to_bytes(32, "little"))


def u64(value):
    return value.to_bytes(32, "little")


def unhex(value):
    return bytes.fromhex(value.removeprefix("0x"))


def rlp(item):
    if isinstance(item, list):
        body, base = b"".join(map(rlp, item)), 0xC0
    elif len(item) == 1 and item[0] < 0x80:
        return item
    else:
        body, base = item, 0x80
    if len(body) < 56:
        return bytes([base + len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([base + 55 + len(size)]) + size + body


def record(key):
    content = [b"", b"id", b"v4", b"secp256k1", key.public_key.format()]
    signature = key.sign_recoverable(keccak256(rlp(content)), hasher=None)[:64]
    return "enr:" + base64.urlsafe_b64encode(rlp([signature] + content)).decode().rstrip("=")


def signature_root(value):
    return vector(unhex(value) or bytes(65))


def definition_root(version, d, config_only):
    def operator(o):
        leaves = [vector(unhex(o["address"]))]
        if not config_only:
            leaves += [text(o["enr"], 1024), signature_root(o["config_signature"]), signature_root(o["enr_signature"])]
        return tree(leaves)

    creator = [vector(unhex(d["creator"]["address"]).rjust(20, b"\0"))]
    if not config_only:
        creator.append(signature_root(d["creator"]["config_signature"]))
    leaves = [
        text(d["uuid"], 64), text(d["name"], 256), text(d["version"], 16), text(d["timestamp"], 32),
        u64(d["num_validators"]), u64(d["threshold"]), text(d["dkg_algorithm"], 32), vector(unhex(d["fork_version"])),
        counted([operator(o) for o in d["operators"]], 256), tree(creator),
        counted([tree([vector(unhex(v["fee_recipient_address"])), vector(unhex(v["withdrawal_address"]))]) for v in d["validators"]], 65536),
    ]
    if version >= 8:
        amounts = b"".join(int(a).to_bytes(8, "little") for a in d["deposit_amounts"] or [])
        packed = [amounts[i:i + 32].ljust(32, b"\0") for i in range(0, len(amounts), 32)]
        leaves.append(sha(tree(packed, 64) + u64(len(amounts) // 8)))
    if version >= 9:
        leaves.append(text(d["consensus_protocol"], 256))
    if version >= 10:
        leaves += [u64(d["target_gas_limit"]), u64(int(d["compounding"]))]
    if not config_only:
        leaves.append(unhex(d["config_hash"]))
    return tree(leaves)


def deposit_root(d):
    return tree([vector(unhex(d["pubkey"]).rjust(48, b"\0")), unhex(d["withdrawal_credentials"]).rjust(32, b"\0"),
                 u64(int(d["amount"])), vector(unhex(d["signature"]).rjust(96, b"\0"))])


def registration_message(m):
    return tree([vector(unhex(m["fee_recipient"])), u64(m["gas_limit"]), u64(m["timestamp"]), vector(unhex(m["pubkey"]))])


def lock_root(version, lock):
    def validator(v):
        if version < 8:
            deposits = deposit_root(v["deposit_data"])
        else:
            deposits = counted([deposit_root(d) for d in v["partial_deposit_data"]], 256)
        registration = tree([registration_message(v["builder_registration"]["message"]), vector(unhex(v["builder_registration"]["signature"]))])
        return tree([vector(unhex(v["distributed_public_key"])), counted([vector(unhex(s)) for s in v["public_shares"]], 256),
                     deposits, registration])

    definition = definition_root(version, lock["cluster_definition"], False)
    return tree([definition, counted([validator(v) for v in lock["distributed_validators"]], 65536)])


def signed(secret, root, kind):
    fork = sha(FORK.ljust(32, b"\0") + bytes(32))
    return bls.Sign(secret, sha(root + kind + fork[:28]))


def h(data):
    return "0x" + data.hex()


def lock(version, count=4, threshold=3, compounding=False, degree=None, deposits=True, name="cluster"):
    accounts = [PrivateKey(hashlib.sha256(f"node {i}".encode()).digest()) for i in range(count)]
    address = [keccak256(key.public_key.format(False)[1:])[12:] for key in accounts]
    some = lambda i, k: h(accounts[i].sign_recoverable(sha(f"{k}".encode()), hasher=None))
    owners = [(sha(f"fee {i}".encode())[:20], sha(f"withdrawal {i}".encode())[:20]) for i in range(2)]
    d = {
        "name": name, "creator": {"address": checksummed(address[0]), "config_signature": some(0, "creator")},
        "operators": [{"address": checksummed(address[i]), "enr": record(accounts[i]), "config_signature": some(i, "config"),
                       "enr_signature": some(i, "enr")} for i in range(count)],
        "uuid": "0194FDC2-FA2F-4CC0-81D3-FF12045B73C8", "version": f"v1.{version}.0", "timestamp": "2025-07-19T18:19:58+02:00",
        "num_validators": 2, "threshold": threshold,
        "validators": [{"fee_recipient_address": h(f), "withdrawal_address": h(w)} for f, w in owners],
        "dkg_algorithm": "default", "fork_version": h(FORK),
    }
    if version >= 8:
        d["deposit_amounts"] = ["16000000000", "16000000000"] if deposits else None
    if version >= 9:
        d["consensus_protocol"] = "qbft"
    if version >= 10:
        d |= {"target_gas_limit": 36_000_000, "compounding": compounding}
    d["config_hash"] = h(definition_root(version, d, True))
    d["definition_hash"] = h(definition_root(version, d, False))
    validators, every = [], []
    for index, (fee, withdrawal) in enumerate(owners):
        terms = [number(f"{name}/{index}/{k}") for k in range((threshold - 1 if degree is None else degree) + 1)]
        shares = [sum(c * pow(i, k, R) for k, c in enumerate(terms)) % R for i in range(1, count + 1)]
        every += shares
        public = bls.SkToPk(terms[0])
        message = {"fee_recipient": h(fee), "gas_limit": 30_000_000, "timestamp": 1_655_733_600, "pubkey": h(public)}
        made = []
        for amount in ([32] if version < 8 else [16, 16]) if deposits else []:
            credentials = bytes([2 if compounding else 1]) + bytes(11) + withdrawal
            root = tree([vector(public), credentials, u64(amount * 10**9)])
            made.append({"pubkey": h(public), "withdrawal_credentials": h(credentials), "amount": str(amount * 10**9),
                         "signature": h(signed(terms[0], root, b"\3\0\0\0"))})
        none = {"pubkey": "", "withdrawal_credentials": "", "amount": "0", "signature": ""}
        v = {"distributed_public_key": h(public), "public_shares": [h(bls.SkToPk(s)) for s in shares],
             "builder_registration": {"message": message, "signature": h(signed(terms[0], registration_message(message), b"\0\0\0\1"))}}
        v |= {"deposit_data": (made or [none])[0]} if version < 8 else {"partial_deposit_data": made}
        validators.append(v)
    result = {"cluster_definition": d, "distributed_validators": validators}
    root = lock_root(version, result)
    result["signature_aggregate"] = h(bls.Aggregate([bls.Sign(s, root) for s in every]))
    result["lock_hash"] = h(root)
    result["node_signatures"] = [h(key.sign_recoverable(root, hasher=None)) for key in accounts]
    return json.dumps(result, indent=1)


def main():
    OUTPUT.write_text(json.dumps({
        "good": [lock(7), lock(7, deposits=False), lock(8), lock(9), lock(10, compounding=True), lock(10, 7, 5), lock(10, 4, 4)],
        # Every share has signed and all of them together make the key, but no three do.
        "tooHighDegree": lock(10, degree=3, name="high"), "tooLowDegree": lock(10, degree=1, name="low"),
    }, indent=1) + "\n")


if __name__ == "__main__":
    main()
