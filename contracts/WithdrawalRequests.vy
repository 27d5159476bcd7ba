# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title Withdrawal requests (EIP-7002), for chains that have no such system contract
@notice What it takes, what it costs and what it hands to the beacon chain are as the EIP says; the code is our own, and
        its storage is laid out otherwise. Never for a real network.
@dev There is no function: no data asks for the fee, 56 bytes are a request, and the system's own call at the end of a
     block takes the requests out. Until the first of those there is no fee.
"""

struct Request:
    source: address
    head: bytes32       # the first 32 bytes of the public key
    tail: bytes32       # its other 16, the amount in 8 bytes most significant first, 8 of zero

SYSTEM: constant(address) = 0xffffFFFfFFffffffffffffffFfFFFfffFFFfFFfE
MAX_PER_BLOCK: constant(uint256) = 16
TARGET_PER_BLOCK: constant(uint256) = 2
FRACTION: constant(uint256) = 17
RECORD: constant(uint256) = 76          # address 20, public key 48, amount 8

isOpen: bool                            # set by the first system call
excess: uint256                         # requests above the target so far, from which the fee follows
count: uint256                          # of this block
head: uint256
tail: uint256
queue: HashMap[uint256, Request]


@internal
@view
def _fee() -> uint256:
    """
    @notice fake_exponential(1, excess, 17) of the EIP: about e^(excess / 17) wei.
    """
    assert self.isOpen
    excess: uint256 = self.excess
    output: uint256 = 0
    term: uint256 = FRACTION
    for i: uint256 in range(1, 10000):
        if term == 0:
            break
        output += term
        term = (term * excess) // (FRACTION * i)
    return output // FRACTION


@internal
@pure
def _reversed(tail: bytes32) -> bytes8:
    """
    @notice The amount, least significant byte first.
    """
    rest: uint256 = (convert(tail, uint256) >> 64) & (2 ** 64 - 1)
    reversed: uint256 = 0
    for i: uint256 in range(8):
        reversed = (reversed << 8) | (rest & 255)
        rest = rest >> 8
    return convert(convert(reversed, uint64), bytes8)


@internal
def _takeOut() -> Bytes[MAX_PER_BLOCK * RECORD]:
    """
    @notice The oldest requests, at most 16; and the fee of the next block.
    """
    # Records are pushed in at the right end of a buffer of the greatest length.
    output: Bytes[MAX_PER_BLOCK * RECORD] = abi_encode(empty(uint256[38]))
    first: uint256 = self.head
    number: uint256 = min(self.tail - first, MAX_PER_BLOCK)
    for i: uint256 in range(number, bound=MAX_PER_BLOCK):
        request: Request = self.queue[first + i]
        output = slice(
            concat(
                output, convert(request.source, bytes20), request.head, slice(request.tail, 0, 16),
                self._reversed(request.tail)),
            RECORD, MAX_PER_BLOCK * RECORD)
    if first + number == self.tail:
        self.head = 0
        self.tail = 0
    else:
        self.head = first + number
    total: uint256 = self.excess + self.count
    self.excess = total - TARGET_PER_BLOCK if total > TARGET_PER_BLOCK else 0
    self.count = 0
    self.isOpen = True
    return slice(output, MAX_PER_BLOCK * RECORD - RECORD * number, RECORD * number)


@external
@payable
@raw_return
def __default__() -> Bytes[MAX_PER_BLOCK * RECORD]:
    if msg.sender == SYSTEM:
        return self._takeOut()
    fee: uint256 = self._fee()
    if len(msg.data) == 0:
        assert msg.value == 0
        return abi_encode(fee)
    assert len(msg.data) == 56
    assert msg.value >= fee
    request: Bytes[56] = slice(msg.data, 0, 56)
    self.queue[self.tail] = Request(
        source=msg.sender,
        head=extract32(request, 0),
        tail=convert(concat(slice(request, 32, 24), x"0000000000000000"), bytes32))
    self.tail += 1
    self.count += 1
    raw_log([], concat(convert(msg.sender, bytes20), request))
    return b""
