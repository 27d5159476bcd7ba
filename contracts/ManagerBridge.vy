# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title ManagerBridge
@notice Governs ValidatorOperations, so that a request comes either from the DAO, which governs the bridge, or from the
        log of another contract that asked for a validator or for its end: the oracles read that log, and their
        committee's group key says what is asked for because of it.
@dev The bridge does not see the log and cannot: it takes the committee's word, once for each place of each log. What
     it may ask for is what ValidatorOperations lets its governor ask; nothing else that a governor may do is the
     committee's.
"""
import CommitteeSignature
import Governance
import GroupSignature
import OperationStatements
import Requests

initializes: Governance

exports: Governance.__interface__

interface ValidatorOperations:
    def registry() -> address: view
    def domainSeparator() -> bytes32: view
    def acceptGovernor(): nonpayable
    def requestKeygen(request: Requests.Keygen) -> bytes32: nonpayable
    def requestReshare(request: Requests.Reshare) -> bytes32: nonpayable
    def requestExit(request: Requests.Exit) -> bytes32: nonpayable

event RequestAdopted:
    origin: indexed(bytes32)
    requestId: indexed(bytes32)
    index: uint16
    epoch: uint64
    signature: GroupSignature.Signature

# Signed in the domain of ValidatorOperations, which is why the bridge is named in it.
ADOPTION_TYPE: constant(bytes32) = keccak256("RequestAdoption(uint64 epoch,address bridge,bytes32 origin,uint16 index,bytes32 request)")
# What is asked is hashed before it has a number.
NO_NUMBER: constant(uint64) = 0

operations: public(immutable(address))
registry: public(immutable(address))

isAdopted: public(HashMap[bytes32, HashMap[uint16, bool]])      # by origin and index


@deploy
def __init__(governor: address, operations_: address, registry_: address):
    """
    @param governor Account or contract that keeps all of a governor's rights, through `execute`
    @param operations_ The ValidatorOperations whose governor the bridge becomes
    @param registry_ The OracleRegistry whose committee answers there, and here
    """
    assert operations_ != empty(address), "BAD_PARAMS"
    assert staticcall ValidatorOperations(operations_).registry() == registry_, "WRONG_REGISTRY"
    operations = operations_
    registry = registry_
    Governance.__init__(governor)


# The governor

@external
def acceptOperations():
    """
    @notice Take the role that the governor of ValidatorOperations has offered to the bridge. Anyone may call: the
            offer was the decision.
    """
    extcall ValidatorOperations(operations).acceptGovernor()


@external
def execute(data: Bytes[8192]) -> Bytes[32]:
    """
    @notice Make any call to ValidatorOperations as its governor; also the one that offers the role to another.
    @return What the call returned
    """
    Governance._onlyGovernor()
    return raw_call(operations, data, max_outsize=32)


# The committee

@internal
def _adopt(epoch: uint64, origin: bytes32, index: uint16, request: bytes32, signature: GroupSignature.Signature):
    """
    @notice Refuse a request that the committee has not signed, or a second one for the same place of the same log.
    """
    assert not self.isAdopted[origin][index], "ALREADY_ADOPTED"
    structHash: bytes32 = keccak256(abi_encode(ADOPTION_TYPE, epoch, self, origin, index, request))
    domain: bytes32 = staticcall ValidatorOperations(operations).domainSeparator()
    CommitteeSignature._check(registry, epoch, keccak256(concat(x"1901", domain, structHash)), signature)
    self.isAdopted[origin][index] = True


@external
def adoptKeygen(
    epoch: uint64, origin: bytes32, request: Requests.Keygen, signature: GroupSignature.Signature
) -> bytes32:
    """
    @notice Ask for new validators because of a log. Anyone may bring the group's signature.
    @param origin keccak256(abi.encode(chainId, blockHash, transactionHash, logIndex, emitter)) of the log
    @return The request's id
    """
    self._adopt(
        epoch, origin, 0,
        Requests._keygenId(operations, NO_NUMBER, request, OperationStatements._idsHash(request.operatorIds)),
        signature)
    id: bytes32 = extcall ValidatorOperations(operations).requestKeygen(request)
    log RequestAdopted(origin=origin, requestId=id, index=0, epoch=epoch, signature=signature)
    return id


@external
def adoptReshare(
    epoch: uint64, origin: bytes32, index: uint16, request: Requests.Reshare, signature: GroupSignature.Signature
) -> bytes32:
    """
    @notice Ask that a key be shared anew because of a log. Anyone may bring the group's signature.
    @param index The place among the keys that the log is about, from 0
    @return The request's id
    """
    self._adopt(
        epoch, origin, index,
        Requests._reshareId(
            operations, NO_NUMBER, keccak256(request.publicKey),
            OperationStatements._idsHash(request.oldOperatorIds), OperationStatements._idsHash(request.operatorIds)),
        signature)
    id: bytes32 = extcall ValidatorOperations(operations).requestReshare(request)
    log RequestAdopted(origin=origin, requestId=id, index=index, epoch=epoch, signature=signature)
    return id


@external
def adoptExit(
    epoch: uint64, origin: bytes32, request: Requests.Exit, signature: GroupSignature.Signature
) -> bytes32:
    """
    @notice Ask that a validator leave because of a log. Anyone may bring the group's signature.
    @return The request's id
    """
    self._adopt(
        epoch, origin, 0,
        Requests._exitId(
            operations, NO_NUMBER, keccak256(request.publicKey), OperationStatements._idsHash(request.operatorIds),
            request.way, request.feeCap),
        signature)
    id: bytes32 = extcall ValidatorOperations(operations).requestExit(request)
    log RequestAdopted(origin=origin, requestId=id, index=0, epoch=epoch, signature=signature)
    return id
