"""The proxy that injects faults: it loses nothing but what is cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from benchmarks.proxy import Proxy


@asynccontextmanager
async def echo() -> AsyncIterator[Proxy]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1000):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    proxy = Proxy(server.sockets[0].getsockname()[1])
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.close()
        server.close()
        await server.wait_closed()


async def exchange(proxy: Proxy, data: bytes = b"water") -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(data)
    try:
        async with asyncio.timeout(10):
            return await reader.readexactly(len(data))
    finally:
        writer.transport.abort()


def test_everything_is_passed_on_in_its_order_and_late_where_it_is_delayed() -> None:
    async def work() -> None:
        async with echo() as proxy:
            data = bytes(range(256)) * 2000
            assert await exchange(proxy, data) == data
            proxy.delay_s = 0.05
            began = asyncio.get_running_loop().time()
            assert await exchange(proxy) == b"water"
            assert asyncio.get_running_loop().time() - began >= 0.1  # both ways
            assert proxy.connections == 2

    asyncio.run(work())


def test_a_narrow_line_takes_its_time_for_every_byte() -> None:
    async def work() -> None:
        async with echo() as proxy:
            proxy.bytes_per_s = 10_000
            data = bytes(range(250)) * 4
            began = asyncio.get_running_loop().time()
            assert await exchange(proxy, data) == data
            assert asyncio.get_running_loop().time() - began >= 0.2  # a tenth of a second each way

    asyncio.run(work())


def test_what_was_held_comes_when_it_is_released() -> None:
    async def work() -> None:
        async with echo() as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(b"a")
            assert await reader.readexactly(1) == b"a"
            proxy.hold()
            writer.write(b"water")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.shield(waiting := asyncio.create_task(reader.readexactly(5))), 0.1)
            proxy.release()
            assert await waiting == b"water"
            writer.transport.abort()

    asyncio.run(work())


def test_a_cut_ends_every_connection_and_a_closed_door_new_ones() -> None:
    async def work() -> None:
        async with echo() as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(b"a")
            assert await reader.readexactly(1) == b"a"
            proxy.refuse(True)
            proxy.cut()
            with pytest.raises(ConnectionError):
                await reader.readexactly(1)
            writer.transport.abort()
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await exchange(proxy)
            proxy.refuse(False)
            assert await exchange(proxy) == b"water"

    asyncio.run(work())
