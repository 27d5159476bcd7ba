"""The life of validators from the governor's request to their leaving, on real processes and a real beacon chain."""

import time
from collections.abc import Callable
from typing import Any

from devchain.client import Rpc
from devchain.contract import Contract
from devchain.operations import ValidatorOperations
from devchain.system import DEPOSIT_CONTRACT_ADDRESS

from . import failover, inspect, launch
from .beacon_view import BeaconView
from .governor import Asked, Governor
from .papers import Left, Papers
from .state import Node, Testnet
from .summary import Summary
from .terminal import TestnetError, note, say
from .waiting import LogReader, wait

SERVING = [1, 2, 3, 4]
# Fewer of them stay than sign together: the old shares alone would not do.
SUCCESSORS = [1, 2, 5, 6]
OPERATORS = 6
FEE_CAP = 1_000  # wei
ETHER = 32
PATIENCE = 180.0
WHERE = "./testnet/logs 1 and ./testnet/logs operator-1"
WHERE_BEACON = "./testnet/logs beacon"


class Story:
    """One testnet with operators and a beacon chain, and what has happened on it so far."""

    def __init__(self, program: str, testnet: Testnet, count: int):
        self.program = program
        self.testnet = testnet
        self.count = count
        self.governor = Governor(program, testnet)
        self.contract = ValidatorOperations(Rpc(testnet.rpc), testnet.operations["address"])
        self.beacon = BeaconView(testnet.beacon_url)
        self.deposits = Contract(self.contract.rpc, "DepositContract", "0x" + DEPOSIT_CONTRACT_ADDRESS.hex())
        self.summary = Summary()
        self.keys: list[bytes] = []
        self.left: list[Left] = []

    def tell(self) -> Summary:
        """All of it in order; whatever does not happen ends it with an error."""
        self.settle()
        self._make()
        self._deposit()
        self._share_anew()
        self._exit_by_signature(2, SERVING)
        self._exit_by_contract(3)
        # What the new operators hold is worth something only if they can sign by it.
        self._exit_by_signature(1, SUCCESSORS)
        self._verify()
        return self.summary

    # The chapters

    def settle(self) -> None:
        """Waits until all that were started work together."""
        say("Waiting for a group key, an anchored leader, and operators with links to the oracles")
        begun = time.monotonic()
        failover.wait_until_settled(self.testnet)
        for one in self.testnet.operators:
            # The oracles take its link once its registration is final, and it may have been refused before.
            wait(f"operator {one.number} is ready", lambda: (inspect.status(one) or {}).get("isReady"), PATIENCE,
                 f"./testnet/logs operator-{one.number}")
        note(f"oracle {inspect.leader(self.testnet).number} leads; {len(self.testnet.operators)} operators are ready")
        self.summary.add("committee and operators", f"{len(self.testnet.nodes)} oracles, one group key; "
                         f"{len(self.testnet.operators)} operators linked", time.monotonic() - begun)

    def _make(self) -> None:
        say(f"The governor asks for {self.count} validators of operators {names(SERVING)}")
        readers = [LogReader(node) for node in self.testnet.nodes]
        begun = time.monotonic()
        asked = self.governor.keygen(SERVING, self.count)
        note(f"request {asked.number}, {asked.short}…, in block {asked.block}")
        dead, view = self._kill_leader_after_order(asked, readers)
        survivors = [node for node in self.testnet.nodes if node is not dead]
        wait("another leader is elected and anchored",
             lambda: all(((inspect.status(node) or {}).get("anchoredView") or 0) > view for node in survivors),
             PATIENCE, "./testnet/status")
        note(f"oracle {inspect.leader(self.testnet).number} leads now, after {time.monotonic() - begun:.1f} s")
        reports = self._await(asked, "ValidatorCreated", self.count)
        took = time.monotonic() - begun
        made = sorted(reports, key=lambda event: event["index"])
        # Whom the report comes from matters only here: it was not the one that was killed.
        senders = {self._sender(event["transaction"]) for event in made}
        if self._account(dead) in senders:
            raise TestnetError(f"oracle {dead.number} had sent its report before it was killed; run it again")
        self.keys = [event["publicKey"] for event in made]
        for event in made:
            note(f"validator {event['index'] + 1}  0x{event['publicKey'].hex()[:24]}…  block {event['block']}")
        launch.start_node(self.program, dead)
        self.testnet.save()
        wait(f"oracle {dead.number} is back", lambda: inspect.status(dead), 60, f"./testnet/logs {dead.number}")
        self.left.append(Left(asked.id, ("deposit_data.json", "keyshares.json"), self.count))
        self.summary.add(f"{self.count} keys made by operators {names(SERVING)}",
                         f"leader {dead.number} killed in the ceremony, reported by "
                         f"oracle {names(sorted(self._numbers(senders)))}", took)

    def _kill_leader_after_order(self, asked: Asked, readers: list[LogReader]) -> tuple[Node, int]:
        """Kills the leader once another oracle has its order; who it was, and the view."""
        leader = inspect.leader(self.testnet)
        view = inspect.status(leader)["view"]
        followers = [reader for reader in readers if reader.node is not leader]

        def is_ordered() -> bool:
            return any("is ordered" in line and asked.short in line
                       for reader in followers for line in reader.lines())

        wait("the leader's order of the ceremony is with the others", is_ordered, PATIENCE,
             f"./testnet/logs {leader.number}", pause=0.005)
        leader.process.send(9)
        state = self.contract.state(asked.id)
        if state != ("open", 0):
            raise TestnetError(f"the ceremony was over before the leader was killed ({state}); run it again")
        note(f"ordered, and oracle {leader.number}, leader of view {view}, is killed; nothing is reported yet")
        return leader, view

    def _deposit(self) -> None:
        say("The reports have paid the deposits; the beacon chain judges them")
        begun = time.monotonic()
        since = self.testnet.operations["firstBlock"]
        paid = {event["pubkey"] for event in self.deposits.events("DepositEvent", since)}
        if paid != set(self.keys):
            raise TestnetError(f"the deposit contract has other deposits than those of the {self.count} keys")
        expected = "0x01" + "00" * 11 + self.contract.address[2:].lower()
        for number, key in enumerate(self.keys, 1):
            found = wait(f"validator {number} is active on the beacon chain", lambda: self.beacon.active(key),
                         PATIENCE, WHERE_BEACON)
            if found["validator"]["withdrawal_credentials"] != expected:
                raise TestnetError(f"validator {number} has credentials {found['validator']['withdrawal_credentials']}, "
                                   f"not the contract's {expected}")
            note(f"validator {number} has index {found['index']} and is {found['status']}")
        self.summary.add(f"{self.count} deposits of {ETHER} ether", "all active, credentials are the contract's",
                         time.monotonic() - begun)

    def _share_anew(self) -> None:
        say(f"The governor has validator 1 shared anew, to operators {names(SUCCESSORS)}")
        begun = time.monotonic()
        asked = self.governor.reshare(self.keys[0], SUCCESSORS)
        event = self._await(asked, "ValidatorReshared", 1)[0]
        if list(event["operatorIds"]) != SUCCESSORS or event["publicKey"] != self.keys[0]:
            raise TestnetError(f"validator 1 was shared to operators {names(event['operatorIds'])}")
        note(f"the key is the same, threshold {event['threshold']} of {len(SUCCESSORS)}, block {event['block']}")
        # To share anew makes no further files: SSV takes keyshares of new validators.
        self.left.append(Left(asked.id, (), 1))
        self.summary.add("validator 1 shared anew", f"operators {names(SERVING)} to {names(SUCCESSORS)}, same key",
                         time.monotonic() - begun)

    def _exit_by_signature(self, number: int, operators: list[int]) -> None:
        say(f"The governor ends validator {number} by an exit that operators {names(operators)} sign")
        key = self._of_age(number)
        begun = time.monotonic()
        asked = self.governor.exit(key, "signed")
        event = self._await(asked, "ValidatorExitSigned", 1)[0]
        note(f"signed for index {event['validatorIndex']} from epoch {event['exitEpoch']} on, block {event['block']}")
        left = self._leaves(number)
        self.left.append(Left(asked.id, ("exit.json",), 1, key))
        self.summary.add(f"validator {number} leaves by its signature",
                         f"operators {names(operators)}, over the beacon API, in epoch {left}", time.monotonic() - begun)

    def _exit_by_contract(self, number: int) -> None:
        say(f"The governor ends validator {number} by a withdrawal request of the contract (EIP-7002)")
        key = self._of_age(number)
        begun = time.monotonic()
        asked = self.governor.exit(key, "withdrawal", FEE_CAP)
        event = self._await(asked, "ValidatorExitTriggered", 1)[0]
        note(f"asked for at a fee of {event['fee']} wei, block {event['block']}")
        left = self._leaves(number)
        self.summary.add(f"validator {number} leaves by the contract", f"no operator signs, in epoch {left}",
                         time.monotonic() - begun)

    def _verify(self) -> None:
        say("What was left on disk is verified from the files alone")
        begun = time.monotonic()
        papers, checked = Papers(self.program, self.testnet), 0
        for left in self.left:
            for file in papers.gather(left, PATIENCE):
                note(papers.verify(file, left))
                checked += 1
        self.summary.add("files verified alone", f"{checked} different files, every ceremony done again",
                         time.monotonic() - begun)

    # What they have in common

    def _await(self, asked: Asked, event: str, count: int) -> list[dict[str, Any]]:
        """So many reports of one kind about a request; an error as soon as it fails."""
        def reported() -> list[dict[str, Any]] | None:
            found = self.contract.reports(asked.id)
            for failure in found:
                if failure["event"] in ("RequestFailed", "RequestCancelled"):
                    raise TestnetError(f"request {asked.short}… came to nothing: {failure['event']}, reason "
                                       f"{failure.get('reason')}, blamed {failure.get('blamedIds')}; look at {WHERE}")
            found = [one for one in found if one["event"] == event]
            return found if len(found) == count else None

        return wait(f"{count} x {event} for request {asked.short}…", reported, PATIENCE, WHERE)

    def _of_age(self, number: int) -> bytes:
        """A validator's key, once the beacon chain lets it leave."""
        key = self.keys[number - 1]
        wait(f"validator {number} has been active long enough to leave", lambda: self.beacon.is_of_age(key), PATIENCE,
             WHERE_BEACON)
        return key

    def _leaves(self, number: int) -> int:
        """The epoch in which a validator leaves, once the beacon chain has taken its exit."""
        found = wait(f"the beacon chain takes the exit of validator {number}",
                     lambda: self.beacon.leaving(self.keys[number - 1]), PATIENCE, WHERE_BEACON)
        note(f"validator {number} is {found['status']}, exit in epoch {found['validator']['exit_epoch']}")
        return int(found["validator"]["exit_epoch"])

    def _sender(self, transaction: str) -> str:
        return self.contract.rpc("eth_getTransactionByHash", transaction)["from"].lower()

    def _account(self, node: Node) -> str:
        return inspect.card(node)["account"].lower()

    def _numbers(self, accounts: set[str]) -> list[int]:
        return [node.number for node in self.testnet.nodes if self._account(node) in accounts]


def run(program: str, oracles: int, count: int, block_time: float) -> tuple[Testnet, Callable[[], Summary]]:
    """A testnet for so many validators, and what tells their story on it."""
    testnet = launch.bring_up(
        program, oracles, None, block_time, beacon=True, staff=OPERATORS, ether=ETHER * count + 1)
    return testnet, lambda: Story(program, testnet, count).tell()


def names(numbers: Any) -> str:
    return ", ".join(str(number) for number in numbers)
