# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title What the committee that is active in an OracleRegistry has signed
"""
import GroupSignature

struct Committee:
    epoch: uint64
    groupKeyX: uint256
    parity: uint8
    threshold: uint16
    size: uint16
    membersHash: bytes32
    transcript: bytes32
    blockNumber: uint64

interface OracleRegistry:
    def committee() -> Committee: view


@internal
@view
def _check(registry: address, epoch: uint64, digest: bytes32, signature: GroupSignature.Signature):
    """
    @notice Refuse what the active committee has not signed.
    """
    committee: Committee = staticcall OracleRegistry(registry).committee()
    assert epoch != 0 and epoch == committee.epoch, "WRONG_EPOCH"
    assert GroupSignature._verify(
        committee.groupKeyX, convert(committee.parity, uint256), digest, signature), "BAD_SIGNATURE"
