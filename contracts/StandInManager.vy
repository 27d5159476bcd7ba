# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title A stand-in for another's manager of staking pools, for tests and development chains alone
@notice It says what such a manager says when it wants a validator or the end of one, and makes a contract for each
        pool whose validator exists: so its account's nonce counts the pools, as the real one's does. Anybody may call;
        it holds nothing.
"""

interface ValidatorOperations:
    def validatorOperators(publicKey: Bytes[48]) -> bytes32: view

event InitiationRequested:
    poolId: indexed(uint32)

event ExitRequested:
    poolId: indexed(uint32)

event PoolCreated:
    poolId: indexed(uint32)
    pool: address
    publicKey: Bytes[48]

operations: public(immutable(address))

poolCount: public(uint32)           # pools that were asked for; their ids count from 1
createdCount: public(uint32)
hasPool: public(HashMap[bytes32, bool])     # by Keccak-256 of the key


@deploy
def __init__(operations_: address):
    operations = operations_


@external
def askForValidator() -> uint32:
    """
    @return The id of the pool that the validator is for
    """
    self.poolCount += 1
    log InitiationRequested(poolId=self.poolCount)
    return self.poolCount


@external
def askForExit(poolId: uint32):
    log ExitRequested(poolId=poolId)


@external
def createPool(publicKey: Bytes[48]) -> address:
    """
    @notice Make the contract of the next pool, once its validator's deposit has been paid.
    """
    assert staticcall ValidatorOperations(operations).validatorOperators(publicKey) != empty(bytes32), "UNKNOWN_KEY"
    key: bytes32 = keccak256(publicKey)
    assert not self.hasPool[key], "KNOWN_KEY"
    assert self.createdCount < self.poolCount, "NO_POOL"
    self.hasPool[key] = True
    self.createdCount += 1
    pool: address = create_minimal_proxy_to(self)
    log PoolCreated(poolId=self.createdCount, pool=pool, publicKey=publicKey)
    return pool
