"""A mail server on loopback that takes everything and keeps nothing; prints its port, ends with its input."""

import asyncio
import socket
import sys

from aiosmtpd.smtp import SMTP

from tests.proofs._server import HOST


class _Drop:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"


async def _serve():
    loop, listener = asyncio.get_running_loop(), socket.create_server((HOST, 0))
    server = await loop.create_server(lambda: SMTP(_Drop(), hostname="sink", loop=loop), sock=listener)
    async with server:
        print(listener.getsockname()[1], flush=True)
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
