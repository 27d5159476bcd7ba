# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title What the beacon chain's two system contracts take: deposits and withdrawal requests (EIP-7002)
"""

interface DepositContract:
    def deposit(pubkey: Bytes[48], withdrawal_credentials: Bytes[32], signature: Bytes[96], deposit_data_root: bytes32): payable

WITHDRAWAL_REQUESTS: constant(address) = 0x00000961Ef480Eb55e80D19ad83579A64c007002
WEI_PER_GWEI: constant(uint256) = 10 ** 9

depositContract: public(immutable(address))


@deploy
def __init__(depositContract_: address):
    assert depositContract_ != empty(address), "BAD_PARAMS"
    depositContract = depositContract_


@internal
@pure
def _littleEndian(number: uint64) -> bytes32:
    """
    @notice The 8 bytes of a number, least significant first, then zeros: an SSZ chunk.
    """
    reversed: uint256 = 0
    rest: uint256 = convert(number, uint256)
    for i: uint256 in range(8):
        reversed = (reversed << 8) | (rest & 255)
        rest = rest >> 8
    return convert(reversed << 192, bytes32)


@internal
@pure
def _credentials(withdrawal: address, compounding: bool) -> bytes32:
    """
    @notice Withdrawal credentials that name an address (prefix 0x01, or 0x02 of EIP-7251).
    """
    prefix: uint256 = 2 if compounding else 1
    return convert((prefix << 248) | convert(withdrawal, uint256), bytes32)


@internal
@pure
def _root(publicKey: Bytes[48], credentials: bytes32, amount: uint64, signature: Bytes[96]) -> bytes32:
    """
    @notice hash_tree_root(DepositData), which the deposit contract compares with its own.
    """
    keyRoot: bytes32 = sha256(concat(publicKey, x"00000000000000000000000000000000"))
    signatureRoot: bytes32 = sha256(concat(
        sha256(slice(signature, 0, 64)), sha256(concat(slice(signature, 64, 32), empty(bytes32)))))
    return sha256(concat(
        sha256(concat(keyRoot, credentials)), sha256(concat(self._littleEndian(amount), signatureRoot))))


@internal
def _deposit(publicKey: Bytes[48], credentials: bytes32, amount: uint64, signature: Bytes[96], root: bytes32):
    value: uint256 = convert(amount, uint256) * WEI_PER_GWEI
    assert self.balance >= value, "NO_ETHER"
    extcall DepositContract(depositContract).deposit(
        publicKey, concat(credentials, b""), signature, root, value=value)


@internal
@view
def _exitFee() -> uint256:
    """
    @notice What a withdrawal request costs now, in wei.
    """
    success: bool = False
    answer: Bytes[64] = b""
    success, answer = raw_call(
        WITHDRAWAL_REQUESTS, b"", max_outsize=64, is_static_call=True, revert_on_failure=False)
    # A chain without the contract answers a call with success and nothing.
    assert success and len(answer) == 32, "NO_EIP7002"
    return convert(extract32(answer, 0), uint256)


@internal
def _requestExit(publicKey: Bytes[48], feeCap: uint64) -> uint256:
    """
    @notice Ask the beacon chain to end a validator whose withdrawal address is this contract.
    @return The fee that was paid
    """
    fee: uint256 = self._exitFee()
    assert fee <= convert(feeCap, uint256), "FEE_TOO_HIGH"
    assert self.balance >= fee, "NO_ETHER"
    # What is asked for is 48 bytes of key and an amount, 0 for all of it.
    raw_call(WITHDRAWAL_REQUESTS, concat(publicKey, x"0000000000000000"), value=fee)
    return fee


@external
@view
def exitFee() -> uint256:
    return self._exitFee()
