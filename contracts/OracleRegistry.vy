# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title OracleRegistry
@notice Names the committee of oracles of a DAO, its group key, the leader the committee has elected, and the state of
        the members' logs that the committee has attested to.
@dev The governor names members, never keys or leaders. A group key enters only with a signature of its own
     (possession) and either the active key's signature or the approvals of a threshold of the members it is for.
     Every signature rides in the event it caused, so that the history verifies from the logs.
"""
import Governance
import GroupSignature
import Members
import Statements

initializes: Governance
initializes: Members
initializes: Statements

exports: (
    Governance.__interface__,
    Statements.__interface__,
)

struct Approval:
    member: uint16              # position in the list of members, from 1
    r: bytes32                  # EIP-2098: r, then the parity of y in the top bit of s
    vs: bytes32

struct Committee:
    epoch: uint64               # 0: there has been no committee yet
    groupKeyX: uint256
    parity: uint8
    threshold: uint16
    size: uint16
    membersHash: bytes32        # keccak256(abi.encode(Member[]))
    transcript: bytes32         # digest of the ceremony that made the key
    blockNumber: uint64         # where its CommitteeRotated is

struct Proposal:
    epoch: uint64               # 0: nothing is pending
    threshold: uint16
    size: uint16
    membersHash: bytes32
    blockNumber: uint64         # where its CommitteeProposed is
    emergency: bool
    readyAt: uint64             # an emergency proposal only: registerGroupKey works from this second on

event CommitteeProposed:
    epoch: indexed(uint64)
    membersHash: bytes32
    threshold: uint16
    members: DynArray[Members.Member, MAX_MEMBERS]

event EmergencyProposed:
    epoch: indexed(uint64)
    membersHash: bytes32
    readyAt: uint64

event EmergencyVetoed:
    epoch: indexed(uint64)
    membersHash: bytes32
    veto: GroupSignature.Signature

event CommitteeRotated:
    epoch: indexed(uint64)
    groupKeyX: indexed(uint256)
    parity: uint8
    threshold: uint16
    membersHash: bytes32
    transcript: bytes32
    possession: GroupSignature.Signature
    approval: GroupSignature.Signature              # zero where approvals speak
    approvals: DynArray[Approval, MAX_MEMBERS]      # empty where the active group key has approved
    members: DynArray[Members.Member, MAX_MEMBERS]

event LeaderElected:
    epoch: indexed(uint64)
    viewNumber: indexed(uint64)
    leader: indexed(address)
    rx: uint256
    ry: uint256
    s: uint256

event ProofAnchored:
    epoch: indexed(uint64)
    number: indexed(uint64)
    root: bytes32
    rx: uint256
    ry: uint256
    s: uint256

MAX_MEMBERS: constant(uint256) = Members.MAX_MEMBERS
# A group that signs one absurd view must not burn the whole space of views.
MAX_VIEW_JUMP: constant(uint256) = 2 ** 20
MAX_EMERGENCY_DELAY: constant(uint256) = 365 * 86400
HALF_ORDER: constant(uint256) = 57896044618658097711785492504343953926418782139537452191302581570759080747168

emergencyDelay: public(immutable(uint64))

# All that elect() reads and writes.
groupKeyX: uint256
packed: uint256                 # parity 1 bit | epoch 47 | view 48 | leader 160, from the top

membersHash: bytes32
transcript: bytes32
meta: uint256                   # block number 64 bits | size 16

anchoredNumber: uint64          # 0: nothing has been anchored yet
anchoredRoot: bytes32

pendingHash: bytes32
pendingMeta: uint256            # second it is ready at, 0 for an ordinary proposal, 64 bits | block number 64 | size 16


@deploy
def __init__(governor: address, emergencyDelay_: uint64):
    """
    @param governor Account or contract that names committees
    @param emergencyDelay_ Seconds the active committee has to veto an emergency proposal
    """
    assert emergencyDelay_ != 0 and convert(emergencyDelay_, uint256) <= MAX_EMERGENCY_DELAY, "BAD_PARAMS"
    emergencyDelay = emergencyDelay_
    Governance.__init__(governor)
    Statements.__init__()


# Packed state

@internal
@view
def _epoch() -> uint256:
    return (self.packed >> 208) & (2 ** 47 - 1)


# Elections

@external
def elect(epoch_: uint64, viewNumber: uint64, leader: address, signature: GroupSignature.Signature):
    """
    @notice Record the leader of a view. Anyone may bring the group's signature.
    @dev The cheap refusals come first: who loses the race to submit stops after one storage read.
    """
    state: uint256 = self.packed
    view_: uint256 = convert(viewNumber, uint256)
    current: uint256 = (state >> 160) & (2 ** 48 - 1)
    assert view_ > current, "STALE_VIEW"
    assert epoch_ != 0 and convert(epoch_, uint256) == (state >> 208) & (2 ** 47 - 1), "WRONG_EPOCH"
    assert view_ <= current + MAX_VIEW_JUMP and view_ < 2 ** 48, "VIEW_JUMP"
    assert leader != empty(address), "NO_LEADER"
    digest: bytes32 = Statements._election(epoch_, viewNumber, leader)
    assert GroupSignature._verify(self.groupKeyX, state >> 255, digest, signature), "BAD_SIGNATURE"
    self.packed = ((state >> 208) << 208) | (view_ << 160) | convert(leader, uint256)
    log LeaderElected(
        epoch=epoch_, viewNumber=viewNumber, leader=leader, rx=signature.rx, ry=signature.ry, s=signature.s)


# Proofs

@external
def anchorProof(epoch_: uint64, number: uint64, root: bytes32, signature: GroupSignature.Signature):
    """
    @notice Record what the members' logs come to. Anyone may bring the group's signature.
    @dev Numbers count from 1 without gaps, over all epochs, so that nobody can leave one out or bring one twice.
    @param root What the group attests to; an entry of a log is shown to be under it off chain
    """
    assert number == self.anchoredNumber + 1, "WRONG_NUMBER"
    state: uint256 = self.packed
    assert epoch_ != 0 and convert(epoch_, uint256) == (state >> 208) & (2 ** 47 - 1), "WRONG_EPOCH"
    digest: bytes32 = Statements._proofAnchor(epoch_, number, root)
    assert GroupSignature._verify(self.groupKeyX, state >> 255, digest, signature), "BAD_SIGNATURE"
    self.anchoredNumber = number
    self.anchoredRoot = root
    log ProofAnchored(epoch=epoch_, number=number, root=root, rx=signature.rx, ry=signature.ry, s=signature.s)


# Proposals

@internal
def _propose(members: DynArray[Members.Member, MAX_MEMBERS], readyAt: uint256):
    Governance._onlyGovernor()
    Members._check(members)
    epoch_: uint64 = convert(self._epoch() + 1, uint64)
    hash: bytes32 = keccak256(abi_encode(members))
    self.pendingHash = hash
    self.pendingMeta = (readyAt << 80) | (block.number << 16) | len(members)
    log CommitteeProposed(
        epoch=epoch_, membersHash=hash, threshold=convert(Members._threshold(len(members)), uint16), members=members)
    if readyAt != 0:
        log EmergencyProposed(epoch=epoch_, membersHash=hash, readyAt=convert(readyAt, uint64))


@external
def proposeCommittee(members: DynArray[Members.Member, MAX_MEMBERS]):
    """
    @notice Name the members of the next epoch; replaces an earlier proposal. They make a group key together, which
            `rotate` installs, or `registerGroupKey` if there is no committee yet.
    """
    self._propose(members, 0)


@external
def proposeEmergencyCommittee(members: DynArray[Members.Member, MAX_MEMBERS]):
    """
    @notice As `proposeCommittee`, for an active committee that can no longer sign: after the delay the new members'
            approvals suffice, unless the active committee shows by a veto that it lives.
    """
    assert self._epoch() != 0, "NO_COMMITTEE"
    self._propose(members, block.timestamp + convert(emergencyDelay, uint256))


@external
def vetoEmergency(veto: GroupSignature.Signature):
    """
    @notice Strike the pending emergency proposal. The veto stands against that list of members for the whole epoch.
    """
    pending_: uint256 = self.pendingMeta
    assert pending_ >> 80 != 0, "NO_EMERGENCY"
    state: uint256 = self.packed
    epoch_: uint64 = convert(self._epoch() + 1, uint64)
    hash: bytes32 = self.pendingHash
    assert GroupSignature._verify(self.groupKeyX, state >> 255, Statements._veto(epoch_, hash), veto), "BAD_SIGNATURE"
    self._clearPending()
    log EmergencyVetoed(epoch=epoch_, membersHash=hash, veto=veto)


@internal
def _clearPending():
    self.pendingHash = empty(bytes32)
    self.pendingMeta = 0


# Group keys

@internal
@view
def _checkKey(epoch_: uint64, px: uint256, parity: uint8, members: DynArray[Members.Member, MAX_MEMBERS]) -> bytes32:
    """
    @notice The members' hash, once it is clear that the pending proposal is for them and this epoch.
    """
    assert self.pendingMeta != 0, "NO_PROPOSAL"
    assert convert(epoch_, uint256) == self._epoch() + 1, "WRONG_EPOCH"
    assert GroupSignature._isKey(px, convert(parity, uint256)), "BAD_PARAMS"
    hash: bytes32 = keccak256(abi_encode(members))
    assert hash == self.pendingHash, "WRONG_MEMBERS"
    return hash


@internal
@view
def _isApproved(digest: bytes32, approval: Approval, account: address) -> bool:
    s: uint256 = convert(approval.vs, uint256) & (2 ** 255 - 1)
    if s > HALF_ORDER:
        return False
    v: uint256 = 27 + (convert(approval.vs, uint256) >> 255)
    # ecrecover gives the zero address for what is no signature; no member has that account.
    return ecrecover(digest, v, convert(approval.r, uint256), s) == account


@internal
def _install(epoch_: uint64, px: uint256, parity: uint8, size: uint256, hash: bytes32, transcript: bytes32):
    # View and leader carry over: views rise over all epochs.
    self.packed = (self.packed & (2 ** 208 - 1)) | (convert(epoch_, uint256) << 208) | (convert(parity, uint256) << 255)
    self.groupKeyX = px
    self.membersHash = hash
    self.transcript = transcript
    self.meta = (block.number << 16) | size
    self._clearPending()


@external
def registerGroupKey(
    epoch_: uint64,
    px: uint256,
    parity: uint8,
    transcript: bytes32,
    members: DynArray[Members.Member, MAX_MEMBERS],
    possession: GroupSignature.Signature,
    approvals: DynArray[Approval, MAX_MEMBERS],
):
    """
    @notice Install the first group key, or that of an emergency proposal whose delay is over.
    @param possession The new group key's signature over `groupKeyDigest`
    @param approvals Signatures over the same digest by the accounts of at least a threshold of the members, in
                     ascending order
    """
    if self._epoch() != 0:
        readyAt: uint256 = self.pendingMeta >> 80
        assert readyAt != 0, "NO_EMERGENCY"
        assert block.timestamp >= readyAt, "EMERGENCY_DELAY"
    hash: bytes32 = self._checkKey(epoch_, px, parity, members)
    size: uint256 = len(members)
    threshold: uint256 = Members._threshold(size)
    digest: bytes32 = Statements._groupKey(
        epoch_, px, parity, convert(threshold, uint16), convert(size, uint16), hash, transcript)
    assert len(approvals) >= threshold, "TOO_FEW_APPROVALS"
    last: uint256 = 0
    for approval: Approval in approvals:
        position: uint256 = convert(approval.member, uint256)
        assert position > last and position <= size, "BAD_APPROVAL"
        last = position
        assert self._isApproved(digest, approval, members[position - 1].account), "BAD_APPROVAL"
    assert GroupSignature._verify(px, convert(parity, uint256), digest, possession), "BAD_POSSESSION"
    self._install(epoch_, px, parity, size, hash, transcript)
    log CommitteeRotated(
        epoch=epoch_, groupKeyX=px, parity=parity, threshold=convert(threshold, uint16), membersHash=hash,
        transcript=transcript, possession=possession, approval=empty(GroupSignature.Signature), approvals=approvals,
        members=members)


@external
def rotate(
    epoch_: uint64,
    px: uint256,
    parity: uint8,
    transcript: bytes32,
    members: DynArray[Members.Member, MAX_MEMBERS],
    approval: GroupSignature.Signature,
    possession: GroupSignature.Signature,
):
    """
    @notice Hand over from the active committee to the proposed one.
    @param approval The active group key's signature over `groupKeyDigest`
    @param possession The new group key's signature over the same digest
    """
    state: uint256 = self.packed
    assert (state >> 208) & (2 ** 47 - 1) != 0, "NO_COMMITTEE"
    hash: bytes32 = self._checkKey(epoch_, px, parity, members)
    size: uint256 = len(members)
    threshold: uint16 = convert(Members._threshold(size), uint16)
    digest: bytes32 = Statements._groupKey(
        epoch_, px, parity, threshold, convert(size, uint16), hash, transcript)
    assert GroupSignature._verify(self.groupKeyX, state >> 255, digest, approval), "BAD_SIGNATURE"
    assert GroupSignature._verify(px, convert(parity, uint256), digest, possession), "BAD_POSSESSION"
    self._install(epoch_, px, parity, size, hash, transcript)
    log CommitteeRotated(
        epoch=epoch_, groupKeyX=px, parity=parity, threshold=threshold, membersHash=hash, transcript=transcript,
        possession=possession, approval=approval, approvals=[], members=members)


# Views

@external
@view
def epoch() -> uint64:
    return convert(self._epoch(), uint64)


@external
@view
def currentView() -> uint64:
    return convert((self.packed >> 160) & (2 ** 48 - 1), uint64)


@external
@view
def currentLeader() -> address:
    return convert(self.packed & (2 ** 160 - 1), address)


@external
@view
def committee() -> Committee:
    state: uint256 = self.packed
    size: uint256 = self.meta & (2 ** 16 - 1)
    if size == 0:
        return empty(Committee)
    return Committee(
        epoch=convert(self._epoch(), uint64),
        groupKeyX=self.groupKeyX,
        parity=convert(state >> 255, uint8),
        threshold=convert(Members._threshold(size), uint16),
        size=convert(size, uint16),
        membersHash=self.membersHash,
        transcript=self.transcript,
        blockNumber=convert((self.meta >> 16) & (2 ** 64 - 1), uint64))


@external
@view
def latestProof() -> (uint64, bytes32):
    """
    @return The newest anchor's number, 0 if there is none, and its root
    """
    return self.anchoredNumber, self.anchoredRoot


@external
@view
def pending() -> Proposal:
    meta: uint256 = self.pendingMeta
    size: uint256 = meta & (2 ** 16 - 1)
    if size == 0:
        return empty(Proposal)
    return Proposal(
        epoch=convert(self._epoch() + 1, uint64),
        threshold=convert(Members._threshold(size), uint16),
        size=convert(size, uint16),
        membersHash=self.pendingHash,
        blockNumber=convert((meta >> 16) & (2 ** 64 - 1), uint64),
        emergency=meta >> 80 != 0,
        readyAt=convert(meta >> 80, uint64))


@external
@view
def verifySignature(px: uint256, parity: uint8, message: bytes32, signature: GroupSignature.Signature) -> bool:
    return GroupSignature._verify(px, convert(parity, uint256), message, signature)
