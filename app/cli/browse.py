"""``haihe browse``: what an OPC UA server has, level by level, with addresses for ``tags.csv``."""

import argparse
import asyncio
from functools import partial
from typing import cast

from app.cli.common import add_json, add_project, fail, print_json
from app.link.client import EngineClient
from app.link.codec import Json, encode
from app.link.endpoint import find_engine
from app.model import status as st
from app.model.address import AddressError
from app.model.browsing import BrowseResult, NodeDescription, differences
from app.model.clock import SystemClock
from app.model.keystore import Keystore
from app.model.opcua_address import OpcUaAddress
from app.model.plant import Plant
from app.model.tag import Tag
from app.project import load_plant
from app.project.state import keys_folder
from app.security.secrets import find_secret
from connectors.opcua.browsing import browse_directly


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    parser.add_argument("connection", metavar="CONNECTION", help="id of an OPC UA connection")
    parser.add_argument(
        "node", metavar="NODE", nargs="?", default="", help="where to begin, such as nsu=urn:plc;s=Hall"
    )
    parser.add_argument("--depth", type=int, default=1, metavar="N", help="levels below the node, 1 to 10 (default 1)")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Browse through the engine if one runs, else in a session of our own, and print what is there."""
    plant = load_plant(arguments.project)
    connection = plant.connections.get(arguments.connection)
    if connection is None:
        return fail(
            f"haihe browse: no such connection: {arguments.connection}; allowed: {', '.join(plant.connections)}"
        )
    if connection.protocol.is_modbus:
        return fail(f"haihe browse: {connection.id} is {connection.protocol.value}; allowed: an OPC UA connection")
    if not 1 <= arguments.depth <= 10:
        return fail(f"haihe browse: --depth {arguments.depth} is not allowed; allowed: 1 to 10")
    try:
        if arguments.node:
            OpcUaAddress.parse(arguments.node)
    except AddressError as error:
        return fail(f"haihe browse: {error}")
    result, way = asyncio.run(_browse(plant, connection.id, arguments.node, arguments.depth))
    tags = _tags(plant, connection.id)
    if arguments.json:
        print_json(
            {
                "connection": connection.id,
                "through": way,
                "complete": result.complete,
                "nodes": [_json(each, tags.get(each.address, [])) for each in result.nodes],
            }
        )
        return 0
    print(f"{connection.id} {arguments.node or 'objects'}, through {way}: {len(result.nodes)} nodes")
    for each in result.nodes:
        _print(each, tags.get(each.address, []))
    if not result.complete:
        print("… there are more; begin at one of these nodes")
    return 0


async def _browse(plant: Plant, connection: str, node: str, depth: int) -> tuple[BrowseResult, str]:
    endpoint = find_engine(plant.id)
    if endpoint is None:
        keystore = Keystore(keys_folder(plant.id), plant.id, partial(find_secret, plant.id))
        found = await browse_directly(plant.connections[connection], keystore, SystemClock(), node, depth)
        return found, "a session of its own"
    client = await EngineClient.connect(endpoint)
    try:
        return await client.browse(connection, node, depth), "the engine"
    finally:
        await client.close()


def _tags(plant: Plant, connection: str) -> dict[str, list[Tag]]:
    """Return the tags of a connection by the address of their node."""
    tags: dict[str, list[Tag]] = {}
    for tag in plant.tags.values():
        if tag.connection == connection:
            node = OpcUaAddress.parse(tag.address)
            whole = OpcUaAddress(node.namespace_uri, node.namespace_index, node.identifier)
            tags.setdefault(str(whole), []).append(tag)
    return tags


def _notices(node: NodeDescription, tags: list[Tag]) -> list[str]:
    return [text.en for tag in tags for text in differences(tag, node.metadata)]


def _json(node: NodeDescription, tags: list[Tag]) -> Json:
    more: dict[str, Json] = {
        "status_name": st.status_name(node.status),
        "tags": [tag.name for tag in tags],
        "notices": list(_notices(node, tags)),
    }
    return cast(dict[str, Json], encode(node)) | more


def _print(node: NodeDescription, tags: list[Tag]) -> None:
    indent = "  " * node.depth
    print(f"{indent}{node.display_name or node.browse_name}  {node.address}")
    words = []
    if node.node_class != "Variable":
        words.append(node.node_class.lower())
    else:
        told = node.metadata
        words.append(node.data_type + ("" if node.value_rank in {None, -1} else " array"))
        words.append(f"= {node.value}" if not st.is_bad(node.status) else st.status_name(node.status))
        if told.unit:
            words.append(told.unit)
        if told.low is not None and told.high is not None:
            words.append(f"range {told.low:g} to {told.high:g}")
        words.extend(f"{number}={text}" for number, text in told.states)
        words.append({(True, True): "read, write", (True, False): "read", (False, True): "write"}.get(
            (node.readable, node.writable), "no access"))  # fmt: skip
        if told.description:
            words.append(told.description)
    if tags:
        words.append(f"tag {', '.join(tag.name for tag in tags)}")
    print(f"{indent}    {'  '.join(words)}")
    for notice in _notices(node, tags):
        print(f"{indent}    ! {notice}")
