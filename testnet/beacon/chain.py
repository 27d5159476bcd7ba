"""The beacon chain itself: slots that pass, requests that come in, exits that are handed in."""

import logging
import traceback
from typing import Any

from .errors import Refused
from .network import genesis_state, spec

log = logging.getLogger("beacon")
# Most exits that one block may hold.
EXITS_PER_SLOT = int(spec.MAX_VOLUNTARY_EXITS)


class BeaconChain:
    """The state after the newest slot, the one that is final, and the exits that wait for a slot.

    There are no blocks and no attestations. Every active validator counts as one that has attested in time, so that
    the chain becomes final as it does where all is well; everything else is done by the specification's functions.
    """

    def __init__(self, state: Any, final: Any | None = None, pool: list[Any] | None = None) -> None:
        self.state = state
        self.final = final if final is not None else state.copy()
        self.pool: dict[int, Any] = {int(exit.message.validator_index): exit for exit in pool or []}
        # States at the starts of epochs that are not final yet.
        self._starts: dict[int, Any] = {}

    @classmethod
    def begin(cls, genesis_time: int) -> "BeaconChain":
        return cls(genesis_state(genesis_time))

    @property
    def epoch(self) -> int:
        return int(spec.get_current_epoch(self.state))

    def advance(self, requests: list[Any]) -> bool:
        """One slot with what the execution chain asks for; True where an epoch begins."""
        state = self.state
        starts_epoch = (int(state.slot) + 1) % int(spec.SLOTS_PER_EPOCH) == 0
        waiting = []
        if starts_epoch:
            self._attest()
            waiting = [bytes(deposit.pubkey) for deposit in state.pending_deposits]
        spec.process_slots(state, spec.Slot(state.slot + 1))
        if starts_epoch:
            self._report_dropped(waiting)
            self._finalise()
        self._withdraw()
        for signed in list(self.pool.values())[:EXITS_PER_SLOT]:
            self._exit(signed)
        for request in requests:
            if isinstance(request, spec.DepositRequest):
                spec.process_deposit_request(state, request)
                log.info("deposit %d of %s waits", request.index, short(request.pubkey))
        for request in requests:
            if isinstance(request, spec.WithdrawalRequest):
                before = spec.hash_tree_root(state)
                spec.process_withdrawal_request(state, request)
                fate = "is ignored" if spec.hash_tree_root(state) == before else "is taken"
                log.info("withdrawal request for %s %s", short(request.validator_pubkey), fate)
        return starts_epoch

    def submit(self, signed: Any) -> None:
        """Takes an exit that could stand in the next block, by the specification's own check."""
        index = int(signed.message.validator_index)
        if index >= len(self.state.validators):
            raise Refused(400, f"Invalid voluntary exit: there is no validator {index}")
        try:
            spec.process_voluntary_exit(self.state.copy(), signed)
        except AssertionError as error:
            raise Refused(400, f"Invalid voluntary exit: {broken_rule(error)}") from None
        if index not in self.pool:
            self.pool[index] = signed
            log.info("exit of validator %d waits", index)

    def _exit(self, signed: Any) -> None:
        index = int(signed.message.validator_index)
        del self.pool[index]
        try:
            # Checked again: an exit by another way may have come first.
            spec.process_voluntary_exit(self.state, signed)
        except AssertionError as error:
            log.info("exit of validator %d is dropped: %s", index, broken_rule(error))
        else:
            log.info("validator %d leaves in epoch %d", index, self.state.validators[index].exit_epoch)

    def _attest(self) -> None:
        """Lets every validator have attested in time, in both epochs that count."""
        state, full = self.state, spec.ParticipationFlags(0b111)
        state.previous_epoch_participation = [full] * len(state.validators)
        state.current_epoch_participation = [full] * len(state.validators)

    def _withdraw(self) -> None:
        """Pays out what is due in this slot. The execution chain does not get it."""
        payload = spec.ExecutionPayload(withdrawals=spec.get_expected_withdrawals(self.state).withdrawals)
        spec.process_withdrawals(self.state, payload)

    def _finalise(self) -> None:
        self._starts[self.epoch] = self.state.copy()
        final = int(self.state.finalized_checkpoint.epoch)
        if final in self._starts:
            self.final = self._starts[final]
        self._starts = {epoch: state for epoch, state in self._starts.items() if epoch > final}

    def _report_dropped(self, waiting: list[bytes]) -> None:
        known = {bytes(validator.pubkey) for validator in self.state.validators}
        known |= {bytes(deposit.pubkey) for deposit in self.state.pending_deposits}
        for pubkey in dict.fromkeys(waiting):
            if pubkey not in known:
                log.warning("deposit of %s is ignored: its signature is bad; the ether is lost", short(pubkey))


def broken_rule(error: AssertionError) -> str:
    """The line of the specification that does not hold."""
    line = traceback.extract_tb(error.__traceback__)[-1].line or "assert"
    return line.removeprefix("assert ")


def short(pubkey: bytes) -> str:
    return "0x" + bytes(pubkey)[:6].hex() + "…"
