"""``haihe probe``: what lies at an address of a Modbus device, in every type and byte order."""

import argparse
import asyncio
import math
from functools import partial

from app.cli.common import add_json, add_project, fail, print_json
from app.link.client import EngineClient
from app.link.endpoint import find_engine
from app.model.address import AddressError, ModbusAddress
from app.model.keystore import Keystore
from app.model.plant import Plant
from app.project import load_plant
from app.project.state import keys_folder
from app.security.secrets import find_secret
from connectors.modbus.probe import Meaning, meanings, probe_directly


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    parser.add_argument("connection", metavar="CONNECTION", help="id of a Modbus connection")
    parser.add_argument("address", metavar="ADDRESS", help="such as hr100, 2/ir7, hr7.3, co12, hr20:string8")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read the address through the engine if one runs, else over a socket of our own, and show what it means."""
    plant = load_plant(arguments.project)
    connection = plant.connections.get(arguments.connection)
    address: str = arguments.address
    if connection is None:
        return fail(f"haihe probe: no such connection: {arguments.connection}; allowed: {', '.join(plant.connections)}")
    if not connection.protocol.is_modbus:
        return fail(f"haihe probe: {connection.id} is {connection.protocol.value}; allowed: a Modbus connection")
    try:
        ModbusAddress.parse(address)
    except AddressError as error:
        return fail(f"haihe probe: {error}")
    registers, way = asyncio.run(_read(plant, connection.id, address))
    found = meanings(address, registers)
    if arguments.json:
        print_json(
            {
                "connection": connection.id,
                "address": address,
                "through": way,
                "registers": list(registers),
                "meanings": [{"type": m.data_type, "order": m.order, "value": _json(m.value)} for m in found],
            }
        )
    else:
        raw = " ".join(f"{register:04X}" for register in registers)
        print(f"{connection.id} {address}, read through {way}: {raw}")
        _print_table(found)
    return 0


async def _read(plant: Plant, connection: str, address: str) -> tuple[tuple[int, ...], str]:
    """Return the registers, and through what they were read: many devices serve one client at a time."""
    endpoint = find_engine(plant.id)
    if endpoint is None:
        keystore = Keystore(keys_folder(plant.id), plant.id, partial(find_secret, plant.id))
        return await probe_directly(plant.connections[connection], keystore, address), "a socket of its own"
    client = await EngineClient.connect(endpoint)
    try:
        return await client.probe(connection, address), "the engine"
    finally:
        await client.close()


def _print_table(found: list[Meaning]) -> None:
    """Print a row a type and a column an order."""
    orders = [order for order in dict.fromkeys(each.order for each in found) if order]
    if not orders:
        print(f"{found[0].data_type:<8} {_text(found[0].value)}")
        return
    rows: dict[str, dict[str, str]] = {}
    for each in found:
        rows.setdefault(each.data_type, {})[each.order] = _text(each.value)
    columns = ["ABCD", "CDAB", "BADC", "DCBA"] if len(orders) > 2 else orders
    wide = {order: max(len(order), *(len(row.get(order, "")) for row in rows.values())) for order in columns}
    print("         " + "  ".join(f"{order:>{wide[order]}}" for order in columns).rstrip())
    for name, row in rows.items():
        print(f"{name:<8} " + "  ".join(f"{row.get(order, ''):>{wide[order]}}" for order in columns).rstrip())


def _text(value: float | int | bool | str | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.7g}"
    return repr(value) if isinstance(value, str) else str(value)


def _json(value: float | int | bool | str | None) -> float | int | bool | str | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value
