"""Timestamps of blocks: the wall clock with an offset, or a fixed step from block to block."""

import time


class BlockClock:
    def __init__(self, step: int | None = None) -> None:
        self.step = step  # seconds between blocks, None for the wall clock
        self.offset = 0  # seconds ahead of the wall clock
        self.next: int | None = None  # the next block's timestamp, used once

    def after(self, parent: int) -> int:
        """The timestamp of the block that follows one of `parent`'s; always later."""
        chosen, self.next = self.next, None
        if chosen is not None:
            return max(chosen, parent + 1)
        if self.step is not None:
            return parent + self.step + self.offset_once()
        return max(int(time.time()) + self.offset, parent + 1)

    def offset_once(self) -> int:
        """With a fixed step an increase of time is one longer step."""
        jump, self.offset = self.offset, 0
        return jump
