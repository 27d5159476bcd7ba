"""The development chain's EIP-7002 contract, against the EIP's own formulas."""

from hashlib import sha256

import pytest
from eth.vm.forks.prague.constants import WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS
from eth_utils import to_canonical_address, to_checksum_address

from devchain.client import sign_transaction

from deployed import Deployed
from frost import Randomness
from referee import judge
from registry import Registry, Reverted


def fake_exponential(factor: int, numerator: int, denominator: int) -> int:
    """As in the EIP."""
    i, output, accumulator = 1, 0, factor * denominator
    while accumulator > 0:
        output += accumulator
        accumulator = (accumulator * numerator) // (denominator * i)
        i += 1
    return output // denominator


class Model:
    """The contract in the EIP's words."""

    def __init__(self) -> None:
        self.excess, self.queue = 0, []

    @property
    def fee(self) -> int:
        return fake_exponential(1, self.excess, 17)

    def end_block(self, made: list[bytes]) -> bytes:
        """The requests that the block hands to the beacon chain."""
        self.queue += made
        self.excess = max(0, self.excess + len(made) - 2)
        out, self.queue = self.queue[:16], self.queue[16:]
        return b"".join(out)


@pytest.fixture
def requests() -> Deployed:
    registry = Registry()
    return Deployed(registry, "WithdrawalRequests", to_checksum_address(WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS))


def fee(requests: Deployed) -> int:
    return int.from_bytes(requests.raw_call(b""), "big")


def mine(requests: Deployed, calls: list[tuple[bytes, int]]):
    """A block with these requests, each with its payment."""
    registry = requests.registry
    sender = registry.anybody.public_key.to_canonical_address()
    nonce = registry.chain.evm.state_after(registry.chain.head).get_nonce(sender)
    for place, (data, value) in enumerate(calls):
        signed = sign_transaction(
            registry.anybody,
            chain_id=registry.chain_id,
            nonce=nonce + place,
            tip=1,
            max_fee=2 * registry.chain.evm.next_base_fee(registry.chain.head),
            gas=300_000,
            to=WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS,
            value=value,
            data=data,
        )
        registry.chain.submit(signed.raw)
    block = registry.chain.mine()
    assert len(block.receipts) == len(calls)
    return block


def requests_hash(data: bytes) -> bytes:
    return sha256(sha256(b"\1" + data).digest() if data else b"").digest()


def test_requests_fees_and_what_the_beacon_chain_gets_are_the_eips(requests):
    model, random = Model(), Randomness("withdrawals")
    source = requests.registry.anybody.public_key.to_canonical_address()
    for count in (1, 0, 2, 3, 16, 17, 40, 0, 0, 5, 33, 0, 0, 0, 1):
        assert fee(requests) == model.fee
        calls = [(random.take(56), model.fee + extra % 3) for extra in range(count)]
        block = mine(requests, calls)
        assert all(receipt.state_root == b"\x01" for receipt in block.receipts)
        assert [log.data for log in block.logs] == [source + data for data, _ in calls]
        assert all(log.topics == () for log in block.logs)
        # The amount turns round on its way to the beacon chain.
        expected = model.end_block([source + data[:48] + data[48:][::-1] for data, _ in calls])
        assert block.header.requests_hash == requests_hash(expected)
    assert model.excess > 50
    # The executable specification takes the same out of the same blocks.
    assert judge(requests.chain) > 100


def test_what_is_no_request_is_refused(requests):
    requests.chain.mine()
    for data in (b"\1", b"\1" * 55, b"\1" * 57, b"\1" * 96):
        with pytest.raises(Reverted):
            requests.raw_call(data, value=10)
    with pytest.raises(Reverted):
        requests.raw_call(b"\1" * 56, value=fee(requests) - 1)
    with pytest.raises(Reverted):
        requests.raw_call(b"", value=1)
    assert requests.raw_call(b"\1" * 56, value=fee(requests)) == b""


def test_before_the_first_block_has_ended_there_is_no_fee():
    """As in the real one: nothing is taken before the system has called."""
    registry = Registry.__new__(Registry)
    registry._open(31337, {})
    requests = Deployed(registry, "WithdrawalRequests", to_checksum_address(WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS))
    with pytest.raises(Reverted):
        requests.raw_call(b"")
    registry.chain.mine()
    assert fee(requests) == 1
    assert to_canonical_address(requests.address) == WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS
