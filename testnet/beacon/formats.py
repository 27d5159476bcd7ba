"""The beacon API's JSON: numbers are decimal strings, bytes are hexadecimal with 0x."""

from typing import Any

from .network import spec

Json = dict[str, Any]


def data(value: bytes) -> str:
    return "0x" + bytes(value).hex()


def status(state: Any, index: int) -> str:
    """The validator's status as the beacon API defines the words."""
    validator, epoch = state.validators[index], spec.get_current_epoch(state)
    if validator.activation_epoch > epoch:
        queued = validator.activation_eligibility_epoch != spec.FAR_FUTURE_EPOCH
        return "pending_queued" if queued else "pending_initialized"
    if validator.exit_epoch > epoch:
        if validator.exit_epoch == spec.FAR_FUTURE_EPOCH:
            return "active_ongoing"
        return "active_slashed" if validator.slashed else "active_exiting"
    if validator.withdrawable_epoch > epoch:
        return "exited_slashed" if validator.slashed else "exited_unslashed"
    return "withdrawal_possible" if state.balances[index] else "withdrawal_done"


def validator(state: Any, index: int) -> Json:
    record = state.validators[index]
    return {
        "index": str(index),
        "balance": str(state.balances[index]),
        "status": status(state, index),
        "validator": {
            "pubkey": data(record.pubkey),
            "withdrawal_credentials": data(record.withdrawal_credentials),
            "effective_balance": str(record.effective_balance),
            "slashed": bool(record.slashed),
            "activation_eligibility_epoch": str(record.activation_eligibility_epoch),
            "activation_epoch": str(record.activation_epoch),
            "exit_epoch": str(record.exit_epoch),
            "withdrawable_epoch": str(record.withdrawable_epoch),
        },
    }


def pending_deposit(deposit: Any) -> Json:
    return {
        "pubkey": data(deposit.pubkey),
        "withdrawal_credentials": data(deposit.withdrawal_credentials),
        "amount": str(deposit.amount),
        "signature": data(deposit.signature),
        "slot": str(deposit.slot),
    }


def signed_exit(signed: Any) -> Json:
    message = signed.message
    return {
        "message": {"epoch": str(message.epoch), "validator_index": str(message.validator_index)},
        "signature": data(signed.signature),
    }


def genesis(state: Any) -> Json:
    return {
        "genesis_time": str(state.genesis_time),
        "genesis_validators_root": data(state.genesis_validators_root),
        "genesis_fork_version": data(spec.config.GENESIS_FORK_VERSION),
    }


def configuration() -> Json:
    """The configuration and of the preset what clients ask for."""
    body: Json = {"CONFIG_NAME": "development"}
    for name, value in spec.config._asdict().items():
        if isinstance(value, str):
            body[name] = value
        elif isinstance(value, bytes):
            body[name] = data(value)
        elif isinstance(value, tuple):
            body[name] = [{key: str(number) for key, number in entry.items()} for entry in value]
        else:
            body[name] = str(int(value))
    for name in ("SLOTS_PER_EPOCH", "MAX_VOLUNTARY_EXITS", "MAX_SEED_LOOKAHEAD", "MIN_ACTIVATION_BALANCE"):
        body[name] = str(int(getattr(spec, name)))
    # Whole seconds are all that the older name can say.
    body["SECONDS_PER_SLOT"] = str(max(1, round(int(spec.config.SLOT_DURATION_MS) / 1_000)))
    for name in ("DOMAIN_DEPOSIT", "DOMAIN_VOLUNTARY_EXIT"):
        body[name] = data(getattr(spec, name))
    return body


def fork_schedule() -> list[Json]:
    names = ("GENESIS", "ALTAIR", "BELLATRIX", "CAPELLA", "DENEB", "ELECTRA", "FULU")
    versions = [data(getattr(spec.config, f"{name}_FORK_VERSION")) for name in names]
    return [
        {"previous_version": previous, "current_version": current, "epoch": "0"}
        for previous, current in zip([versions[0], *versions], versions, strict=False)
    ]
