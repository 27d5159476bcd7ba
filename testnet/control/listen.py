"""Listens to an oracle's events, through its deaths and restarts."""

import json
import socket
import threading
import time

from .state import Node


class Listener:
    """Collects one oracle's events in a thread of its own."""

    def __init__(self, node: Node):
        self._path = str(node.socket)
        self._events: list[dict] = []
        self._newest = 0.0
        self._news = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def first(self, matches, patience: float) -> dict | None:
        """The first event that matches, waiting up to `patience` seconds for it."""
        deadline = time.monotonic() + patience
        with self._news:
            while True:
                for event in self._events:
                    if matches(event):
                        return event
                rest = deadline - time.monotonic()
                if rest <= 0:
                    return None
                self._news.wait(rest)

    def close(self) -> None:
        self._closed = True

    def _run(self) -> None:
        while not self._closed:
            try:
                self._follow()
            except OSError:
                pass  # not running: tried again
            time.sleep(0.1)

    def _follow(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(self._path)
            connection.sendall(b"GET /events HTTP/1.1\r\nHost: oracle\r\n\r\n")
            with connection.makefile("rb") as lines:
                for line in lines:
                    if line.startswith(b"data: "):
                        self._take(json.loads(line[len(b"data: "):]))

    def _take(self, event: dict) -> None:
        with self._news:
            if event["time"] > self._newest:
                self._newest = event["time"]
                self._events.append(event)
                self._news.notify_all()
