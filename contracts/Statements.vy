# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title The EIP-712 statements that groups and members sign
@notice Every statement carries the epoch, since a reshared group keeps its key, and holds for one contract on one
        chain only.
"""

DOMAIN_TYPE: constant(bytes32) = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
ELECTION_TYPE: constant(bytes32) = keccak256("Election(uint64 epoch,uint64 viewNumber,address leader)")
GROUP_KEY_TYPE: constant(bytes32) = keccak256("GroupKey(uint64 epoch,uint256 groupKeyX,uint8 parity,uint16 threshold,uint16 size,bytes32 membersHash,bytes32 transcript)")
PROOF_ANCHOR_TYPE: constant(bytes32) = keccak256("ProofAnchor(uint64 epoch,uint64 number,bytes32 root)")
VETO_TYPE: constant(bytes32) = keccak256("Veto(uint64 epoch,bytes32 membersHash)")

DEPLOYED_CHAIN_ID: immutable(uint256)
DEPLOYED_DOMAIN: immutable(bytes32)


@deploy
def __init__():
    DEPLOYED_CHAIN_ID = chain.id
    DEPLOYED_DOMAIN = self._makeDomain()


@internal
@view
def _makeDomain() -> bytes32:
    return keccak256(abi_encode(DOMAIN_TYPE, keccak256("OracleRegistry"), keccak256("1"), chain.id, self))


@internal
@view
def _domain() -> bytes32:
    # After a split of the chain a signature must hold on one branch only.
    if chain.id == DEPLOYED_CHAIN_ID:
        return DEPLOYED_DOMAIN
    return self._makeDomain()


@internal
@view
def _digest(structHash: bytes32) -> bytes32:
    return keccak256(concat(x"1901", self._domain(), structHash))


@internal
@view
def _election(epoch: uint64, viewNumber: uint64, leader: address) -> bytes32:
    return self._digest(keccak256(abi_encode(ELECTION_TYPE, epoch, viewNumber, leader)))


@internal
@view
def _groupKey(
    epoch: uint64, groupKeyX: uint256, parity: uint8, threshold: uint16, size: uint16, membersHash: bytes32,
    transcript: bytes32
) -> bytes32:
    return self._digest(keccak256(abi_encode(
        GROUP_KEY_TYPE, epoch, groupKeyX, parity, threshold, size, membersHash, transcript)))


@internal
@view
def _proofAnchor(epoch: uint64, number: uint64, root: bytes32) -> bytes32:
    return self._digest(keccak256(abi_encode(PROOF_ANCHOR_TYPE, epoch, number, root)))


@internal
@view
def _veto(epoch: uint64, membersHash: bytes32) -> bytes32:
    return self._digest(keccak256(abi_encode(VETO_TYPE, epoch, membersHash)))


@external
@view
def domainSeparator() -> bytes32:
    return self._domain()


@external
@view
def electionDigest(epoch: uint64, viewNumber: uint64, leader: address) -> bytes32:
    return self._election(epoch, viewNumber, leader)


@external
@view
def groupKeyDigest(
    epoch: uint64, groupKeyX: uint256, parity: uint8, threshold: uint16, size: uint16, membersHash: bytes32,
    transcript: bytes32
) -> bytes32:
    return self._groupKey(epoch, groupKeyX, parity, threshold, size, membersHash, transcript)


@external
@view
def proofAnchorDigest(epoch: uint64, number: uint64, root: bytes32) -> bytes32:
    return self._proofAnchor(epoch, number, root)


@external
@view
def vetoDigest(epoch: uint64, membersHash: bytes32) -> bytes32:
    return self._veto(epoch, membersHash)
