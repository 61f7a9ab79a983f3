"""A slow line on loopback: what passes in each direction takes its turn at a rate and arrives after a delay.

The rate is of what TCP carries, shared by all connections, as a phone's line is; both delays together are `rtt`. What
has one of `mute` in it never arrives, nor what follows it on that connection. Once something sets out that has
`cut_at` in it, the line is cut: nothing arrives any more.
"""

import asyncio
import contextlib
import threading
from dataclasses import dataclass, field

PACKET = 1460  # bytes
BURST = 0.1  # seconds of its rate that a line makes up for after a rest, or after this program had to wait


@dataclass
class Direction:
    """One way through the line: kbps, and milliseconds on the way."""

    rate: float
    delay: float
    free: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def pass_through(self, size):
        """Wait until these bytes are through the narrow part; return when they arrive (seconds of the loop's clock)."""
        loop = asyncio.get_running_loop()
        async with self.turn:
            self.free = max(self.free, loop.time() - BURST) + size * 8 / (self.rate * 1000)
            await asyncio.sleep(self.free - loop.time())
            return max(self.free, loop.time()) + self.delay / 1000


class Line:
    """A port on loopback with a line of that kind to the server behind it; use it as a context."""

    def __init__(self, port, down, up, rtt, mute=(), cut_at=None):
        self._behind, self._figures = port, (down, up, rtt / 2)
        self._mute, self._cut_at = [part.encode() for part in mute], cut_at and cut_at.encode()
        self._loop, self._ready = asyncio.new_event_loop(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._cut, self._links = False, set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        down, up, delay = self._figures
        self._down, self._up = Direction(down, delay), Direction(up, delay)
        server = self._loop.run_until_complete(asyncio.start_server(self._link, "127.0.0.1", 0, limit=PACKET))
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._end())
        self._loop.close()

    async def _end(self):
        """Let all links end; one that was taken a moment ago may begin while the others do."""
        quiet = 0
        while quiet < 3:
            links = asyncio.all_tasks() - {asyncio.current_task()}
            for task in links:
                task.cancel()
            await asyncio.gather(*links, return_exceptions=True)
            await asyncio.sleep(0.01)  # what is closed says so in the next turn
            quiet = 0 if links else quiet + 1

    async def _link(self, reader, writer):
        self._links.add(asyncio.current_task())  # the loop holds no task that waits for what never comes
        behind, to_behind = await asyncio.open_connection("127.0.0.1", self._behind, limit=PACKET)
        both = [self._carry(self._up, reader, to_behind), self._carry(self._down, behind, writer)]
        tasks = [asyncio.ensure_future(one) for one in both]
        with contextlib.suppress(asyncio.CancelledError):  # the whole line goes
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        for end in (writer, to_behind):
            end.transport.abort()

    async def _carry(self, direction, reader, writer):
        """Hand on what comes; ends when either side does, and what is still under way is gone then."""
        under_way = asyncio.Queue()
        arriving = asyncio.ensure_future(self._arrive(under_way, writer))
        try:
            with contextlib.suppress(OSError):
                while data := await reader.read(PACKET):
                    if self._dropped(direction, data):
                        await asyncio.Event().wait()  # nothing of this connection arrives any more
                    await under_way.put((await direction.pass_through(len(data)), data))
                await under_way.join()
        finally:
            arriving.cancel()

    def _dropped(self, direction, data):
        out = direction is self._up
        self._cut = self._cut or bool(out and self._cut_at and self._cut_at in data)
        return self._cut or (out and any(part in data for part in self._mute))

    async def _arrive(self, under_way, writer):
        with contextlib.suppress(OSError):
            while True:
                at, data = await under_way.get()
                await asyncio.sleep(at - self._loop.time())
                writer.write(data)
                await writer.drain()
                under_way.task_done()
