# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title The beacon chain's deposit contract, for chains that have no other
@notice Interface, event, words of refusal and tree are the real one's; the code is our own, written from the consensus
        specifications. Never for a real network, where the contract exists.
"""

event DepositEvent:
    pubkey: Bytes[48]
    withdrawal_credentials: Bytes[32]
    amount: Bytes[8]            # Gwei, least significant byte first
    signature: Bytes[96]
    index: Bytes[8]

DEPTH: constant(uint256) = 32
LEAST_VALUE: constant(uint256) = 10 ** 18
WEI_PER_GWEI: constant(uint256) = 10 ** 9

branch: bytes32[DEPTH]          # the left siblings that the next leaves are hashed with
depositCount: uint256


@internal
@pure
def _littleEndian(number: uint256) -> Bytes[8]:
    reversed: uint256 = 0
    rest: uint256 = number
    for i: uint256 in range(8):
        reversed = (reversed << 8) | (rest & 255)
        rest = rest >> 8
    return slice(convert(reversed, bytes32), 24, 8)


@internal
@pure
def _chunk(number: Bytes[8]) -> bytes32:
    return convert(concat(number, x"000000000000000000000000000000000000000000000000"), bytes32)


@external
@view
def get_deposit_root() -> bytes32:
    """
    @return hash_tree_root of the list of all deposits
    """
    node: bytes32 = empty(bytes32)
    zero: bytes32 = empty(bytes32)      # the root of a tree of this height without deposits
    size: uint256 = self.depositCount
    for height: uint256 in range(DEPTH):
        if size & 1 == 1:
            node = sha256(concat(self.branch[height], node))
        else:
            node = sha256(concat(node, zero))
        zero = sha256(concat(zero, zero))
        size = size >> 1
    return sha256(concat(node, self._chunk(self._littleEndian(self.depositCount))))


@external
@view
def get_deposit_count() -> Bytes[8]:
    return self._littleEndian(self.depositCount)


@external
@pure
def supportsInterface(interfaceId: bytes4) -> bool:
    """
    @notice EIP-165.
    """
    return interfaceId == 0x01ffc9a7 or interfaceId == 0x85640907


@external
@payable
def deposit(pubkey: Bytes[48], withdrawal_credentials: Bytes[32], signature: Bytes[96], deposit_data_root: bytes32):
    """
    @notice Bring a validator into being, or add to its balance. The signature is not looked at.
    @param deposit_data_root hash_tree_root of the DepositData, as a guard against mangled arguments
    """
    assert len(pubkey) == 48, "DepositContract: invalid pubkey length"
    assert len(withdrawal_credentials) == 32, "DepositContract: invalid withdrawal_credentials length"
    assert len(signature) == 96, "DepositContract: invalid signature length"
    assert msg.value >= LEAST_VALUE, "DepositContract: deposit value too low"
    assert msg.value % WEI_PER_GWEI == 0, "DepositContract: deposit value not multiple of gwei"
    assert msg.value // WEI_PER_GWEI <= convert(max_value(uint64), uint256), "DepositContract: deposit value too high"
    amount: Bytes[8] = self._littleEndian(msg.value // WEI_PER_GWEI)
    count: uint256 = self.depositCount
    log DepositEvent(
        pubkey=pubkey, withdrawal_credentials=withdrawal_credentials, amount=amount, signature=signature,
        index=self._littleEndian(count))
    keyRoot: bytes32 = sha256(concat(pubkey, x"00000000000000000000000000000000"))
    signatureRoot: bytes32 = sha256(concat(
        sha256(slice(signature, 0, 64)), sha256(concat(slice(signature, 64, 32), empty(bytes32)))))
    node: bytes32 = sha256(concat(
        sha256(concat(keyRoot, withdrawal_credentials)), sha256(concat(self._chunk(amount), signatureRoot))))
    assert node == deposit_data_root, "DepositContract: reconstructed DepositData does not match supplied deposit_data_root"
    assert count < 2 ** DEPTH - 1, "DepositContract: merkle tree full"
    count += 1
    self.depositCount = count
    for height: uint256 in range(DEPTH):
        if count & 1 == 1:
            self.branch[height] = node
            return
        node = sha256(concat(self.branch[height], node))
        count = count >> 1
