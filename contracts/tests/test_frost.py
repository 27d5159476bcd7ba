"""The signer of these tests against the vector of RFC 9591 E.5, published with the RFC."""

import json
from pathlib import Path

import pytest

from frost import (
    GroupKey,
    Nonces,
    Signature,
    base,
    binding_factor_inputs,
    binding_factors,
    compressed,
    evaluate,
    group_commitment,
    scalar_bytes,
    sign_share,
    verify,
)

VECTOR = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "published" / "frost-secp256k1.json"


@pytest.fixture(scope="module")
def vector():
    if not VECTOR.exists():
        pytest.skip(f"the published vector is not at {VECTOR.name}'s place beside the repository")
    return json.loads(VECTOR.read_text())


def test_the_signer_reproduces_every_value_of_the_published_vector(vector):
    inputs = vector["inputs"]
    secret = int(inputs["group_secret_key"], 16)
    coefficients = [secret, *(int(c, 16) for c in inputs["share_polynomial_coefficients"])]
    key, message = base(secret), bytes.fromhex(inputs["message"])
    assert compressed(key).hex() == inputs["verifying_key_key"]
    for entry in inputs["participant_shares"]:
        assert scalar_bytes(evaluate(coefficients, entry["identifier"])).hex() == entry["participant_share"]
    nonces = {}
    for entry in vector["round_one_outputs"]["outputs"]:
        identifier = entry["identifier"]
        made = Nonces.generate(
            evaluate(coefficients, identifier),
            bytes.fromhex(entry["hiding_nonce_randomness"]),
            bytes.fromhex(entry["binding_nonce_randomness"]),
        )
        assert scalar_bytes(made.hiding).hex() == entry["hiding_nonce"]
        assert scalar_bytes(made.binding).hex() == entry["binding_nonce"]
        assert compressed(made.commitments()[0]).hex() == entry["hiding_nonce_commitment"]
        nonces[identifier] = made
    commitments = {i: n.commitments() for i, n in nonces.items()}
    for entry in vector["round_one_outputs"]["outputs"]:
        identifier = entry["identifier"]
        assert binding_factor_inputs(key, commitments, message)[identifier].hex() == entry["binding_factor_input"]
        factor = binding_factors(key, commitments, message)[identifier]
        assert scalar_bytes(factor).hex() == entry["binding_factor"]
    total = 0
    for entry in vector["round_two_outputs"]["outputs"]:
        identifier = entry["identifier"]
        share = sign_share(
            identifier, evaluate(coefficients, identifier), nonces[identifier], key, commitments, message
        )
        assert scalar_bytes(share).hex() == entry["sig_share"]
        total += share
    commitment = group_commitment(commitments, binding_factors(key, commitments, message))
    signature = Signature.of(commitment, total % (2**256 - 0x14551231950B75FC4402DA1732FC9BEBF))
    assert signature.compact().hex() == vector["final_output"]["sig"]
    assert verify(key, message, signature)


def test_any_threshold_of_members_signs_for_the_group():
    key = GroupKey(3, 4, "any threshold")
    for signers in ([1, 2, 3], [1, 2, 4], [1, 3, 4], [2, 3, 4], [1, 2, 3, 4]):
        assert verify(key.point, b"m" * 32, key.sign(b"m" * 32, signers))


def test_one_member_less_signs_nothing():
    key = GroupKey(3, 4, "one less")
    assert not verify(key.point, b"m" * 32, key.sign(b"m" * 32, [1, 2]))
