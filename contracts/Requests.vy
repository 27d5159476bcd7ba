# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title What the governor asks the oracles and operators to do with validators' keys
@notice A request is known by its id, the hash of all that is asked, of this contract and of this chain. The contract
        keeps the id and what has become of it; who reports brings the request itself again.
"""
MAX_OPERATORS: constant(uint256) = 13
MIN_OPERATORS: constant(uint256) = 4
MAX_COUNT: constant(uint256) = 20
ETHER_IN_GWEI: constant(uint64) = 10 ** 9
LEAST_AMOUNT: constant(uint64) = 32 * ETHER_IN_GWEI
MOST_AMOUNT: constant(uint64) = 2048 * ETHER_IN_GWEI

KEYGEN_TYPE: constant(bytes32) = keccak256("Keygen(uint256 chainId,address contract,uint64 number,uint64[] operatorIds,uint8 size,uint16 count,address withdrawal,bool compounding,uint64 amount,address owner,uint64 ownerNonce)")
RESHARE_TYPE: constant(bytes32) = keccak256("Reshare(uint256 chainId,address contract,uint64 number,bytes publicKey,uint64[] oldOperatorIds,uint64[] operatorIds)")
EXIT_TYPE: constant(bytes32) = keccak256("Exit(uint256 chainId,address contract,uint64 number,bytes publicKey,uint64[] operatorIds,uint8 way,uint64 feeCap)")

struct Keygen:
    operatorIds: DynArray[uint64, MAX_OPERATORS]    # empty: chosen by the rule
    size: uint8                                     # how many operators, 4 to 13
    count: uint16                                   # how many validators, 1 to 20
    withdrawal: address
    compounding: bool                               # credentials of EIP-7251
    amount: uint64                                  # Gwei of each deposit
    owner: address                                  # of the validators in SSV
    ownerNonce: uint64                              # of the first validator; the others' follow

struct Reshare:
    publicKey: Bytes[48]
    oldOperatorIds: DynArray[uint64, MAX_OPERATORS]
    operatorIds: DynArray[uint64, MAX_OPERATORS]    # may be the old: the shares are refreshed

struct Exit:
    publicKey: Bytes[48]
    operatorIds: DynArray[uint64, MAX_OPERATORS]    # who hold the key
    way: uint8                                      # SIGNED, TRIGGERED or CALLED
    feeCap: uint64                                  # wei; 0 unless TRIGGERED

SIGNED: constant(uint8) = 1         # a voluntary exit that the operators sign
TRIGGERED: constant(uint8) = 2      # a withdrawal request (EIP-7002), where the withdrawal address is this contract
CALLED: constant(uint8) = 3         # the call of SSV's exitValidator, for the owner to make

# What has become of a request.
UNKNOWN: constant(uint8) = 0
OPEN: constant(uint8) = 1
DONE: constant(uint8) = 2
CANCELLED: constant(uint8) = 3
FAILED: constant(uint8) = 4

event KeygenRequested:
    requestId: indexed(bytes32)
    number: indexed(uint64)
    request: Keygen

event ReshareRequested:
    requestId: indexed(bytes32)
    number: indexed(uint64)
    request: Reshare

event ExitRequested:
    requestId: indexed(bytes32)
    number: indexed(uint64)
    request: Exit

event RequestCancelled:
    requestId: indexed(bytes32)

requestCount: public(uint64)
states: HashMap[bytes32, uint256]       # a bit for each index that is done | state 8, from the top


@internal
@view
def _keygenId(contract: address, number: uint64, request: Keygen, idsHash: bytes32) -> bytes32:
    return keccak256(abi_encode(
        KEYGEN_TYPE, chain.id, contract, number, idsHash, request.size, request.count, request.withdrawal,
        request.compounding, request.amount, request.owner, request.ownerNonce))


@internal
@view
def _reshareId(
    contract: address, number: uint64, keyHash: bytes32, oldHash: bytes32, newHash: bytes32
) -> bytes32:
    return keccak256(abi_encode(RESHARE_TYPE, chain.id, contract, number, keyHash, oldHash, newHash))


@internal
@view
def _exitId(
    contract: address, number: uint64, keyHash: bytes32, idsHash: bytes32, way: uint8, feeCap: uint64
) -> bytes32:
    return keccak256(abi_encode(EXIT_TYPE, chain.id, contract, number, keyHash, idsHash, way, feeCap))


@internal
@pure
def _checkKeygen(request: Keygen):
    """
    @notice Refuse what no ceremony or no beacon chain could do. Whether named operators may serve is not looked at.
    """
    named: uint256 = len(request.operatorIds)
    size: uint256 = convert(request.size, uint256)
    assert size >= MIN_OPERATORS and size <= MAX_OPERATORS, "BAD_SIZE"
    assert named == 0 or named == size, "BAD_SIZE"
    assert request.count != 0 and convert(request.count, uint256) <= MAX_COUNT, "BAD_COUNT"
    assert request.withdrawal != empty(address) and request.owner != empty(address), "BAD_ADDRESS"
    most: uint64 = MOST_AMOUNT if request.compounding else LEAST_AMOUNT
    assert request.amount >= LEAST_AMOUNT and request.amount <= most, "BAD_AMOUNT"
    assert request.ownerNonce <= max_value(uint64) - convert(request.count, uint64), "BAD_NONCE"


@internal
@pure
def _checkExit(way: uint8, feeCap: uint64):
    assert way >= SIGNED and way <= CALLED, "BAD_WAY"
    assert (feeCap != 0) == (way == TRIGGERED), "BAD_FEE_CAP"


@internal
def _nextNumber() -> uint64:
    number: uint64 = self.requestCount + 1
    self.requestCount = number
    return number


@internal
def _open(requestId: bytes32):
    self.states[requestId] = convert(OPEN, uint256)


@internal
@view
def _onlyOpen(requestId: bytes32) -> uint256:
    state: uint256 = self.states[requestId]
    assert state & 255 == convert(OPEN, uint256), "NOT_OPEN"
    return state >> 8


@internal
def _finish(requestId: bytes32, done: uint256, state: uint8):
    self.states[requestId] = (done << 8) | convert(state, uint256)


@external
@view
def requestState(requestId: bytes32) -> (uint8, uint256):
    """
    @return 0 unknown, 1 open, 2 done, 3 cancelled, 4 failed; and a bit for each index of a keygen that is done
    """
    state: uint256 = self.states[requestId]
    return convert(state & 255, uint8), state >> 8
