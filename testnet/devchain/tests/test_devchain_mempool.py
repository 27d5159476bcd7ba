"""The pool: geth's rules of admission, replacement and order."""

import pytest
import rlp
from eth_account import Account
from eth_keys import keys

from devchain.accounts import dev_key
from devchain.client import sign_transaction
from devchain.errors import RpcError

GWEI = 10**9


def signed(index: int = 0, nonce: int = 0, **changes):
    fields = {
        "chain_id": 31337,
        "nonce": nonce,
        "tip": GWEI,
        "max_fee": 10 * GWEI,
        "gas": 21_000,
        "to": b"\xaa" * 20,
        "value": 1,
        "data": b"",
    } | changes
    return sign_transaction(dev_key(index), **fields)


def refused(chain, message: str, raw: bytes) -> None:
    with pytest.raises(RpcError) as caught:
        chain.submit(raw)
    assert message in caught.value.message


def mined(chain) -> list[bytes]:
    return [transaction.hash for transaction in chain.mine().transactions]


def test_the_best_tip_goes_first_and_then_the_earliest(chain):
    early, late, best = signed(0), signed(1), signed(2, tip=2 * GWEI)
    for transaction in (early, late, best):
        chain.submit(transaction.raw)
    assert mined(chain) == [best.hash, early.hash, late.hash]


def test_a_senders_nonces_go_in_order(chain):
    cheap, dear = signed(nonce=0, tip=1), signed(nonce=1, tip=5 * GWEI)
    chain.submit(dear.raw)
    assert mined(chain) == []
    assert chain.pool.counts(chain.evm.state_after(chain.head)) == (0, 1)
    chain.submit(cheap.raw)
    assert mined(chain) == [cheap.hash, dear.hash]


def test_the_same_transaction_twice_is_already_known(chain):
    chain.submit(signed().raw)
    refused(chain, "already known", signed().raw)


def test_a_used_nonce_is_too_low(chain):
    chain.submit(signed().raw)
    chain.mine()
    refused(chain, "nonce too low: next nonce 1, tx nonce 0", signed(value=2).raw)
    refused(chain, "nonce too low: next nonce 1, tx nonce 0", signed().raw)


@pytest.mark.parametrize(
    ("tip", "max_fee"),
    [
        (GWEI, 10 * GWEI),
        (GWEI * 105 // 100, 10 * GWEI * 105 // 100),
        (GWEI, 20 * GWEI),
        (2 * GWEI, 10 * GWEI),
        (GWEI * 110 // 100 - 1, 11 * GWEI),
        (GWEI * 110 // 100, 11 * GWEI - 1),
    ],
)
def test_a_replacement_must_raise_both_fees_by_a_tenth(chain, tip, max_fee):
    chain.submit(signed().raw)
    refused(chain, "replacement transaction underpriced", signed(tip=tip, max_fee=max_fee, value=2).raw)


def test_a_replacement_that_does_takes_the_place(chain):
    first, second = signed(), signed(tip=GWEI * 110 // 100, max_fee=11 * GWEI, value=2)
    chain.submit(first.raw)
    chain.submit(second.raw)
    assert chain.pool.get(first.hash) is None and len(chain.pool) == 1
    assert mined(chain) == [second.hash]


def test_a_fee_cap_under_the_base_fee_waits(chain):
    stuck = signed(max_fee=GWEI // 4, tip=1)
    chain.submit(stuck.raw)
    chain.submit(signed(nonce=1).raw)
    assert mined(chain) == []
    assert chain.pending_nonce(dev_key(0).public_key.to_canonical_address()) == 2
    assert not chain.has_executable()
    for _ in range(12):  # empty blocks lower the base fee under the cap
        chain.mine()
    assert len(chain.pool) == 0


REFUSED = {
    "intrinsic gas too low": {"gas": 20_999},
    "insufficient gas for floor data gas cost": {"gas": 30_000, "data": b"\1" * 400},
    "exceeds block gas limit": {"gas": 36_000_001},
    "max priority fee per gas higher than max fee per gas": {"tip": 2, "max_fee": 1},
    "insufficient funds for gas * price + value": {"value": 10**24},
    "invalid chain id for signer: have 1 want 31337": {"chain_id": 1},
    "oversized data": {"data": b"\1" * 131_072, "gas": 30_000_000},
}


@pytest.mark.parametrize("message", REFUSED)
def test_a_transaction_that_could_never_be_mined_is_refused(chain, message):
    refused(chain, message, signed(**REFUSED[message]).raw)
    assert len(chain.pool) == 0


def test_an_unfunded_account_sends_nothing(chain):
    raw = sign_transaction(
        keys.PrivateKey(b"\5" * 32),
        chain_id=31337,
        nonce=0,
        tip=0,
        max_fee=GWEI,
        gas=21_000,
        to=b"\xaa" * 20,
        value=0,
        data=b"",
    ).raw
    refused(chain, "insufficient funds", raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x02",
        b"\x02\xc0",
        b"\xc0",
        b"\x00" * 40,
        signed().raw[:-1],
        signed().raw + b"\0",
        b"\x02" + b"\xff" * 200,
    ],
    ids=lambda raw: raw[:4].hex(),
)
def test_what_is_no_transaction_is_refused(chain, raw):
    refused(chain, "", raw)


def test_blob_and_delegation_transactions_are_refused(chain):
    for kind in (3, 4, 5, 0x7F):
        refused(chain, "transaction type not supported", bytes([kind]) + signed().raw[1:])


def test_a_high_s_is_refused(chain):
    fields = rlp.decode(signed().raw[1:])
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    fields[9] = b"" if fields[9] else b"\x01"
    fields[11] = (order - int.from_bytes(fields[11], "big")).to_bytes(32, "big")
    refused(chain, "invalid sender", b"\x02" + rlp.encode(fields))


def test_a_legacy_transaction_without_a_chain_is_refused(chain):
    legacy = Account.sign_transaction(
        {
            "to": "0x00000000000000000000000000000000000000AA",
            "value": 1,
            "gas": 21_000,
            "gasPrice": 5 * GWEI,
            "nonce": 0,
        },
        dev_key(0).to_bytes(),
    )
    refused(chain, "only replay-protected", legacy.raw_transaction)


def test_what_does_not_fit_a_block_waits_for_the_next(chain):
    for index in range(3):
        chain.submit(signed(index, gas=15_000_000).raw)
    assert [len(mined(chain)), len(mined(chain))] == [3, 0]  # 21,000 gas used each: the limit is on what is used


def test_a_transaction_that_became_invalid_leaves_the_pool(chain):
    """Both are affordable alone; after the first the second is not."""
    chain.submit(signed(nonce=0, value=10**24 - 10**18).raw)
    chain.submit(signed(nonce=1, value=10**24 - 10**18).raw)
    assert len(mined(chain)) == 1
    assert len(chain.pool) == 0
