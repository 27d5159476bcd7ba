"""Makes Tests/Fixtures/key-operations/beacon.json: deposits and exits by the consensus specifications and py_ecc.

Usage: pip install --pre eth-consensus-specs ckzg py_ecc; python Tests/Fixtures/generate/key-operations/beacon.py
"""

import hashlib
import json
from pathlib import Path

from eth_consensus_specs.deneb import mainnet as spec
from py_ecc.bls import G2ProofOfPossession as bls

OUTPUT = Path(__file__).resolve().parents[2] / "key-operations" / "beacon.json"
R = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
NETWORKS = {
    "mainnet": ("00000000", "03000000", "4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95"),
    "hoodi": ("10000910", "40000910", "212f13fc4df078b6cb7db228f1c8307566dcecf900867401a92023d7ba99cb5f"),
    "local": ("20000089", "50000089", hashlib.sha256(b"validators of a local network").hexdigest()),
}


def secret(name):
    return int.from_bytes(hashlib.sha512(name.encode()).digest(), "big") % R


def main():
    cases = []
    for name, (genesis, capella, validators) in NETWORKS.items():
        for number, (prefix, amount) in enumerate([(1, 32), (2, 32), (2, 2048)]):
            key = secret(f"{name}/{number}")
            public = bls.SkToPk(key)
            address = hashlib.sha256(f"address {number}".encode()).digest()[:20]
            message = spec.DepositMessage(
                pubkey=public, withdrawal_credentials=bytes([prefix]) + bytes(11) + address, amount=amount * 10**9)
            deposit_domain = spec.compute_domain(spec.DOMAIN_DEPOSIT, spec.Version(bytes.fromhex(genesis)))
            deposit_root = spec.compute_signing_root(message, deposit_domain)
            signature = bls.Sign(key, deposit_root)
            data = spec.DepositData(**{field: getattr(message, field) for field in message.fields()}, signature=signature)
            leaving = spec.VoluntaryExit(epoch=256 * number, validator_index=1_234_567 + number)
            exit_domain = spec.compute_domain(
                spec.DOMAIN_VOLUNTARY_EXIT, spec.Version(bytes.fromhex(capella)), spec.Root(bytes.fromhex(validators)))
            exit_root = spec.compute_signing_root(leaving, exit_domain)
            cases.append({
                "network": name, "genesis": genesis, "capella": capella, "validators": validators,
                "secret": key.to_bytes(32, "big").hex(), "publicKey": public.hex(), "prefix": prefix,
                "address": address.hex(), "ether": amount,
                "messageRoot": bytes(spec.hash_tree_root(message)).hex(), "depositDomain": bytes(deposit_domain).hex(),
                "depositSigningRoot": bytes(deposit_root).hex(), "depositSignature": signature.hex(),
                "dataRoot": bytes(spec.hash_tree_root(data)).hex(), "data": data.encode_bytes().hex(),
                "exitEpoch": int(leaving.epoch), "exitIndex": int(leaving.validator_index),
                "exitDomain": bytes(exit_domain).hex(), "exitSigningRoot": bytes(exit_root).hex(),
                "exitSignature": bls.Sign(key, exit_root).hex(),
            })
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(cases, indent=1) + "\n")


main()
