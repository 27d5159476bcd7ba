"""A relay between the members that delays, slows, loses and holds what they say, by pair and direction."""

import asyncio
import random
import threading
from collections import deque
from dataclasses import dataclass

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

    def __init__(self, host: str, members: dict[int, tuple[str, int]], hosts: dict[str, int]):
        """`members`: where each listens; `hosts`: which member a connection from an address is."""
        self.ports: dict[int, int] = {}
        self._host = host
        self._members = members
        self._hosts = hosts
        self._weather: dict[tuple[int, int], Weather] = {}
        self._loop = asyncio.new_event_loop()
        self._changed = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def set(self, weather: Weather, sources: list[int], targets: list[int]) -> None:
        """The weather from each of the sources to each of the targets from now on."""
        def change() -> None:
            for source in sources:
                for target in targets:
                    self._weather[source, target] = weather
            self._changed.set()
            self._changed = asyncio.Event()

        self._loop.call_soon_threadsafe(change)

    async def _listen(self) -> None:
        for member in self._members:
            async def accept(reader, writer, target=member) -> None:
                await self._serve(reader, writer, target)

            server = await asyncio.start_server(accept, self._host, 0, limit=2**16)
            self.ports[member] = server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: int) -> None:
        source = self._hosts.get(writer.get_extra_info("peername")[0], 0)
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
