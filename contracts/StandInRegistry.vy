# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title A stand-in for the registry of operators of another's manager, for tests and development chains alone
@notice It says what such a registry says when an operator wants to leave, and keeps nothing.
"""

event DeactivationRequested:
    operatorId: indexed(uint64)


@external
def askToLeave(operatorId: uint64):
    log DeactivationRequested(operatorId=operatorId)
