"""``haihe status``: what the engine tells about itself."""

import argparse

from app.cli.common import add_json, add_project, print_json, time_text, with_client
from app.link.client import EngineClient
from app.link.codec import encode
from app.model.engine import EngineStatus
from app.model.plant import Plant


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the status."""

    async def work(_plant: Plant, client: EngineClient) -> EngineStatus:
        return await client.status()

    status = with_client(arguments.project, work)
    if arguments.json:
        print_json(encode(status))
        return 0
    print(f"engine       process {status.pid}, version {status.version}, since {time_text(status.started_ns)}")
    print(f"samples      {status.samples} ({status.sample_rate:.1f}/s, {status.late} late), {status.tags} tags")
    print(f"store        {status.store_path} ({status.store_bytes / 2**20:.0f} MiB)")
    print(f"database     {status.database}: {status.database_error or 'works'}, {status.journal_pending} rows waiting")
    print(
        f"history      {status.history_pending} rows waiting; spool {status.spool_bytes / 2**20:.1f} MiB, "
        f"{status.rows_dropped} rows dropped, {status.rows_refused} refused"
    )
    print(f"alarms       {status.active_alarms} active, {status.unacknowledged_alarms} unacknowledged")
    print(f"event loop   {status.loop_lag_ms:.1f} ms late at worst; {status.clients} clients")
    for each in status.connections:
        lag = "-" if each.lag_ms is None else f"{each.lag_ms:.0f} ms"
        trip = "-" if each.round_trip_ms is None else f"{each.round_trip_ms:.0f} ms"
        print(
            f"connection   {each.id:<10} {each.state.value:<10} {each.rate:6.1f}/s  lag {lag}  round trip {trip}  "
            f"{each.bad_tags}/{each.tags} bad  {each.reconnects} reconnects  {each.error}"
        )
        for scan in each.scans:
            achieved = "-" if scan.achieved_ms is None else f"{scan.achieved_ms:.0f} ms"
            what = f"{scan.tags} tags in {scan.requests} requests"
            print(f"  poll       {scan.target_ms:.0f} ms: achieved {achieved}, {what}")
        if each.endpoint:
            print(f"  server     {each.endpoint}")
        if each.clock_skew_ms is not None:
            print(f"  clock      {each.clock_skew_ms:+.0f} ms from ours")
        for notice in each.notices:
            print(f"  notice     {notice.en}")
    for short in status.shortfalls:
        if short.count:
            where = f" of {short.connection}" if short.connection else ""
            print(f"{short.place + where:<12} {short.count} {short.what.en}: {short.remedy.en}")
    if not any(short.count for short in status.shortfalls):
        print("got through  everything: nothing dropped, refused or late")
    for line in status.errors:
        print(f"error        {line}")
    return 0
