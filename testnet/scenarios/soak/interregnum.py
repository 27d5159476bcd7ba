"""Measures for how long there was no leader."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Gap:
    lasted: float
    at: float
    during: str

    def __str__(self) -> str:
        return f"{self.lasted:.1f} s (minute {self.at / 60:.1f}{': ' if self.during else ''}{self.during})"


class Interregnum:
    """Looks at what all members say, again and again, and keeps the longest time without a leader.

    A member is there when it says in which view it is, and no trouble keeps it from the others. There is a leader when a
    quorum of these are in one view with its election's certificate, and the view's leader is one of them. While no quorum
    is there, there cannot be a leader; that time counts in `longest`, but not in `longest_within`.
    """

    def __init__(self, quorum: int):
        self.quorum = quorum
        self.longest = self.longest_within = Gap(0.0, 0.0, "")
        self.looks = self.with_leader = 0
        self._since: float | None = None
        self._since_within: float | None = None

    def look(self, now: float, answers: Mapping[int, dict], troubled: Collection[int], during: str) -> None:
        """`answers`: the status of each member that gave one; `troubled`: who is kept from the others; `now` in seconds."""
        self.looks += 1
        there = {number: answer for number, answer in answers.items() if number not in troubled and answer.get("view")}
        if self._has_leader(there):
            self.with_leader += 1
            self._since = self._since_within = None
            return
        self._since = now if self._since is None else self._since
        self.longest = self._longer(self.longest, self._since, now, during)
        if len(there) < self.quorum:
            self._since_within = None
        else:
            self._since_within = now if self._since_within is None else self._since_within
            self.longest_within = self._longer(self.longest_within, self._since_within, now, during)

    def _has_leader(self, answers: Mapping[int, dict]) -> bool:
        for leader, word in answers.items():
            view = word.get("view")
            if word.get("isLeading") and word.get("leader") == leader and sum(
                answer.get("view") == view and (answer.get("certificate") or {}).get("view") == view
                for answer in answers.values()
            ) >= self.quorum:
                return True
        return False

    @staticmethod
    def _longer(known: Gap, since: float, now: float, during: str) -> Gap:
        return Gap(now - since, since, during) if now - since > known.lasted else known
