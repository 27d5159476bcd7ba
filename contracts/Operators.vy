# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title The operators who may hold shares of validators' keys
@notice The governor registers them and says who may be chosen; how an operator is reached and who signs for it is for
        its own account to change.
"""
import Governance

uses: Governance

struct Operator:
    account: address
    identity: bytes32           # Ed25519 public key on the peer-to-peer network
    sharesKeyHash: bytes32      # keccak256 of the text by which SSV calls its RSA key; 0: it has none
    endpoint: String[64]        # host:port
    isActive: bool              # may hold further shares
    isCollateralised: bool      # may be chosen by the rule
    registration: uint64        # order of registration, from 1

event OperatorRegistered:
    id: indexed(uint64)
    operator: Operator

event OperatorChanged:
    id: indexed(uint64)
    operator: Operator

MAX_OPERATORS: constant(uint256) = 13
MIN_OPERATORS: constant(uint256) = 4

operatorCount: public(uint64)
operators: HashMap[uint64, Operator]
operatorOf: HashMap[bytes32, uint64]        # by identity, former ones too
validatorCounts: HashMap[uint64, uint256]


@internal
def _take(identity: bytes32, id: uint64):
    """
    @notice Give an identity to an operator, for ever: what it has once signed must not become another's word.
    """
    assert identity != empty(bytes32), "BAD_OPERATOR"
    holder: uint64 = self.operatorOf[identity]
    assert holder == 0 or holder == id, "DUPLICATE_IDENTITY"
    self.operatorOf[identity] = id


@external
def registerOperator(
    id: uint64, account: address, identity: bytes32, sharesKeyHash: bytes32, endpoint: String[64], isActive: bool,
    isCollateralised: bool
):
    """
    @notice Add an operator.
    @param id Any number but 0; also the x-coordinate of its shares, so that it is never given twice
    """
    Governance._onlyGovernor()
    assert id != 0 and account != empty(address) and len(endpoint) != 0, "BAD_OPERATOR"
    assert self.operators[id].registration == 0, "DUPLICATE_OPERATOR"
    self._take(identity, id)
    number: uint64 = self.operatorCount + 1
    self.operatorCount = number
    operator: Operator = Operator(
        account=account, identity=identity, sharesKeyHash=sharesKeyHash, endpoint=endpoint, isActive=isActive,
        isCollateralised=isCollateralised, registration=number)
    self.operators[id] = operator
    log OperatorRegistered(id=id, operator=operator)


@external
def changeOperator(id: uint64, identity: bytes32, sharesKeyHash: bytes32, endpoint: String[64]):
    """
    @notice Change how the caller's operator is reached and who signs for it. A former identity stays its own.
    """
    operator: Operator = self.operators[id]
    # Nobody is the zero address, but a simulated call may pose as it about an operator that is none.
    assert operator.registration != 0 and msg.sender == operator.account, "NOT_OPERATOR"
    assert len(endpoint) != 0, "BAD_OPERATOR"
    if identity != operator.identity:
        self._take(identity, id)
    operator.identity = identity
    operator.sharesKeyHash = sharesKeyHash
    operator.endpoint = endpoint
    self.operators[id] = operator
    log OperatorChanged(id=id, operator=operator)


@external
def setOperatorStatus(id: uint64, isActive: bool, isCollateralised: bool):
    """
    @notice Say whether an operator may hold further shares, and whether the rule may choose it.
    """
    Governance._onlyGovernor()
    operator: Operator = self.operators[id]
    assert operator.registration != 0, "UNKNOWN_OPERATOR"
    operator.isActive = isActive
    operator.isCollateralised = isCollateralised
    self.operators[id] = operator
    log OperatorChanged(id=id, operator=operator)


@internal
@pure
def _threshold(size: uint256) -> uint16:
    """
    @notice n - f where f is the greatest number with n >= 3f + 1: how many shares sign as the validator.
    """
    return convert(size - (size - 1) // 3, uint16)


@internal
@view
def _checkAscending(ids: DynArray[uint64, MAX_OPERATORS]):
    """
    @notice Refuse ids that are out of order, twice, 0 or unknown.
    """
    last: uint64 = 0
    for id: uint64 in ids:
        assert id > last, "BAD_OPERATORS"
        assert self.operators[id].registration != 0, "UNKNOWN_OPERATOR"
        last = id


@internal
@view
def _checkGroup(ids: DynArray[uint64, MAX_OPERATORS]):
    """
    @notice Refuse a list that cannot be one validator's operators: too short, out of order, or with one who is not active.
    """
    assert len(ids) >= MIN_OPERATORS, "BAD_OPERATORS"
    self._checkAscending(ids)
    for id: uint64 in ids:
        assert self.operators[id].isActive, "INACTIVE_OPERATOR"


@internal
def _gain(ids: DynArray[uint64, MAX_OPERATORS]):
    for id: uint64 in ids:
        self.validatorCounts[id] += 1


@internal
def _lose(ids: DynArray[uint64, MAX_OPERATORS]):
    for id: uint64 in ids:
        self.validatorCounts[id] -= 1


@external
@view
def operator(id: uint64) -> Operator:
    """
    @return All zero if there is none
    """
    return self.operators[id]


@external
@view
def validatorCount(id: uint64) -> uint256:
    """
    @return How many validators the operator holds shares of
    """
    return self.validatorCounts[id]
