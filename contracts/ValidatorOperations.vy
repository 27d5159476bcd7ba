# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title ValidatorOperations
@notice What a DAO asks to be done with its validators' keys, and what its committee of oracles has seen done: keys made
        and their deposits paid, keys shared anew, validators made to leave.
@dev The governor asks, the committee's group key answers, and the chain takes the first valid answer: an attempt that is
     repeated never makes a second key for one place of a request. The group key is the registry's at that moment.
"""
import CommitteeSignature
import Deposits
import Governance
import GroupSignature
import Operators
import OperationStatements
import Requests

initializes: Deposits
initializes: Governance
initializes: Operators[Governance := Governance]
initializes: OperationStatements
initializes: Requests

exports: (
    Deposits.__interface__,
    Governance.__interface__,
    Operators.__interface__,
    OperationStatements.__interface__,
    Requests.__interface__,
)

event ValidatorCreated:
    requestId: indexed(bytes32)
    index: indexed(uint16)              # from 0
    epoch: uint64
    publicKey: Bytes[48]
    withdrawalCredentials: bytes32
    amount: uint64                      # Gwei
    operatorIds: DynArray[uint64, MAX_OPERATORS]
    threshold: uint16
    transcript: bytes32                 # digest of the ceremony
    depositSignature: Bytes[96]
    depositDataRoot: bytes32
    signature: GroupSignature.Signature

event ValidatorReshared:
    requestId: indexed(bytes32)
    epoch: uint64
    publicKey: Bytes[48]
    operatorIds: DynArray[uint64, MAX_OPERATORS]
    threshold: uint16
    transcript: bytes32
    signature: GroupSignature.Signature

event ValidatorExitSigned:
    requestId: indexed(bytes32)
    epoch: uint64
    publicKey: Bytes[48]
    exitEpoch: uint64                   # the beacon chain's
    validatorIndex: uint64
    exitSignature: Bytes[96]
    signature: GroupSignature.Signature

event ValidatorExitTriggered:
    requestId: indexed(bytes32)
    epoch: uint64
    publicKey: Bytes[48]
    feeCap: uint64                      # wei
    fee: uint256
    signature: GroupSignature.Signature

event ValidatorExitCall:
    requestId: indexed(bytes32)
    epoch: uint64
    publicKey: Bytes[48]
    call: Bytes[612]
    signature: GroupSignature.Signature

event RequestFailed:
    requestId: indexed(bytes32)
    epoch: uint64
    reason: uint8
    blamedIds: DynArray[uint64, MAX_OPERATORS]
    signature: GroupSignature.Signature

event ValidatorClosed:
    publicKey: Bytes[48]
    operatorIds: DynArray[uint64, MAX_OPERATORS]

event EtherWithdrawn:
    to: indexed(address)
    amount: uint256

MAX_OPERATORS: constant(uint256) = 13
# In the place of a validator's operators, once it has left.
CLOSED: constant(bytes32) = 0x0000000000000000000000000000000000000000000000000000000000000001

registry: public(immutable(address))

holders: HashMap[bytes32, bytes32]      # Keccak-256 of the key -> hash of the operators that hold it, or CLOSED


@deploy
def __init__(governor: address, registry_: address, depositContract: address):
    """
    @param governor Account or contract that registers operators and makes requests
    @param registry_ The OracleRegistry whose committee answers
    @param depositContract The beacon chain's deposit contract
    """
    assert registry_ != empty(address), "BAD_PARAMS"
    registry = registry_
    Governance.__init__(governor)
    Deposits.__init__(depositContract)
    OperationStatements.__init__()


@external
@payable
def __default__():
    """
    @notice Take ether for deposits and fees; also what validators pay out whose withdrawal address is this contract.
    """
    assert len(msg.data) == 0


@internal
@view
def _checkSignature(epoch: uint64, digest: bytes32, signature: GroupSignature.Signature):
    CommitteeSignature._check(registry, epoch, digest, signature)


@internal
@view
def _checkHolders(publicKey: Bytes[48], operatorIds: DynArray[uint64, MAX_OPERATORS]) -> bytes32:
    """
    @notice The hash of the operators, once it is clear that they hold the key.
    """
    holders: bytes32 = self.holders[keccak256(publicKey)]
    assert holders != empty(bytes32), "UNKNOWN_KEY"
    assert holders != CLOSED, "CLOSED_KEY"
    assert holders == OperationStatements._idsHash(operatorIds), "WRONG_OPERATORS"
    return holders


# Requests

@external
def requestKeygen(request: Requests.Keygen) -> bytes32:
    """
    @notice Ask for new validators.
    @return The request's id
    """
    Governance._onlyGovernor()
    Requests._checkKeygen(request)
    if len(request.operatorIds) != 0:
        Operators._checkGroup(request.operatorIds)
    number: uint64 = Requests._nextNumber()
    id: bytes32 = Requests._keygenId(self, number, request, OperationStatements._idsHash(request.operatorIds))
    Requests._open(id)
    log Requests.KeygenRequested(requestId=id, number=number, request=request)
    return id


@external
def requestReshare(request: Requests.Reshare) -> bytes32:
    """
    @notice Ask that a key be shared anew, to other operators or to the same.
    @return The request's id
    """
    Governance._onlyGovernor()
    oldHash: bytes32 = self._checkHolders(request.publicKey, request.oldOperatorIds)
    Operators._checkGroup(request.operatorIds)
    number: uint64 = Requests._nextNumber()
    id: bytes32 = Requests._reshareId(
        self, number, keccak256(request.publicKey), oldHash, OperationStatements._idsHash(request.operatorIds))
    Requests._open(id)
    log Requests.ReshareRequested(requestId=id, number=number, request=request)
    return id


@external
def requestExit(request: Requests.Exit) -> bytes32:
    """
    @notice Ask that a validator leave.
    @return The request's id
    """
    Governance._onlyGovernor()
    Requests._checkExit(request.way, request.feeCap)
    idsHash: bytes32 = self._checkHolders(request.publicKey, request.operatorIds)
    number: uint64 = Requests._nextNumber()
    id: bytes32 = Requests._exitId(self, number, keccak256(request.publicKey), idsHash, request.way, request.feeCap)
    Requests._open(id)
    log Requests.ExitRequested(requestId=id, number=number, request=request)
    return id


@external
def cancelRequest(requestId: bytes32):
    """
    @notice Take back what of a request has not been reported yet.
    """
    Governance._onlyGovernor()
    done: uint256 = Requests._onlyOpen(requestId)
    Requests._finish(requestId, done, Requests.CANCELLED)
    log Requests.RequestCancelled(requestId=requestId)


# Reports

@external
def reportKeygen(
    epoch: uint64,
    number: uint64,
    request: Requests.Keygen,
    index: uint16,
    operatorIds: DynArray[uint64, MAX_OPERATORS],
    publicKey: Bytes[48],
    depositSignature: Bytes[96],
    transcript: bytes32,
    signature: GroupSignature.Signature,
):
    """
    @notice Record a new validator and pay its deposit. Anyone may bring the group's signature.
    @param index The place in the request, from 0
    @param operatorIds Who hold shares of the key: the request's, or as many as it asks for
    @param transcript Digest of the ceremony that made the key
    """
    askedHash: bytes32 = OperationStatements._idsHash(request.operatorIds)
    id: bytes32 = Requests._keygenId(self, number, request, askedHash)
    done: uint256 = Requests._onlyOpen(id)
    assert index < request.count, "BAD_INDEX"
    assert (done >> convert(index, uint256)) & 1 == 0, "ALREADY_DONE"
    done = done | (1 << convert(index, uint256))
    idsHash: bytes32 = OperationStatements._idsHash(operatorIds)
    assert len(operatorIds) == convert(request.size, uint256), "WRONG_OPERATORS"
    assert len(request.operatorIds) == 0 or idsHash == askedHash, "WRONG_OPERATORS"
    Operators._checkGroup(operatorIds)
    assert len(publicKey) == 48 and len(depositSignature) == 96, "BAD_LENGTH"
    keyHash: bytes32 = keccak256(publicKey)
    assert self.holders[keyHash] == empty(bytes32), "KNOWN_KEY"
    credentials: bytes32 = Deposits._credentials(request.withdrawal, request.compounding)
    root: bytes32 = Deposits._root(publicKey, credentials, request.amount, depositSignature)
    threshold: uint16 = Operators._threshold(len(operatorIds))
    self._checkSignature(
        epoch,
        OperationStatements._creation(epoch, id, index, publicKey, idsHash, threshold, transcript, root),
        signature)
    self.holders[keyHash] = idsHash
    Operators._gain(operatorIds)
    Requests._finish(
        id, done, Requests.DONE if done == (1 << convert(request.count, uint256)) - 1 else Requests.OPEN)
    log ValidatorCreated(
        requestId=id, index=index, epoch=epoch, publicKey=publicKey, withdrawalCredentials=credentials,
        amount=request.amount, operatorIds=operatorIds, threshold=threshold, transcript=transcript,
        depositSignature=depositSignature, depositDataRoot=root, signature=signature)
    Deposits._deposit(publicKey, credentials, request.amount, depositSignature, root)


@external
def reportReshare(
    epoch: uint64,
    number: uint64,
    request: Requests.Reshare,
    transcript: bytes32,
    signature: GroupSignature.Signature,
):
    """
    @notice Record that other operators hold the key, or the same with other shares. Anyone may bring the signature.
    """
    keyHash: bytes32 = keccak256(request.publicKey)
    oldHash: bytes32 = OperationStatements._idsHash(request.oldOperatorIds)
    newHash: bytes32 = OperationStatements._idsHash(request.operatorIds)
    id: bytes32 = Requests._reshareId(self, number, keyHash, oldHash, newHash)
    assert Requests._onlyOpen(id) == 0, "NOT_OPEN"
    # Since the request, another may have been reported for this key, or the validator have left.
    assert self.holders[keyHash] == oldHash, "WRONG_OPERATORS"
    Operators._checkGroup(request.operatorIds)
    threshold: uint16 = Operators._threshold(len(request.operatorIds))
    self._checkSignature(
        epoch, OperationStatements._reshare(epoch, id, request.publicKey, newHash, threshold, transcript), signature)
    self.holders[keyHash] = newHash
    Operators._lose(request.oldOperatorIds)
    Operators._gain(request.operatorIds)
    Requests._finish(id, 0, Requests.DONE)
    log ValidatorReshared(
        requestId=id, epoch=epoch, publicKey=request.publicKey, operatorIds=request.operatorIds, threshold=threshold,
        transcript=transcript, signature=signature)


@internal
@view
def _openExit(number: uint64, request: Requests.Exit, way: uint8) -> bytes32:
    """
    @notice The id of an open request to leave in this way.
    """
    id: bytes32 = Requests._exitId(
        self, number, keccak256(request.publicKey), OperationStatements._idsHash(request.operatorIds), request.way,
        request.feeCap)
    assert Requests._onlyOpen(id) == 0, "NOT_OPEN"
    assert request.way == way, "WRONG_WAY"
    return id


@external
def reportExitSigned(
    epoch: uint64,
    number: uint64,
    request: Requests.Exit,
    exitEpoch: uint64,
    validatorIndex: uint64,
    exitSignature: Bytes[96],
    signature: GroupSignature.Signature,
):
    """
    @notice Publish a voluntary exit that the operators have signed; anybody may bring it to the beacon chain.
    """
    id: bytes32 = self._openExit(number, request, Requests.SIGNED)
    assert len(exitSignature) == 96, "BAD_LENGTH"
    self._checkSignature(
        epoch,
        OperationStatements._signedExit(epoch, id, request.publicKey, exitEpoch, validatorIndex, exitSignature),
        signature)
    Requests._finish(id, 0, Requests.DONE)
    log ValidatorExitSigned(
        requestId=id, epoch=epoch, publicKey=request.publicKey, exitEpoch=exitEpoch, validatorIndex=validatorIndex,
        exitSignature=exitSignature, signature=signature)


@external
def triggerExit(epoch: uint64, number: uint64, request: Requests.Exit, signature: GroupSignature.Signature):
    """
    @notice Ask the beacon chain to end a validator whose withdrawal address is this contract (EIP-7002). The beacon
            chain does not say whether it does; a request that came to nothing is made again.
    """
    id: bytes32 = self._openExit(number, request, Requests.TRIGGERED)
    self._checkSignature(
        epoch, OperationStatements._triggeredExit(epoch, id, request.publicKey, request.feeCap), signature)
    Requests._finish(id, 0, Requests.DONE)
    fee: uint256 = Deposits._requestExit(request.publicKey, request.feeCap)
    log ValidatorExitTriggered(
        requestId=id, epoch=epoch, publicKey=request.publicKey, feeCap=request.feeCap, fee=fee, signature=signature)


@external
def reportExitCall(epoch: uint64, number: uint64, request: Requests.Exit, signature: GroupSignature.Signature):
    """
    @notice Publish the call by which the owner makes the operators of an SSV cluster end a validator.
    """
    id: bytes32 = self._openExit(number, request, Requests.CALLED)
    call: Bytes[612] = abi_encode(
        request.publicKey, request.operatorIds, method_id=method_id("exitValidator(bytes,uint64[])"))
    self._checkSignature(epoch, OperationStatements._exitCall(epoch, id, request.publicKey, call), signature)
    Requests._finish(id, 0, Requests.DONE)
    log ValidatorExitCall(requestId=id, epoch=epoch, publicKey=request.publicKey, call=call, signature=signature)


@external
def reportFailure(
    epoch: uint64,
    requestId: bytes32,
    reason: uint8,
    blamedIds: DynArray[uint64, MAX_OPERATORS],
    signature: GroupSignature.Signature,
):
    """
    @notice Record that what of a request has not been reported will not be done.
    @param reason Any number but 0; README.md lists them
    @param blamedIds Operators at fault, ascending; may be empty
    """
    done: uint256 = Requests._onlyOpen(requestId)
    assert reason != 0, "BAD_REASON"
    Operators._checkAscending(blamedIds)
    self._checkSignature(
        epoch,
        OperationStatements._failure(epoch, requestId, reason, OperationStatements._idsHash(blamedIds)),
        signature)
    Requests._finish(requestId, done, Requests.FAILED)
    log RequestFailed(requestId=requestId, epoch=epoch, reason=reason, blamedIds=blamedIds, signature=signature)


# The governor's housekeeping

@external
def closeValidator(publicKey: Bytes[48], operatorIds: DynArray[uint64, MAX_OPERATORS]):
    """
    @notice Say that a validator has left, which the contract cannot see: its operators are free of it.
    """
    Governance._onlyGovernor()
    hash: bytes32 = self._checkHolders(publicKey, operatorIds)
    self.holders[keccak256(publicKey)] = CLOSED
    Operators._lose(operatorIds)
    log ValidatorClosed(publicKey=publicKey, operatorIds=operatorIds)


@external
def withdrawEther(to: address, amount: uint256):
    """
    @notice Pay out ether that the contract holds.
    """
    Governance._onlyGovernor()
    assert to != empty(address), "BAD_ADDRESS"
    assert self.balance >= amount, "NO_ETHER"
    log EtherWithdrawn(to=to, amount=amount)
    raw_call(to, b"", value=amount)


@external
@view
def validatorOperators(publicKey: Bytes[48]) -> bytes32:
    """
    @return Keccak-256 of the ids, as words, of the operators that hold the key; 0 for an unknown key, 1 once closed
    """
    return self.holders[keccak256(publicKey)]
