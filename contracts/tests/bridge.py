"""ManagerBridge over ValidatorOperations, the adoptions that its committee signs, and the stand-ins whose logs lead to them."""

from typing import Any

from eth_utils import keccak

from deployed import Deployed
from operations import Operations, Request, Reshare, request_id
from registry import Registry

ORIGIN = keccak(b"a manager's log")


class Bridge(Deployed):
    operations: Operations

    @classmethod
    def beside(cls, operations: Operations, registry: str | None = None) -> "Bridge":
        """A bridge that has not been offered anything."""
        governor = operations.registry.governor.public_key.to_checksum_address()
        arguments = [governor, operations.address, registry or operations.registry.address]
        made = cls.create(operations.registry, "ManagerBridge", ["address", "address", "address"], arguments)
        assert isinstance(made, cls)
        made.operations = operations
        return made

    @classmethod
    def over(cls, operations: Operations) -> "Bridge":
        """A bridge that governs."""
        self = cls.beside(operations)
        operations.govern("transferGovernor", self.address)
        self.transact("acceptOperations")
        return self

    def execute(self, function: str, *arguments: Any) -> Any:
        return self.transact("execute", self.operations.data(function, *arguments), key=self.registry.governor)

    def statement(self, request: Request, origin: bytes = ORIGIN, index: int = 0, epoch: int = 1) -> dict[str, Any]:
        """What the committee says in an adoption."""
        asked = request_id(self.registry.chain_id, self.operations.address, 0, request)
        return {"epoch": epoch, "bridge": self.address, "origin": origin, "index": index, "request": asked}

    def adoption(
        self,
        request: Request,
        origin: bytes = ORIGIN,
        index: int = 0,
        epoch: int = 1,
        wrong: dict[str, Any] | None = None,
    ) -> tuple[str, list[Any]]:
        """The function and its valid arguments; `wrong` is what is signed instead."""
        values = {**self.statement(request, origin, index, epoch), **(wrong or {})}
        signature = self.operations.sign("RequestAdoption", **values)
        place = [index] if isinstance(request, Reshare) else []
        return "adopt" + type(request).__name__, [epoch, origin, *place, request.as_abi(), signature]

    def adopt(self, request: Request, origin: bytes = ORIGIN, index: int = 0) -> Any:
        function, arguments = self.adoption(request, origin, index)
        return self.transact(function, *arguments)

    def asked(self, adopted: Any) -> dict[str, Any]:
        """The request's event in the transaction of an adoption."""
        own = bytes.fromhex(self.operations.address[2:])
        found = [self.operations.decode(entry) for entry in adopted["block"].logs if entry.address == own]
        assert len(found) == 1
        return found[0]


def stand_in_manager(operations: Operations) -> Deployed:
    return Deployed.create(operations.registry, "StandInManager", ["address"], [operations.address])


def stand_in_registry(registry: Registry) -> Deployed:
    return Deployed.create(registry, "StandInRegistry", [], [])
