"""When blocks are made: on every transaction, by the clock, or only when asked."""

import asyncio
import time

from .chain import Chain


class Producer:
    """Automine and an interval exclude each other: with an interval set, transactions wait for it."""

    def __init__(self, chain: Chain, automine: bool) -> None:
        self._chain = chain
        self._task: asyncio.Task[None] | None = None
        self.automine = automine
        self.failure: asyncio.Future[None] | None = None

    def submitted(self) -> None:
        """A transaction has entered the pool."""
        if not self.automine or self._task is not None:
            return
        while self._chain.has_executable():
            self._chain.mine()

    def set_interval(self, seconds: float) -> None:
        """Make a block every so many seconds; 0 stops that."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if seconds > 0:
            self._task = asyncio.get_running_loop().create_task(self._run(seconds))
            self._task.add_done_callback(self._ended)

    async def _run(self, seconds: float) -> None:
        due = time.monotonic()
        while True:
            # A late block does not make the next one come sooner than half an interval after it.
            due = max(due + seconds, time.monotonic() + seconds / 2)
            await asyncio.sleep(due - time.monotonic())
            self._chain.mine()

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A producer that died must not leave a chain that looks alive."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self.fail(error)

    def fail(self, error: BaseException) -> None:
        """End the process with this error."""
        if self.failure is not None and not self.failure.done():
            self.failure.set_exception(error)
