"""A line between people and site that can be cut: a proxy of our own, which hangs up, half closes or falls silent."""

import contextlib
import random
import socket
import struct
import threading

from tests.faults.wire import connect

WAYS = ("reset", "half", "silent")
AT_ONCE = struct.pack("ii", 1, 0)


class Cable:
    """Passes on what comes to ``port``, to the site at ``target``, until it is cut."""

    def __init__(self, target: int, seed: int) -> None:
        self.target, self.chance = target, random.Random(seed)
        self.broken, self.way = threading.Event(), ""
        self.pairs: set[tuple[socket.socket, socket.socket]] = set()
        self.lock = threading.Lock()
        self.door = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self.door.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Take it away."""
        self.door.close()
        self._drop("reset")

    def cut(self, way: str) -> None:
        """``reset``: both ends hear it. ``half``: the answers are cut off, requests in flight still arrive. ``silent``: nothing
        passes any more, and nobody is told."""
        self.way = way
        self.broken.set()
        if way != "silent":
            self._drop(way)

    def mend(self) -> None:
        """New connections pass again; those of before do not come back."""
        self.broken.clear()
        self._drop("reset")

    def _drop(self, way: str) -> None:
        with self.lock:
            gone, self.pairs = self.pairs, set()
        for inner, outer in gone:
            for end in (inner,) if way == "half" else (inner, outer):
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                    end.shutdown(socket.SHUT_RDWR)
                    end.close()

    def _listen(self) -> None:
        while True:
            try:
                inner, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(inner,), daemon=True).start()

    def _serve(self, inner: socket.socket) -> None:
        if self.broken.is_set() and self.way != "silent":
            inner.close()
            return
        try:
            outer = connect(self.target)
        except OSError:
            inner.close()
            return
        with self.lock:
            self.pairs.add((inner, outer))
        back = threading.Thread(target=self._pass, args=(outer, inner), daemon=True)
        back.start()
        self._pass(inner, outer)
        back.join(30)
        with self.lock:
            self.pairs.discard((inner, outer))
        for end in (inner, outer):
            end.close()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                if self.broken.is_set() and self.way == "silent":
                    continue  # swallowed
                target.sendall(piece)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
