"""Execution that changes nothing: eth_call and eth_estimateGas."""

from dataclasses import dataclass, replace
from typing import Any

from eth.exceptions import InsufficientFunds, OutOfGas, Revert
from eth.vm.forks import PragueVM
from eth.vm.spoof import SpoofTransaction
from eth_abi import decode
from eth_utils import ValidationError

from .block import SealedBlock
from .chain import Chain
from .errors import RpcError

ERROR_SELECTOR = bytes.fromhex("08c379a0")  # Error(string)
ACCURACY = 0.015  # at which geth's search for the least sufficient gas stops
STIPEND = 2300


@dataclass(frozen=True)
class CallRequest:
    sender: bytes
    to: bytes  # empty: the data is init code
    data: bytes
    value: int
    gas: int | None


@dataclass(frozen=True)
class CallResult:
    computation: Any
    gas_used: int
    refund: int

    @property
    def output(self) -> bytes:
        return bytes(self.computation.output)

    def error(self) -> RpcError | None:
        """As geth words it: a revert carries its data, and its reason where there is one."""
        if not self.computation.is_error:
            return None
        failure = self.computation.error
        if isinstance(failure, OutOfGas):
            return RpcError.refused("out of gas")
        if not isinstance(failure, Revert):
            return RpcError.refused(f"{type(failure).__name__}: {failure}")
        message = "execution reverted"
        if self.output[:4] == ERROR_SELECTOR:
            try:
                message += ": " + decode(["string"], self.output[4:])[0]
            except Exception:  # a contract may put anything behind the selector; eth-abi has no common error for it
                return RpcError(3, message, "0x" + self.output.hex())
        return RpcError(3, message, "0x" + self.output.hex())


def call(chain: Chain, block: SealedBlock, request: CallRequest) -> CallResult:
    """Execute on the state after `block`, free of charge."""
    state = chain.evm.state_after(block)
    gas = min(request.gas or chain.config.gas_limit, chain.config.gas_limit)
    state.execution_context._base_fee_per_gas = 0  # who pays nothing need not meet the base fee
    unsigned = PragueVM.get_transaction_builder().new_unsigned_dynamic_fee_transaction(
        chain_id=chain.config.chain_id,
        nonce=state.get_nonce(request.sender),
        max_priority_fee_per_gas=0,
        max_fee_per_gas=0,
        gas=gas,
        to=request.to,
        value=request.value,
        data=request.data,
        access_list=(),
    )
    if gas < unsigned.intrinsic_gas:
        raise RpcError.refused(f"intrinsic gas too low: have {gas}, want {unsigned.intrinsic_gas}")
    if state.get_balance(request.sender) < request.value:
        raise RpcError.refused("insufficient funds for transfer")
    try:
        computation = state.apply_transaction(
            SpoofTransaction(unsigned, from_=request.sender, sender=request.sender, gas_price=0)
        )
    except (ValidationError, InsufficientFunds) as error:
        raise RpcError.refused(str(error)) from error
    spent = gas - computation.get_gas_remaining()
    refund = 0 if computation.is_error else min(computation.get_gas_refund(), spent // 5)
    return CallResult(computation, spent - refund + computation.data_floor_gas, refund)


def estimate(chain: Chain, block: SealedBlock, request: CallRequest) -> int:
    """The least gas limit that suffices, found as geth finds it, within ACCURACY."""
    high = min(request.gas or chain.config.gas_limit, chain.config.gas_limit)
    first = call(chain, block, replace(request, gas=high))
    if (error := first.error()) is not None:
        raise error

    def suffices(gas: int) -> bool:
        try:
            return call(chain, block, replace(request, gas=gas)).error() is None
        except RpcError:
            return False

    low = first.gas_used - 1
    likely = (first.gas_used + first.refund + STIPEND) * 64 // 63
    if likely < high:
        low, high = (low, likely) if suffices(likely) else (likely, high)
    while low + 1 < high and (high - low) / high > ACCURACY:
        middle = min((low + high) // 2, low * 2)
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high
