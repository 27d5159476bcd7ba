"""Deployment, the governor's role, and the domain of the statements."""

import pytest
import rlp
from eth_abi import encode
from eth_utils import keccak, to_canonical_address, to_checksum_address
from vyper import compile_code

from devchain.accounts import dev_key
from devchain.config import GenesisAccount

from registry import ARTEFACT, DELAY, Registry, Reverted, cards, group, members_hash, people

ZERO_ADDRESS = "0x" + "00" * 20
REPEATER = """
@external
def repeat(target: address, data: Bytes[8192], count: uint256):
    for i: uint256 in range(count, bound=8):
        raw_call(target, data)
"""


def refused(registry: Registry, reason: str, function: str, *arguments, key=None) -> None:
    with pytest.raises(Reverted) as caught:
        registry.transact(function, *arguments, key=key)
    assert caught.value.reason == reason


def account(index: int) -> str:
    return dev_key(index).public_key.to_checksum_address()


def test_the_deployment_names_the_governor(registry):
    assert registry.view("governor") == account(0).lower()
    assert registry.view("pendingGovernor") == ZERO_ADDRESS
    assert registry.view("emergencyDelay") == DELAY


@pytest.mark.parametrize("delay", [0, 365 * 86400 + 1, 2**64 - 1])
def test_a_delay_of_nothing_or_of_more_than_a_year_is_refused(delay):
    with pytest.raises(Reverted, match="deployment"):
        Registry(delay=delay)


@pytest.mark.parametrize("delay", [1, 365 * 86400])
def test_a_delay_of_up_to_a_year_is_accepted(delay):
    assert Registry(delay=delay).view("emergencyDelay") == delay


def test_a_registry_without_a_governor_is_refused(registry):
    creation = bytes.fromhex(ARTEFACT["bytecode"][2:]) + encode(["address", "uint64"], [ZERO_ADDRESS, 5])
    receipt, _ = registry._mine(dev_key(3), b"", creation)
    assert receipt.state_root == b""


def test_the_role_passes_in_two_steps(registry):
    offered = registry.transact("transferGovernor", account(5), key=dev_key(0))
    assert {k: offered[k] for k in ("event", "current", "pending")} == {
        "event": "GovernorTransferStarted",
        "current": account(0).lower(),
        "pending": account(5).lower(),
    }
    assert registry.view("governor") == account(0).lower()
    refused(registry, "NOT_GOVERNOR", "proposeCommittee", cards(people(4)), key=dev_key(5))
    taken = registry.transact("acceptGovernor", key=dev_key(5))
    assert {k: taken[k] for k in ("event", "previous", "current")} == {
        "event": "GovernorTransferred",
        "previous": account(0).lower(),
        "current": account(5).lower(),
    }
    assert (registry.view("governor"), registry.view("pendingGovernor")) == (account(5).lower(), ZERO_ADDRESS)
    refused(registry, "NOT_GOVERNOR", "proposeCommittee", cards(people(4)), key=dev_key(0))
    registry.transact("proposeCommittee", cards(people(4)), key=dev_key(5))
    refused(registry, "NOT_PENDING", "acceptGovernor", key=dev_key(5))


def test_only_the_governor_offers_and_only_the_invited_accepts(registry):
    refused(registry, "NOT_GOVERNOR", "transferGovernor", account(5), key=dev_key(5))
    refused(registry, "NOT_PENDING", "acceptGovernor", key=dev_key(5))
    registry.transact("transferGovernor", account(5), key=dev_key(0))
    refused(registry, "NOT_PENDING", "acceptGovernor", key=dev_key(6))
    refused(registry, "NOT_PENDING", "acceptGovernor", key=dev_key(0))


def test_while_no_offer_stands_the_zero_address_is_not_invited(registry):
    with pytest.raises(Reverted, match="NOT_PENDING"):
        registry.raw_call(registry.data("acceptGovernor"), sender=bytes(20))


def test_an_offer_may_be_withdrawn(registry):
    registry.transact("transferGovernor", account(5), key=dev_key(0))
    registry.transact("transferGovernor", ZERO_ADDRESS, key=dev_key(0))
    refused(registry, "NOT_PENDING", "acceptGovernor", key=dev_key(5))


def test_a_governor_contract_may_propose_twice_in_one_transaction(registry):
    """The marks that find duplicates last as long as the transaction; the second list must not meet the first's."""
    receipt, _ = registry._mine(dev_key(2), b"", bytes.fromhex(compile_code(REPEATER)["bytecode"][2:]))
    assert receipt.state_root == b"\x01"
    repeater = keccak(rlp.encode([dev_key(2).public_key.to_canonical_address(), b""]))[12:]
    registry.transact("transferGovernor", to_checksum_address(repeater), key=dev_key(0))

    def repeat(data: bytes, count: int) -> int:
        call = keccak(text="repeat(address,bytes,uint256)")[:4] + encode(
            ["address", "bytes", "uint256"], [registry.address, data, count]
        )
        return registry._mine(dev_key(2), repeater, call)[0].state_root

    assert repeat(registry.data("acceptGovernor"), 1) == b"\x01"
    proposal = registry.data("proposeCommittee", cards(people(4)))
    assert repeat(proposal, 3) == b"\x01"
    assert registry.view("pending")[3] == members_hash(cards(people(4)))
    twice = registry.data("proposeCommittee", cards([*people(4), people(4)[0]]))
    assert repeat(twice, 1) == b""


# The domain


def test_the_digests_are_eip_712(registry):
    members = cards(people(7))
    key = group(7, "seven")
    assert registry.view("electionDigest", 3, 2**47, account(4)) == registry.election_digest(3, 2**47, account(4))
    assert registry.view(
        "groupKeyDigest", 9, key.x, key.parity, 5, 7, members_hash(members), keccak(b"transcript")
    ) == registry.key_digest(9, key, members)
    assert registry.view("vetoDigest", 9, members_hash(members)) == registry.digest(
        "Veto", epoch=9, membersHash=members_hash(members)
    )


def test_the_domain_binds_name_version_chain_and_contract(registry):
    kind = keccak(text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
    assert registry.view("domainSeparator") == keccak(
        encode(
            ["bytes32", "bytes32", "bytes32", "uint256", "address"],
            [kind, keccak(text="OracleRegistry"), keccak(text="1"), 31337, registry.address],
        )
    )


def test_after_a_split_of_the_chain_each_branch_has_its_own_domain(active):
    """The contract with its code and storage wakes up under another chain id, as after a hard fork."""
    registry, members, key = active
    state = registry.chain.evm.state_after(registry.chain.head)
    address = to_canonical_address(registry.address)
    slots = tuple((slot, state.get_storage(address, slot)) for slot in range(32) if state.get_storage(address, slot))
    code = state.get_code(address)
    branch = Registry.of_genesis(777, registry.address, GenesisAccount(nonce=1, code=code, storage=slots))
    assert branch.view("committee") == registry.view("committee")
    assert branch.view("domainSeparator") != registry.view("domainSeparator")
    old = registry.election(1, 1, members[0].account, key)
    refused(branch, "BAD_SIGNATURE", "elect", *old)
    branch.transact("elect", *branch.election(1, 1, members[0].account, key))
    registry.transact("elect", *old)
