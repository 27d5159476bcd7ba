# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title A committee's list of members, and what makes one acceptable
"""

struct Member:
    account: address            # signs approvals and pays for transactions
    identity: bytes32           # Ed25519 public key on the peer-to-peer network
    encryptionKey: Bytes[33]    # compressed secp256k1 key that receives encrypted shares, fresh for every epoch
    endpoint: String[64]        # host:port

MIN_MEMBERS: constant(uint256) = 4
MAX_MEMBERS: constant(uint256) = 128

# Marks of the list under examination; a number of its own per list, since one transaction may propose twice.
listNumber: transient(uint256)
accountSeen: transient(HashMap[address, uint256])
identitySeen: transient(HashMap[bytes32, uint256])
keySeen: transient(HashMap[bytes32, uint256])


@internal
@pure
def _threshold(size: uint256) -> uint256:
    """
    @notice n - f where f is the greatest number with n >= 3f + 1: two sets of this size share an honest member.
    """
    return size - (size - 1) // 3


@internal
def _check(members: DynArray[Member, MAX_MEMBERS]):
    """
    @notice Refuse a list that is too short, has an incomplete member, or has one account, identity or key twice.
    @dev One encryption key under two members would open the other's share when one of them complains about his own.
         Whether keys are points of their curves is for the oracles to check before they deal shares to them.
    """
    assert len(members) >= MIN_MEMBERS, "BAD_PARAMS"
    number: uint256 = self.listNumber + 1
    self.listNumber = number
    for member: Member in members:
        assert member.account != empty(address) and member.identity != empty(bytes32), "BAD_MEMBER"
        assert len(member.endpoint) != 0 and len(member.encryptionKey) == 33, "BAD_MEMBER"
        # The prefixes 0x02 and 0x03 share their first seven bits.
        assert convert(extract32(member.encryptionKey, 0), uint256) >> 249 == 1, "BAD_MEMBER"
        key: bytes32 = keccak256(member.encryptionKey)
        assert self.accountSeen[member.account] != number, "DUPLICATE_MEMBER"
        assert self.identitySeen[member.identity] != number, "DUPLICATE_MEMBER"
        assert self.keySeen[key] != number, "DUPLICATE_MEMBER"
        self.accountSeen[member.account] = number
        self.identitySeen[member.identity] = number
        self.keySeen[key] = number
