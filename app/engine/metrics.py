"""The engine's figures as OpenMetrics families; names follow OpenMetrics 1.0: base units, ``_total`` for counters."""

from collections.abc import Iterator
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, StateSetMetricFamily

from app.model.clock import SECOND_NS
from app.model.connection import ConnectionState, ConnectionStatus
from app.model.engine import EngineStatus, Shortfall

_MS: Final = 1000.0


def families(status: EngineStatus) -> Iterator[Metric]:
    """Yield all families of one snapshot."""
    yield InfoMetricFamily("haihe_engine", "What runs.", {"version": status.version, "project": status.project_id})
    yield _gauge(
        "start_time_seconds", "When the engine started, seconds since the epoch.", status.started_ns / SECOND_NS
    )
    yield _counter("samples", "Samples taken since start.", status.samples)
    yield _counter("samples_late", "Samples older than the newest of their tag.", status.late)
    yield _gauge("tags", "Tags of the project.", status.tags)
    yield _gauge("store_bytes", "Size of the trend store in shared memory.", status.store_bytes)
    yield _gauge("database_up", "1 while the database works.", not status.database_error)
    yield _gauge("journal_pending_rows", "Rows of the journal not yet in the database.", status.journal_pending)
    yield _gauge("history_pending_rows", "Samples not yet in the database.", status.history_pending)
    yield _gauge("spool_bytes", "Size of what waits on disk for the database.", status.spool_bytes)
    yield _counter("history_rows_dropped", "Rows lost since start, the spool being full.", status.rows_dropped)
    yield _counter("history_rows_refused", "Rows set aside, refused by the database.", status.rows_refused)
    yield _gauge("link_clients", "Consoles and tools connected to the engine.", status.clients)
    yield _gauge("alarms_active", "Active alarms.", status.active_alarms)
    yield _gauge("alarms_unacknowledged", "Alarms that nobody has acknowledged.", status.unacknowledged_alarms)
    yield _gauge(
        "event_loop_lag_seconds", "How late the event loop woke at worst in ten seconds.", status.loop_lag_ms / _MS
    )
    yield _shortfalls(status.shortfalls)
    yield from _connections(status.connections)


def _shortfalls(shortfalls: tuple[Shortfall, ...]) -> Metric:
    text = "What was dropped, refused, late or restarted since start, by place."
    family = CounterMetricFamily("haihe_shortfalls", text, labels=["place", "connection"])
    for each in shortfalls:
        family.add_metric([each.place, each.connection], each.count)
    return family


def _connections(connections: tuple[ConnectionStatus, ...]) -> Iterator[Metric]:
    state = StateSetMetricFamily("haihe_connection_state", "State of a connection.", labels=["connection"])
    gauges = {
        name: GaugeMetricFamily(f"haihe_connection_{name}", text, labels=["connection"])
        for name, text in (
            ("tags", "Tags of a connection."),
            ("bad_tags", "Tags whose status is bad."),
            ("lag_seconds", "Receive time minus source time of the newest sample."),
            ("round_trip_seconds", "Time of the last request."),
            ("period_seconds", "Achieved poll or publishing period."),
        )
    }
    counters = {
        name: CounterMetricFamily(f"haihe_connection_{name}", text, labels=["connection"])
        for name, text in (
            ("updates", "Samples received since start."),
            ("overflows", "Values that the device or the connector had to drop."),
            ("reconnects", "Successful connections after the first."),
        )
    }
    for each in connections:
        state.add_metric([each.id], {one.value: one is each.state for one in ConnectionState})
        for name, number in (
            ("tags", each.tags),
            ("bad_tags", each.bad_tags),
            ("lag_seconds", _seconds(each.lag_ms)),
            ("round_trip_seconds", _seconds(each.round_trip_ms)),
            ("period_seconds", _seconds(each.period_ms)),
        ):
            if number is not None:
                gauges[name].add_metric([each.id], number)
        for name, count in (
            ("updates", each.updates),
            ("overflows", each.overflows),
            ("reconnects", each.reconnects),
        ):
            counters[name].add_metric([each.id], count)
    yield state
    yield from gauges.values()
    yield from counters.values()


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"haihe_{name}", text, value=float(value))


def _counter(name: str, text: str, value: int) -> Metric:
    return CounterMetricFamily(f"haihe_{name}", text, value=value)


def _seconds(ms: float | None) -> float | None:
    return None if ms is None else ms / _MS
