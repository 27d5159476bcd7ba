"""What becomes of deposits and exits, by the specification's functions."""

import logging

import pytest

from beacon.chain import BeaconChain
from beacon.errors import Refused
from beacon.formats import status
from beacon.network import bls, founder_secret, spec

from validators import (
    ETHER, SECRET, configure, full_exit, pass_epochs, place, pubkey, signed_deposit, signed_exit,
)

configure()


@pytest.fixture(scope="module")
def grown() -> BeaconChain:
    """A chain with a validator from a deposit, a rejected deposit, and all that may leave."""
    chain = BeaconChain.begin(0)
    chain.advance([signed_deposit(), signed_deposit(SECRET + 1, 1, version=b"\x10\0\x09\x10")])
    assert [bytes(d.pubkey) for d in chain.state.pending_deposits] == [pubkey(), pubkey(SECRET + 1)]
    seen = []
    while place(chain) is None or status(chain.state, place(chain)) != "active_ongoing":
        if place(chain) is not None:
            seen.append(status(chain.state, place(chain)))
        chain.advance([])
        assert chain.epoch < 20
    assert list(dict.fromkeys(seen)) == ["pending_initialized", "pending_queued"]
    return chain


@pytest.fixture
def chain(grown: BeaconChain) -> BeaconChain:
    return BeaconChain(grown.state.copy(), grown.final.copy())


def grow_old(chain: BeaconChain) -> int:
    """Lets the validator serve as long as it must before it may leave."""
    pass_epochs(chain, int(spec.config.SHARD_COMMITTEE_PERIOD))
    index = place(chain)
    assert index is not None
    return index


def root(chain: BeaconChain) -> bytes:
    return bytes(chain.state.genesis_validators_root)


def refused(chain: BeaconChain, signed: object) -> str:
    with pytest.raises(Refused) as caught:
        chain.submit(signed)
    assert caught.value.code == 400
    assert chain.pool == {}
    return caught.value.message


def test_signatures_are_really_checked():
    assert bls.bls_active
    assert not bls.Verify(pubkey(), b"\0" * 32, bls.Sign(SECRET, b"\1" * 32))


def test_a_deposit_becomes_a_validator(chain):
    index = place(chain)
    validator = chain.state.validators[index]
    assert (validator.effective_balance, chain.state.balances[index] >= 32 * ETHER) == (32 * ETHER, True)
    assert list(chain.state.pending_deposits) == []


def test_a_deposit_signed_for_another_network_does_not(chain):
    assert place(chain, SECRET + 1) is None


def test_a_bad_deposit_is_told_in_the_log(caplog):
    chain = BeaconChain.begin(0)
    chain.advance([signed_deposit(version=b"\x10\0\x09\x10")])
    with caplog.at_level(logging.INFO, "beacon"):
        pass_epochs(chain, 5)
    assert "deposit of 0x" + pubkey()[:6].hex() + "… is ignored: its signature is bad; the ether is lost" in caplog.messages


def test_a_second_deposit_cannot_change_where_the_ether_goes(chain):
    index = place(chain)
    before = bytes(chain.state.validators[index].withdrawal_credentials)
    other = signed_deposit()
    other.withdrawal_credentials = b"\x01" + bytes(11) + b"\x66" * 20
    chain.advance([other])
    pass_epochs(chain, 5)
    assert list(chain.state.pending_deposits) == []
    assert bytes(chain.state.validators[index].withdrawal_credentials) == before


def test_an_exit_bound_to_capella_is_accepted(chain):
    index = grow_old(chain)
    chain.submit(signed_exit(root(chain), index))
    assert list(chain.pool) == [index]
    chain.advance([])
    assert chain.pool == {}
    assert status(chain.state, index) == "active_exiting"
    seen = []
    while status(chain.state, index) != "withdrawal_done":
        chain.advance([])
        seen.append(status(chain.state, index))
        assert chain.epoch < 40
    # Withdrawable it may be for no whole slot.
    assert [one for one in dict.fromkeys(seen) if one != "withdrawal_possible"] == [
        "active_exiting", "exited_unslashed", "withdrawal_done",
    ]


def test_an_exit_bound_to_the_fork_in_force_is_refused(chain):
    index = grow_old(chain)
    version = bytes(chain.state.fork.current_version)
    assert version == bytes(spec.config.FULU_FORK_VERSION)
    assert "bls.Verify" in refused(chain, signed_exit(root(chain), index, version=version))


def test_an_exit_is_refused_with_the_rule_that_it_breaks(chain):
    index = place(chain)
    assert "SHARD_COMMITTEE_PERIOD" in refused(chain, signed_exit(root(chain), index))
    assert "voluntary_exit.epoch" in refused(chain, signed_exit(root(chain), index, epoch=10_000))
    index = grow_old(chain)
    assert "bls.Verify" in refused(chain, signed_exit(root(chain), index, SECRET + 1))
    assert "bls.Verify" in refused(chain, signed_exit(b"\x77" * 32, index))
    assert "no validator 99" in refused(chain, signed_exit(root(chain), 99))


def test_an_exit_that_waits_is_kept_once(chain):
    signed = signed_exit(root(chain), 0, founder_secret(0))
    chain.submit(signed)
    chain.submit(signed)
    assert len(chain.pool) == 1


def test_the_withdrawal_address_can_end_the_service(chain):
    index = grow_old(chain)
    chain.advance([full_exit(source=b"\x55" * 20)])
    assert status(chain.state, index) == "active_ongoing"
    chain.advance([full_exit()])
    assert status(chain.state, index) == "active_exiting"


def test_the_withdrawal_address_is_not_heard_too_early(chain, caplog):
    with caplog.at_level(logging.INFO, "beacon"):
        chain.advance([full_exit()])
    assert status(chain.state, place(chain)) == "active_ongoing"
    assert any("is ignored" in message for message in caplog.messages)


def test_the_final_state_comes_behind_the_head(chain):
    pass_epochs(chain, 4)
    assert 0 < int(chain.final.slot) < int(chain.state.slot)
    assert int(chain.final.slot) % int(spec.SLOTS_PER_EPOCH) == 0
    assert chain.final.genesis_validators_root == chain.state.genesis_validators_root
