"""Serves the engine's figures to a monitoring system: OpenMetrics text over HTTP, on loopback only, off by default."""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Metric, make_wsgi_app
from prometheus_client.registry import Collector

from app.engine.metrics import families
from app.model.engine import EngineStatus
from app.model.errors import EnvironmentProblem

LOOPBACK: Final = "127.0.0.1"
OPEN_METRICS: Final = "application/openmetrics-text"
PATIENCE_S: Final = 2.0
_SILENT_S: Final = 5.0

log = logging.getLogger(__name__)


class MetricServer:
    """Serves ``http://127.0.0.1:PORT/metrics`` from threads of its own; made and closed in the event loop.

    Args:
        status: returns a snapshot; called in the event loop.
        port: 0 for any free one; ``port`` tells which.

    Raises:
        EnvironmentProblem: the port cannot be had.

    """

    def __init__(self, status: Callable[[], EngineStatus], port: int) -> None:
        registry = CollectorRegistry()
        registry.register(_Snapshots(status, asyncio.get_running_loop()))
        try:
            self._server = make_server(LOOPBACK, port, _open_metrics(registry), _Server, _Handler)
        except OSError as error:
            raise EnvironmentProblem(
                f"Metrics cannot be served on {LOOPBACK}:{port}: {error.strerror}; choose another port with --metrics"
            ) from error
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="metrics", daemon=True)
        self._thread.start()
        log.info("metrics on http://%s:%d/metrics", LOOPBACK, self.port)

    async def close(self) -> None:
        """Stop serving; returns when no thread of it is left."""
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Snapshots(Collector):
    """Asks the event loop for a snapshot at each request, from the request's thread."""

    def __init__(self, status: Callable[[], EngineStatus], loop: asyncio.AbstractEventLoop) -> None:
        self._status = status
        self._loop = loop

    def collect(self) -> Iterator[Metric]:
        """Return all families.

        Raises:
            TimeoutError: the event loop does not answer.

        """

        async def ask() -> EngineStatus:
            return self._status()

        asked = asyncio.run_coroutine_threadsafe(ask(), self._loop)
        try:
            return families(asked.result(PATIENCE_S))
        finally:
            asked.cancel()


class _Server(ThreadingMixIn, WSGIServer):
    """A thread a request, so that a client that says nothing keeps no other waiting; all end with the server."""

    daemon_threads = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what ended a request: a client that went away is no matter."""
        log.debug("a request for metrics failed: %s", sys.exception())


class _Handler(WSGIRequestHandler):
    """One request; a client has five seconds to say what it wants."""

    timeout = _SILENT_S

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a request every few seconds is no news."""


def _open_metrics(registry: CollectorRegistry) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Return the application; who does not ask for the older text format is given OpenMetrics."""
    inner: Any = make_wsgi_app(registry, disable_compression=True)

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") not in {"/metrics", "/"}:
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"only /metrics is here\n"]
        if "text/plain" not in environ.get("HTTP_ACCEPT", ""):
            environ["HTTP_ACCEPT"] = OPEN_METRICS
        try:
            answer: Iterable[bytes] = inner(environ, start)
        except TimeoutError:
            start("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"the engine's event loop does not answer\n"]
        return answer

    return application
