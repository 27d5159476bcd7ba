"""A little of everything, judged by the executable specification."""

import pytest
from ethereum.exceptions import EthereumException

from devchain.block import SealedBlock

from operations import ETHER, Exit, Keygen, Operations, Reshare, Validator
from referee import judge
from registry import DELAY, Registry, group, people


@pytest.fixture(scope="module")
def chain():
    size = 7
    registry = Registry()
    members, key = registry.begin(size)
    for view in (1, 2, 5):
        registry.transact("elect", *registry.election(1, view, members[view % size].account, key))
    stale = registry.data("elect", *registry.election(1, 5, members[0].account, key))
    registry._mine(registry.anybody, bytes.fromhex(registry.address[2:]), stale)
    forged = registry.data("elect", 1, 6, members[0].account, (1, 2, 3))
    registry._mine(registry.anybody, bytes.fromhex(registry.address[2:]), forged)
    members, key, _ = registry.hand_over(2, key, 4, "second")
    registry.transact("elect", *registry.election(2, 6, members[0].account, key))
    members, key, _ = registry.hand_over(3, key, 31, "third")
    rescue, rescue_key = people(4, "rescue"), group(4, "rescue")
    registry.propose(rescue, emergency=True)
    registry.pass_time(DELAY)
    registry.transact("registerGroupKey", *registry.registration(4, rescue_key, rescue))
    registry.transact("elect", *registry.election(4, 7, rescue[0].account, rescue_key))
    registry.chain.reorganise(3, keep=True)
    return registry.chain


def test_every_block_is_a_valid_prague_block(chain):
    assert judge(chain) == 16


def test_the_next_fork_would_execute_them_alike(chain):
    assert judge(chain, "osaka") == 16


def test_a_block_that_claims_another_gas_is_refused(chain):
    """The judge can tell."""
    head = chain.head
    lie = head.block.copy(header=head.header.copy(gas_used=head.header.gas_used + 1))
    chain.blocks[chain.canonical[-1]] = SealedBlock(lie, head.receipts)
    try:
        with pytest.raises(EthereumException):
            judge(chain)
    finally:
        chain.blocks[chain.canonical[-1]] = head


def test_operations_on_validators_are_valid_blocks_too():
    """Deposits and withdrawal requests leave the execution layer by the block's requests."""
    operations = Operations.begin(ether=65)
    asked = Keygen(count=2, withdrawal=operations.address)
    number, _ = operations.ask(asked)
    for index, name in enumerate(("one", "two")):
        operations.transact("reportKeygen", *operations.keygen_report(number, asked, Validator.of(name), index))
    key, holders = Validator.of("one").public_key, (2, 5, 11, 2**63)
    reshare = Reshare(key, holders, (5, 11, 2**63, 2**64 - 1))
    number, _ = operations.ask(reshare)
    operations.transact("reportReshare", *operations.reshare_report(number, reshare))
    leaving = Exit(key, reshare.operator_ids, 2, 10)
    number, _ = operations.ask(leaving)
    operations.transact("triggerExit", *operations.triggered_exit_report(number, leaving))
    operations.govern("withdrawEther", operations.registry.address[:-1] + "0", ETHER // 2)
    assert judge(operations.chain) == judge(operations.chain, "osaka") == 18
