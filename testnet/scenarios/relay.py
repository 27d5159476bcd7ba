"""A relay between the members that delays, slows, loses and holds what they say, by pair and direction."""

import asyncio
import random
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Address = tuple[str, int]
CHUNK = 4_096  # bytes that a segment of the relay's has at most
RESENDING = 0.2  # seconds that TCP needs at least to send a lost segment again


@dataclass(frozen=True)
class Weather:
    """What happens to bytes on their way in one direction."""

    delay: float = 0.0  # seconds
    jitter: float = 0.0  # seconds more or less
    loss: float = 0.0  # of segments; TCP sends them again, so that they come late
    rate: float = 0.0  # bytes a second, 0 for no limit
    is_held: bool = False  # nothing passes until it does again, as in a network that is cut

    def delay_of_next(self) -> float:
        late = max(0.0, self.delay + random.uniform(-self.jitter, self.jitter))
        tries = 0
        while random.random() < self.loss and tries < 6:
            late += RESENDING * 2**tries
            tries += 1
        return late


FAIR = Weather()


class Relay:
    """Listens for each member, and passes what comes on to it."""

    def __init__(self, host: str, members: dict[int, Address], who: Callable[[Address], int]):
        """`members`: where each listens; `who`: which member has connected from an address."""
        self.ports: dict[int, int] = {}
        self._host = host
        self._members = members
        self._who = who
        self._servers: dict[int, asyncio.Server] = {}
        self._weather: dict[tuple[int, int], Weather] = {}
        self._loop = asyncio.new_event_loop()
        self._changed = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.open(members)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        await self._shut(list(self._servers))
        passing = asyncio.all_tasks() - {asyncio.current_task()}
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)

    def set(self, weather: dict[tuple[int, int], Weather]) -> None:
        """The weather from source to target from now on; it is fair between those who are not named."""
        def change() -> None:
            self._weather = weather
            self._changed.set()
            self._changed = asyncio.Event()

        self._loop.call_soon_threadsafe(change)

    def shut(self, members: Iterable[int]) -> None:
        """Refuses connections to the members from now on, as the host of a process does that has ended."""
        asyncio.run_coroutine_threadsafe(self._shut(members), self._loop).result(10)

    def open(self, members: Iterable[int]) -> None:
        """Takes connections to the members again."""
        asyncio.run_coroutine_threadsafe(self._listen(members), self._loop).result(10)

    async def _shut(self, members: Iterable[int]) -> None:
        for member in members:
            if server := self._servers.pop(member, None):
                server.close()

    async def _listen(self, members: Iterable[int]) -> None:
        for member in members:
            if member in self._servers:
                continue

            async def accept(reader, writer, target=member) -> None:
                await self._serve(reader, writer, target)

            server = await asyncio.start_server(accept, self._host, self.ports.get(member, 0), limit=2**16)
            self._servers[member] = server
            self.ports[member] = server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: int) -> None:
        source = self._who(writer.get_extra_info("peername"), writer.get_extra_info("sockname"))
        try:
            back, forth = await asyncio.open_connection(*self._members[target], limit=2**16)
        except OSError:
            writer.transport.abort()  # refused there, so reset here
            return
        ways = [asyncio.ensure_future(self._pass(reader, forth, source, target)),
                asyncio.ensure_future(self._pass(back, writer, target, source))]
        await asyncio.wait(ways)
        for end in (writer, forth):
            end.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, source: int, target: int) -> None:
        """Moves bytes in order, each segment no sooner than the weather lets it."""
        waiting: deque[tuple[float, bytes]] = deque()
        news = asyncio.Event()
        feeder = asyncio.ensure_future(self._read(reader, waiting, news, source, target))
        try:
            while True:
                while not waiting:
                    news.clear()
                    await news.wait()
                due, segment = waiting.popleft()
                await asyncio.sleep(max(0.0, due - self._loop.time()))
                while self._weather.get((source, target), FAIR).is_held:
                    await self._changed.wait()
                if not segment:
                    break
                writer.write(segment)
                await writer.drain()
            writer.close()
        except (OSError, RuntimeError):
            writer.transport.abort()
        finally:
            feeder.cancel()

    async def _read(self, reader: asyncio.StreamReader, waiting: deque, news: asyncio.Event, source: int,
                    target: int) -> None:
        free = latest = 0.0
        segment = b"first"
        while segment:
            try:
                segment = await reader.read(CHUNK)
            except OSError:
                segment = b""
            weather = self._weather.get((source, target), FAIR)
            free = max(free, self._loop.time()) + (len(segment) / weather.rate if weather.rate else 0.0)
            # TCP keeps the order: what is lost holds up what follows.
            latest = max(latest, free + weather.delay_of_next())
            waiting.append((latest, segment))
            news.set()
            if weather.rate:
                await asyncio.sleep(free - self._loop.time())
