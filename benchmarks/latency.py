"""Milliseconds from a change in the PLC to the painted value.

A second OPC UA client writes a setpoint into the PLC, as its local panel would. The clock starts when the PLC's
server has taken the value, and stops when the console has painted it. Publishing interval as the
demo project has it: 100 ms.
"""

import asyncio
import queue
import statistics
import time

from asyncua import Client, ua

from benchmarks.site import Process, Site, running_site

TAG = "LZ.UF.R01.FLOWSP"
CHANGES = 60
LOW, STEP = 1500.0, 1.0


async def _change(node: object, value: float) -> int:
    await node.write_value(ua.DataValue(ua.Variant(value, ua.VariantType.Float)))  # type: ignore[attr-defined]
    return time.time_ns()


def _painted(console: Process, wanted: float, timeout_s: float) -> int:
    """Return the time (ns) at which the console painted the value."""
    deadline = time.monotonic() + timeout_s
    while True:
        line = console.wait_for("PAINTED", max(0.1, deadline - time.monotonic()))
        _, tag, value, painted_ns = line.split()
        if tag == TAG and abs(float(value) - wanted) < STEP / 2:
            return int(painted_ns)


async def _measure(site: Site, console: Process) -> list[float]:
    loop = asyncio.get_running_loop()
    result: list[float] = []
    async with Client(f"opc.tcp://127.0.0.1:{site.ports[0]}/haihe/uf") as client:
        index = await client.get_namespace_index("urn:lingzhuang:uf")
        node = client.get_node(ua.NodeId(TAG, index))
        for number in range(CHANGES):
            value = LOW + number * STEP
            written_ns = await _change(node, value)
            painted_ns = await loop.run_in_executor(None, _painted, console, value, 10.0)
            result.append((painted_ns - written_ns) / 1e6)
            # changes fall at all phases of the publishing interval
            await asyncio.sleep(0.137 + 0.011 * (number % 9))
    return result


def run() -> dict[str, float]:
    """Return the median and the 99th percentile of ``plc_to_pixel_ms``."""
    with running_site() as site, site.console("--report-paint", TAG, "--display", "uf-hall") as console:
        try:
            console.wait_for("PAINTED", 30)
        except queue.Empty as error:
            raise RuntimeError(f"the console never painted {TAG}") from error
        latencies = asyncio.run(_measure(site, console))
    return {
        "plc_to_pixel_ms_p50": statistics.median(latencies),
        "plc_to_pixel_ms_p99": statistics.quantiles(latencies, n=100, method="inclusive")[98],
        "plc_to_pixel_ms_max": max(latencies),
    }
