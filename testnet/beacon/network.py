"""The rules in force: the consensus specifications' own program under a configuration of ours, and its first state."""

from typing import Any

from eth_consensus_specs.fulu import minimal as spec
from eth_consensus_specs.utils import bls

DEPOSIT_CONTRACT = bytes.fromhex("00000000219ab540356cBB839Cbe05303d7705Fa")
WITHDRAWAL_CONTRACT = bytes.fromhex("00000961Ef480Eb55e80D19ad83579A64c007002")
# Validators that nobody runs: they hold the chain together until there are others, and beside them.
FOUNDERS = 8
SEED = 0x6F7261636C65
FORKS = ("ALTAIR", "BELLATRIX", "CAPELLA", "DENEB", "ELECTRA", "FULU")


def configure(slot_milliseconds: int, chain_id: int, deposit_contract: bytes) -> None:
    """Sets the specification's configuration: delays short enough to wait for. Its code stays as it is."""
    spec.config = spec.config._replace(
        SLOT_DURATION_MS=spec.Uint64(slot_milliseconds),
        SHARD_COMMITTEE_PERIOD=spec.Uint64(2),
        MIN_VALIDATOR_WITHDRAWABILITY_DELAY=spec.Uint64(2),
        MIN_PER_EPOCH_CHURN_LIMIT_ELECTRA=spec.Gwei(2_048 * 10**9),
        MAX_PER_EPOCH_ACTIVATION_EXIT_CHURN_LIMIT=spec.Gwei(2_048 * 10**9),
        DEPOSIT_CHAIN_ID=spec.Uint64(chain_id),
        DEPOSIT_NETWORK_ID=spec.Uint64(chain_id),
        DEPOSIT_CONTRACT_ADDRESS=spec.ExecutionAddress(deposit_contract),
        **{f"{fork}_FORK_EPOCH": spec.Epoch(0) for fork in FORKS},
    )
    bls.bls_active = True


def founder_secret(number: int) -> int:
    """The secret key of a founder: known to everybody, on every such chain the same."""
    return SEED * 1_000 + number


def genesis_state(genesis_time: int) -> Any:
    """A chain on which the newest fork is in force from the first epoch on."""
    # The credentials name an address that nobody has a key of.
    credentials = bytes([1]) + bytes(11) + bytes([0xEE]) * 20
    validators = [
        spec.Validator(
            pubkey=bls.SkToPk(founder_secret(number)),
            withdrawal_credentials=credentials,
            effective_balance=spec.MIN_ACTIVATION_BALANCE,
            activation_eligibility_epoch=spec.GENESIS_EPOCH,
            activation_epoch=spec.GENESIS_EPOCH,
            exit_epoch=spec.FAR_FUTURE_EPOCH,
            withdrawable_epoch=spec.FAR_FUTURE_EPOCH,
        )
        for number in range(FOUNDERS)
    ]
    state = spec.BeaconState(
        genesis_time=genesis_time,
        fork=spec.Fork(
            previous_version=spec.config.ELECTRA_FORK_VERSION,
            current_version=spec.config.FULU_FORK_VERSION,
            epoch=spec.GENESIS_EPOCH,
        ),
        latest_block_header=spec.BeaconBlockHeader(body_root=spec.hash_tree_root(spec.BeaconBlockBody())),
        randao_mixes=[b"\xda" * 32] * spec.EPOCHS_PER_HISTORICAL_VECTOR,
        validators=validators,
        balances=[spec.MIN_ACTIVATION_BALANCE] * FOUNDERS,
        previous_epoch_participation=[0] * FOUNDERS,
        current_epoch_participation=[0] * FOUNDERS,
        inactivity_scores=[0] * FOUNDERS,
        earliest_exit_epoch=spec.compute_activation_exit_epoch(spec.GENESIS_EPOCH),
        earliest_consolidation_epoch=spec.compute_activation_exit_epoch(spec.GENESIS_EPOCH),
    )
    state.genesis_validators_root = spec.hash_tree_root(state.validators)
    state.exit_balance_to_consume = spec.get_activation_exit_churn_limit(state)
    state.consolidation_balance_to_consume = spec.get_consolidation_churn_limit(state)
    state.current_sync_committee = spec.get_next_sync_committee(state)
    state.next_sync_committee = spec.get_next_sync_committee(state)
    state.proposer_lookahead = spec.initialize_proposer_lookahead(state)
    return state
