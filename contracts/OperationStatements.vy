# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title The EIP-712 statements about validators that the committee's group key signs
@notice Every statement carries the epoch, since a reshared group keeps its key, and the id of the request it answers,
        and holds for one contract on one chain only.
"""

DOMAIN_TYPE: constant(bytes32) = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
CREATION_TYPE: constant(bytes32) = keccak256("ValidatorCreation(uint64 epoch,bytes32 requestId,uint16 index,bytes publicKey,uint64[] operatorIds,uint16 threshold,bytes32 transcript,bytes32 depositDataRoot)")
RESHARE_TYPE: constant(bytes32) = keccak256("ValidatorReshare(uint64 epoch,bytes32 requestId,bytes publicKey,uint64[] operatorIds,uint16 threshold,bytes32 transcript)")
SIGNED_EXIT_TYPE: constant(bytes32) = keccak256("SignedExit(uint64 epoch,bytes32 requestId,bytes publicKey,uint64 exitEpoch,uint64 validatorIndex,bytes exitSignature)")
TRIGGERED_EXIT_TYPE: constant(bytes32) = keccak256("TriggeredExit(uint64 epoch,bytes32 requestId,bytes publicKey,uint64 amount,uint64 feeCap)")
EXIT_CALL_TYPE: constant(bytes32) = keccak256("ExitCall(uint64 epoch,bytes32 requestId,bytes publicKey,bytes call)")
FAILURE_TYPE: constant(bytes32) = keccak256("RequestFailure(uint64 epoch,bytes32 requestId,uint8 reason,uint64[] blamedIds)")

MAX_OPERATORS: constant(uint256) = 13

DEPLOYED_CHAIN_ID: immutable(uint256)
DEPLOYED_DOMAIN: immutable(bytes32)


@deploy
def __init__():
    DEPLOYED_CHAIN_ID = chain.id
    DEPLOYED_DOMAIN = self._makeDomain()


@internal
@view
def _makeDomain() -> bytes32:
    return keccak256(abi_encode(DOMAIN_TYPE, keccak256("ValidatorOperations"), keccak256("1"), chain.id, self))


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
@pure
def _idsHash(ids: DynArray[uint64, MAX_OPERATORS]) -> bytes32:
    """
    @notice EIP-712's encoding of a `uint64[]`: Keccak-256 of the elements as words, without their count.
    """
    return keccak256(slice(abi_encode(ids), 64, 32 * len(ids)))


@internal
@view
def _creation(
    epoch: uint64, requestId: bytes32, index: uint16, publicKey: Bytes[48], idsHash: bytes32, threshold: uint16,
    transcript: bytes32, depositDataRoot: bytes32
) -> bytes32:
    return self._digest(keccak256(abi_encode(
        CREATION_TYPE, epoch, requestId, index, keccak256(publicKey), idsHash, threshold, transcript, depositDataRoot)))


@internal
@view
def _reshare(
    epoch: uint64, requestId: bytes32, publicKey: Bytes[48], idsHash: bytes32, threshold: uint16, transcript: bytes32
) -> bytes32:
    return self._digest(keccak256(abi_encode(
        RESHARE_TYPE, epoch, requestId, keccak256(publicKey), idsHash, threshold, transcript)))


@internal
@view
def _signedExit(
    epoch: uint64, requestId: bytes32, publicKey: Bytes[48], exitEpoch: uint64, validatorIndex: uint64,
    exitSignature: Bytes[96]
) -> bytes32:
    return self._digest(keccak256(abi_encode(
        SIGNED_EXIT_TYPE, epoch, requestId, keccak256(publicKey), exitEpoch, validatorIndex, keccak256(exitSignature))))


@internal
@view
def _triggeredExit(epoch: uint64, requestId: bytes32, publicKey: Bytes[48], feeCap: uint64) -> bytes32:
    # Amount 0 asks for the whole exit, and nothing else is ever asked for.
    return self._digest(keccak256(abi_encode(
        TRIGGERED_EXIT_TYPE, epoch, requestId, keccak256(publicKey), convert(0, uint64), feeCap)))


@internal
@view
def _exitCall(epoch: uint64, requestId: bytes32, publicKey: Bytes[48], call: Bytes[612]) -> bytes32:
    return self._digest(keccak256(abi_encode(
        EXIT_CALL_TYPE, epoch, requestId, keccak256(publicKey), keccak256(call))))


@internal
@view
def _failure(epoch: uint64, requestId: bytes32, reason: uint8, idsHash: bytes32) -> bytes32:
    return self._digest(keccak256(abi_encode(FAILURE_TYPE, epoch, requestId, reason, idsHash)))


@external
@view
def domainSeparator() -> bytes32:
    return self._domain()
