"""Control of a running plant: a loopback port with a secret, and ``haihe disturb`` that uses it.

The endpoint file (mode 0600) holds host, port, secret and process id. One JSON-RPC 2.0 object a line each way:
``{"jsonrpc": "2.0", "id": 1, "method": "disturb", "params": {"secret": …, "name": "storm", "on": true}}``.
Methods: ``status`` and ``disturb``.
"""

import argparse
import asyncio
import hmac
import json
import os
import secrets
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from app.model.errors import EnvironmentProblem, HaiheError
from app.plantsim.disturbances import DEFAULTS, HELP, DisturbanceError
from app.plantsim.messages import Message, decode, encode
from app.project import load_plant
from app.project.state import plant_endpoint_path

TIMEOUT_S: Final = 5.0

Method = Callable[[Message], Any]


class ControlServer:
    """Serves methods to whoever can read the endpoint file."""

    def __init__(self, path: Path, methods: dict[str, Method]) -> None:
        self._path = path
        self._methods = methods
        self._secret = secrets.token_urlsafe(24)
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on a free loopback port and write the endpoint file."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()[:2]
        endpoint = {"host": host, "port": port, "secret": self._secret, "pid": os.getpid()}
        temporary = self._path.with_suffix(".tmp")
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(endpoint, file)
        temporary.replace(self._path)

    async def stop(self) -> None:
        """Stop listening and remove the endpoint file."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            if _read(self._path).get("pid") == os.getpid():  # else it is another plant's by now
                self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                writer.write(encode(self._answer(await reader.readline())))
                await writer.drain()
        except (TimeoutError, OSError, ValueError):
            pass
        finally:
            writer.close()

    def _answer(self, line: bytes) -> Message:
        try:
            request = decode(line)
            params = request.get("params", {})
            if not hmac.compare_digest(str(params.get("secret", "")), self._secret):
                return {"jsonrpc": "2.0", "id": request.get("id"), "error": {"code": -32001, "message": "wrong secret"}}
            result = self._methods[request["method"]](params)
        except DisturbanceError as error:
            return {"jsonrpc": "2.0", "id": request.get("id"), "error": {"code": -32602, "message": str(error)}}
        except (ValueError, KeyError, AttributeError) as error:
            return {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": f"bad request: {error}"}}
        return {"jsonrpc": "2.0", "id": request.get("id"), "result": result}


def check_alone(path: Path) -> None:
    """Check that no plant runs whose endpoint file this is: a second one would take its control away.

    Raises:
        EnvironmentProblem: one answers; the text says which process.

    """
    try:
        call(path, "status")
    except EnvironmentProblem:
        return
    raise EnvironmentProblem(
        f"a demo plant already runs: process {_read(path).get('pid')}; stop it first, or give another --endpoint-file"
    )


def call(path: Path, method: str, params: Message | None = None) -> Any:
    """Call a method of the plant whose endpoint file this is; blocks for at most some seconds.

    Raises:
        EnvironmentProblem: no plant runs, or it refused.

    """
    try:
        endpoint = json.loads(path.read_text(encoding="utf-8"))
        with socket.create_connection((endpoint["host"], endpoint["port"]), TIMEOUT_S) as connection:
            request = {"jsonrpc": "2.0", "id": 1, "method": method}
            connection.sendall(encode({**request, "params": {**(params or {}), "secret": endpoint["secret"]}}))
            with connection.makefile("rb") as stream:
                answer = decode(stream.readline())
    except (OSError, ValueError, KeyError) as error:
        reason = "" if isinstance(error, FileNotFoundError) else f" ({error})"
        raise EnvironmentProblem(f"no running plant answers{reason}; start one with: haihe plant") from error
    if "error" in answer:
        raise EnvironmentProblem(str(answer["error"]["message"]))
    return answer["result"]


def _read(path: Path) -> Message:
    try:
        endpoint: Message = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return endpoint


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``haihe disturb``."""
    text = "; ".join(f"{name}: {HELP[name]}" for name in DEFAULTS)
    parser.add_argument("name", choices=[*DEFAULTS, "status"], help=f"{text}; status: show the plant's state as JSON")
    parser.add_argument("--off", action="store_true", help="end the disturbance")
    parser.add_argument("--equipment", default="", metavar="X", help="rack, pump, tag or connection that it strikes")
    parser.add_argument(
        "--project", type=Path, default=None, metavar="PROJECT", help="project folder (default: the demo plant)"
    )
    parser.add_argument("--endpoint-file", type=Path, default=None, metavar="FILE", help="endpoint file of the plant")


def run(arguments: argparse.Namespace) -> int:
    """Run ``haihe disturb``; returns the exit status."""
    from app.plantsim.main import DEMO_PROJECT

    try:
        path = arguments.endpoint_file
        if path is None:
            path = plant_endpoint_path(load_plant(arguments.project or DEMO_PROJECT).id)
        if arguments.name == "status":
            result = call(path, "status")
        else:
            params = {"name": arguments.name, "on": not arguments.off, "target": arguments.equipment}
            result = call(path, "disturb", params)
    except HaiheError as error:
        sys.stderr.write(f"haihe disturb: {error.line}\n")
        return 1
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    return 0
