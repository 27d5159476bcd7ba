"""The development chain's deposit contract: interface, words, events and roots are the real one's."""

from hashlib import sha256

import pytest
from eth_utils import keccak

from deployed import Deployed, deposit_contract
from frost import Randomness
from operations import ETHER, GWEI, deposit_root
from registry import Registry, Reverted

DEPTH = 32
# Published: what a deposit contract without deposits answers.
EMPTY_ROOT = "d70a234731285c6804c2a4f56711ddb8c82c99740f207854891028af34e27e5e"


def node(left: bytes, right: bytes) -> bytes:
    return sha256(left + right).digest()


def list_root(leaves: list[bytes]) -> bytes:
    """hash_tree_root of a list of at most 2^32 leaves, the whole tree at once."""
    level, zero = list(leaves), bytes(32)
    for _ in range(DEPTH):
        if len(level) % 2:
            level.append(zero)
        level = [node(level[i], level[i + 1]) for i in range(0, len(level), 2)]
        zero = node(zero, zero)
    root = level[0] if level else zero
    return node(root, len(leaves).to_bytes(32, "little"))


@pytest.fixture
def deposits() -> Deployed:
    return deposit_contract(Registry())


def arguments(seed: str, gwei: int = 32 * GWEI) -> tuple[bytes, bytes, bytes, bytes]:
    random = Randomness("deposit " + seed)
    key, credentials, signature = random.take(48), random.take(32), random.take(96)
    return key, credentials, signature, deposit_root(key, credentials, gwei, signature)


def refused(deposits: Deployed, reason: str, *values, value: int = 32 * ETHER) -> None:
    with pytest.raises(Reverted) as caught:
        deposits.transact("deposit", *values, value=value)
    assert caught.value.reason == reason


def test_selectors_and_topic_are_the_real_ones(deposits):
    assert deposits.artefact["selectors"] == {
        "deposit(bytes,bytes,bytes,bytes32)": "0x22895118",
        "get_deposit_count()": "0x621fd130",
        "get_deposit_root()": "0xc5f2892f",
        "supportsInterface(bytes4)": "0x01ffc9a7",
    }
    (topic,) = deposits.artefact["topics"].values()
    assert topic == "0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5"
    assert deposits.view("supportsInterface", bytes.fromhex("01ffc9a7"))
    assert deposits.view("supportsInterface", bytes.fromhex("85640907"))
    assert not deposits.view("supportsInterface", bytes.fromhex("ffffffff"))


def test_without_deposits_the_root_is_the_published_one(deposits):
    assert deposits.view("get_deposit_root").hex() == EMPTY_ROOT == list_root([]).hex()
    assert deposits.view("get_deposit_count") == bytes(8)


def test_every_root_is_that_of_the_whole_tree(deposits):
    leaves = []
    for number in range(19):
        gwei = GWEI * (1 + 7 * number) + number
        key, credentials, signature, root = arguments(str(number), gwei)
        event = deposits.transact("deposit", key, credentials, signature, root, value=gwei * 10**9)
        leaves.append(root)
        assert {name: event[name] for name in event if name not in ("all", "gas", "block")} == {
            "event": "DepositEvent",
            "pubkey": key,
            "withdrawal_credentials": credentials,
            "amount": gwei.to_bytes(8, "little"),
            "signature": signature,
            "index": number.to_bytes(8, "little"),
        }
        assert deposits.view("get_deposit_root") == list_root(leaves)
        assert deposits.view("get_deposit_count") == (number + 1).to_bytes(8, "little")
        # What the beacon chain reads out of the block (EIP-6110), of which the header has the hash (EIP-7685).
        request = key + credentials + gwei.to_bytes(8, "little") + signature + number.to_bytes(8, "little")
        assert event["block"].header.requests_hash == sha256(sha256(b"\0" + request).digest()).digest()


def test_mangled_arguments_are_refused_in_the_real_words(deposits):
    key, credentials, signature, root = arguments("one")
    words = "DepositContract: invalid {} length".format
    for short in (key[:47], b""):
        refused(deposits, words("pubkey"), short, credentials, signature, root)
    refused(deposits, words("withdrawal_credentials"), key, credentials[:31], signature, root)
    refused(deposits, words("signature"), key, credentials, signature[:95], root)
    mismatch = "DepositContract: reconstructed DepositData does not match supplied deposit_data_root"
    refused(deposits, mismatch, key, credentials, signature, keccak(root))
    refused(deposits, mismatch, key, credentials, signature, root, value=33 * ETHER)
    assert deposits.view("get_deposit_count") == bytes(8)


def test_amounts_are_whole_gwei_from_one_ether_on(deposits):
    values = arguments("one")
    for value in (0, ETHER - 1):
        refused(deposits, "DepositContract: deposit value too low", *values, value=value)
    refused(deposits, "DepositContract: deposit value not multiple of gwei", *values, value=32 * ETHER + 1)
