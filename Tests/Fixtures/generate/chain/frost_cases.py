"""Whole signing sessions over an election's digest, with every intermediate value."""

from typing import Any

from frost import (
    ORDER,
    GroupKey,
    Nonces,
    Randomness,
    Signature,
    base,
    binding_factor_inputs,
    binding_factors,
    challenge,
    compressed,
    group_commitment,
    lagrange,
    scalar_bytes,
    sign_share,
    verify,
)
from registry import digest

CHAIN_ID = 31337
CONTRACT = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
LEADER = "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"


def text(value: bytes | int) -> str:
    return "0x" + (scalar_bytes(value) if isinstance(value, int) else value).hex()


def signer_sets(threshold: int, size: int) -> list[list[int]]:
    """The first, the last, every second and more than enough."""
    spread = [i for i in range(1, size + 1) if i != size // 2][:threshold]
    return [
        list(range(1, threshold + 1)),
        list(range(size - threshold + 1, size + 1)),
        spread,
        list(range(1, size + 1)),
    ]


def session(key: GroupKey, signers: list[int], view: int, random: Randomness) -> dict[str, Any]:
    message = digest("Election", CHAIN_ID, CONTRACT, {"epoch": 1, "viewNumber": view, "leader": LEADER})
    randomness = {i: (random.take(), random.take()) for i in signers}
    nonces = {i: Nonces.generate(key.share(i), *randomness[i]) for i in signers}
    commitments = {i: nonces[i].commitments() for i in signers}
    inputs = binding_factor_inputs(key.point, commitments, message)
    factors = binding_factors(key.point, commitments, message)
    commitment = group_commitment(commitments, factors)
    shares = {i: sign_share(i, key.share(i), nonces[i], key.point, commitments, message) for i in signers}
    signature = Signature.of(commitment, sum(shares.values()) % ORDER)
    assert verify(key.point, message, signature)
    return {
        "epoch": 1,
        "viewNumber": view,
        "leader": LEADER,
        "message": text(message),
        "signers": [
            {
                "identifier": i,
                "hidingRandomness": text(randomness[i][0]),
                "bindingRandomness": text(randomness[i][1]),
                "hidingNonce": text(nonces[i].hiding),
                "bindingNonce": text(nonces[i].binding),
                "hidingCommitment": text(compressed(commitments[i][0])),
                "bindingCommitment": text(compressed(commitments[i][1])),
                "bindingFactorInput": text(inputs[i]),
                "bindingFactor": text(factors[i]),
                "lagrange": text(lagrange(i, signers)),
                "signatureShare": text(shares[i]),
            }
            for i in signers
        ],
        "groupCommitment": text(compressed(commitment)),
        "challenge": text(challenge(commitment, key.point, message)),
        "signature": text(signature.compact()),
        "rx": text(signature.rx),
        "ry": text(signature.ry),
        "s": text(signature.s),
    }


def make(threshold: int, size: int) -> Any:
    key = GroupKey(threshold, size, f"frost {threshold} of {size}")
    random = Randomness(f"sessions {threshold} of {size}")
    return {
        "threshold": threshold,
        "size": size,
        "chainId": CHAIN_ID,
        "contract": CONTRACT,
        "groupSecret": text(key.secret),
        "coefficients": [text(coefficient) for coefficient in key.coefficients],
        "coefficientCommitments": [text(compressed(base(coefficient))) for coefficient in key.coefficients],
        "groupKey": text(compressed(key.point)),
        "groupKeyX": text(key.x),
        "parity": key.parity,
        "members": [
            {"identifier": i, "share": text(key.share(i)), "verificationShare": text(compressed(base(key.share(i))))}
            for i in range(1, size + 1)
        ],
        "sessions": [
            session(key, signers, view, random) for view, signers in enumerate(signer_sets(threshold, size), 1)
        ],
    }
