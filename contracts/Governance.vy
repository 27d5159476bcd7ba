# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title One governor, handed over in two steps so that a mistyped address cannot lose the role
"""

event GovernorTransferStarted:
    current: indexed(address)
    pending: indexed(address)

event GovernorTransferred:
    previous: indexed(address)
    current: indexed(address)

governor: public(address)
pendingGovernor: public(address)


@deploy
def __init__(governor: address):
    assert governor != empty(address), "BAD_PARAMS"
    self.governor = governor
    log GovernorTransferred(previous=empty(address), current=governor)


@internal
@view
def _onlyGovernor():
    assert msg.sender == self.governor, "NOT_GOVERNOR"


@external
def transferGovernor(to: address):
    """
    @notice Offer the role; it passes when `to` accepts. The zero address withdraws an offer.
    """
    self._onlyGovernor()
    self.pendingGovernor = to
    log GovernorTransferStarted(current=msg.sender, pending=to)


@external
def acceptGovernor():
    """
    @notice Take the role that the governor has offered to the caller.
    """
    # Nobody is the zero address, but a simulated call may pose as it while no offer stands.
    assert msg.sender == self.pendingGovernor and msg.sender != empty(address), "NOT_PENDING"
    log GovernorTransferred(previous=self.governor, current=msg.sender)
    self.governor = msg.sender
    self.pendingGovernor = empty(address)
