"""Reorganisations and snapshots: what is orphaned, what returns, what must stay."""

import random

import pytest

from devchain.accounts import dev_key
from devchain.client import sign_transaction
from devchain.endpoint import Endpoint
from devchain.errors import RpcError

from referee import judge

ACCOUNT = dev_key(0).public_key.to_canonical_address()


def send(chain, nonce: int, value: int = 1) -> bytes:
    return chain.submit(
        sign_transaction(
            dev_key(0),
            chain_id=31337,
            nonce=nonce,
            tip=10**9,
            max_fee=10**10,
            gas=21_000,
            to=b"\xaa" * 20,
            value=value,
            data=b"",
        ).raw
    ).hash


def nonce_of(chain) -> int:
    return chain.evm.state_after(chain.head).get_nonce(ACCOUNT)


def test_a_reorganisation_replaces_blocks_by_one_more(chain):
    old = [chain.mine() for _ in range(5)]
    change = chain.reorganise(2)
    assert [block.hash for block in change.removed] == [old[3].hash, old[4].hash]
    assert [block.number for block in change.added] == [4, 5, 6]
    assert chain.head is change.added[-1] and chain.head.header.parent_hash == change.added[1].hash
    assert change.added[0].header.parent_hash == old[2].hash
    assert not {block.hash for block in change.added} & {block.hash for block in old}


def test_orphans_are_still_known_by_hash_but_not_canonical(chain):
    orphan = chain.mine()
    chain.reorganise(1)
    assert chain.blocks[orphan.hash] is orphan
    assert not chain.is_canonical(orphan) and chain.is_canonical(chain.head)


def test_orphaned_transactions_return_to_the_pool(chain):
    sent = send(chain, 0)
    chain.mine()
    assert nonce_of(chain) == 1 and sent in chain.locations
    chain.reorganise(1)
    assert nonce_of(chain) == 0 and sent not in chain.locations
    assert chain.pool.get(sent) is not None
    chain.mine()
    assert sent in chain.locations and len(chain.pool) == 0


def test_kept_transactions_are_in_the_new_branch(chain):
    sent = [send(chain, nonce) for nonce in (0, 1)]
    chain.mine()
    block = chain.mine()
    change = chain.reorganise(2, keep=True)
    assert [transaction.hash for transaction in change.added[0].transactions] == sent
    assert chain.locations[sent[0]] == (change.added[0].hash, 0)
    assert block.hash not in chain.canonical and len(chain.pool) == 0


def test_dropped_transactions_are_gone(chain):
    lost, kept = send(chain, 0), send(chain, 1)
    chain.mine()
    chain.reorganise(1, keep=True, drop=frozenset([lost]))
    assert chain.pool.get(lost) is None and lost not in chain.locations
    assert chain.pool.get(kept) is not None  # behind the gap that the lost one leaves
    assert nonce_of(chain) == 0


def test_a_transaction_that_the_new_branch_made_invalid_waits_again(chain):
    first, second = send(chain, 0), send(chain, 1)
    chain.mine()
    assert {first, second} <= chain.locations.keys()
    chain.reorganise(1, keep=True)
    assert {first, second} <= chain.locations.keys()


def test_the_branch_may_be_shorter(chain):
    for _ in range(6):
        chain.mine()
    chain.reorganise(4, length=1)
    assert chain.head.number == 3


def test_the_same_reorganisation_twice_gives_other_blocks(chain):
    chain.mine()
    hashes = {chain.reorganise(1, length=1).added[0].hash for _ in range(5)}
    assert len(hashes) == 5


def test_finalized_blocks_stay(chain):
    for _ in range(12):
        chain.mine()
    assert chain.finalized == 4
    with pytest.raises(RpcError, match="goes below the finalized block 4"):
        chain.reorganise(9)
    kept = chain.canonical[:5]
    chain.reorganise(8)
    assert chain.canonical[:5] == kept


def test_a_shorter_branch_does_not_take_finality_back(chain):
    for _ in range(12):
        chain.mine()
    endpoint, late = Endpoint("main", chain), Endpoint("late", chain, lag=2)
    assert (endpoint.finalized, late.finalized) == (4, 2)
    chain.reorganise(8, length=1)
    assert (chain.head.number, endpoint.finalized, late.finalized) == (5, 4, 2)
    assert endpoint.find_number("finalized") is chain.at(4)
    with pytest.raises(RpcError, match="goes below the finalized block 4"):
        chain.reorganise(2)
    chain.reorganise(1, length=9)
    assert endpoint.finalized == 5


def test_a_snapshot_brings_back_what_was_final(chain):
    for _ in range(9):
        chain.mine()
    number = chain.snapshot()
    chain.mine()
    assert chain.finalized == 2
    chain.revert(number)
    assert chain.finalized == 1


@pytest.mark.parametrize(("depth", "length"), [(0, 1), (3, 1), (-1, None), (1, 0), (1, 10_001)])
def test_an_impossible_reorganisation_is_refused(chain, depth, length):
    chain.mine()
    chain.mine()
    head = chain.head
    with pytest.raises(RpcError):
        chain.reorganise(depth, length)
    assert chain.head is head


def test_many_random_moves_leave_a_valid_chain(chain):
    """The index, the locations and the pool against what the blocks themselves say, and the blocks against EELS."""
    source, sent = random.Random(7), []
    for _ in range(60):
        match source.randrange(5):
            case 0 | 1:
                nonce = chain.pending_nonce(ACCOUNT)
                sent.append(send(chain, nonce, value=source.randrange(1, 1000)))
            case 2 | 3:
                chain.mine()
            case 4:
                height = len(chain.canonical) - 1
                deepest = height - chain.finalized
                if deepest:
                    chain.reorganise(source.randrange(1, deepest + 1), source.randrange(1, 4), source.random() < 0.5)
        canonical = [chain.blocks[hash_] for hash_ in chain.canonical]
        assert all(b.header.parent_hash == a.hash for a, b in zip(canonical, canonical[1:], strict=False))
        located = {tx.hash: (b.hash, i) for b in canonical for i, tx in enumerate(b.transactions)}
        assert located == chain.locations
        assert not any(tx in located and chain.pool.get(tx) for tx in sent)
        assert all(tx in located or chain.pool.get(tx) for tx in sent)
    judge(chain)


def test_a_snapshot_brings_back_head_pool_and_clock(chain):
    chain.mine()
    waiting = send(chain, 0)
    number, head = chain.snapshot(), chain.head
    chain.mine()
    chain.clock.offset = 500
    later = send(chain, 1)
    assert chain.revert(number)
    assert chain.head is head and chain.clock.offset == 0
    assert chain.pool.get(waiting) is not None and chain.pool.get(later) is None
    assert waiting not in chain.locations
    assert not chain.revert(number)


def test_reverting_forgets_later_snapshots(chain):
    first, second = chain.snapshot(), chain.snapshot()
    assert chain.revert(first)
    assert not chain.revert(second)


def test_a_snapshot_survives_a_reorganisation(chain):
    for _ in range(3):
        chain.mine()
    number, head = chain.snapshot(), chain.head
    chain.reorganise(2)
    assert chain.revert(number) and chain.head is head
