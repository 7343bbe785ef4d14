"""``haihe alarms PROJECT --kpi``: the figures of alarm management."""

import argparse
import sys
import time
from typing import Final

from app.alarms.kpi import Figure, judge, measure
from app.cli.common import parse_time, print_json, time_text, with_client
from app.link.client import EngineClient
from app.link.codec import encode
from app.model.alarm_kpi import DAY_NS, AlarmKpiReport, AlarmKpiRequest
from app.model.plant import Plant

_DAYS: Final = 30
_NAMES: Final = {
    Figure.PER_DAY: "annunciated a day",
    Figure.PER_HOUR: "annunciated an hour",
    Figure.PER_TEN_MINUTES: "annunciated in ten minutes",
    Figure.MOST: "most in any ten minutes",
    Figure.BUSY_HOURS: "hours with more than 30",
    Figure.CROWDED: "ten minutes with more than 10",
    Figure.FLOOD: "time in flood",
    Figure.TOP_TEN: "share of the ten most frequent",
    Figure.CHATTERING: "chattering alarms",
    Figure.FLEETING: "fleeting alarms",
    Figure.STALE: "most stale on a day",
    Figure.PRIORITIES: "priority 1 and 2 of all",
    Figure.ACKNOWLEDGED: "median time to acknowledge",
    Figure.SHELVED: "shelved overdue",
}
_SHARES: Final = {Figure.BUSY_HOURS, Figure.CROWDED, Figure.FLOOD, Figure.TOP_TEN, Figure.PRIORITIES}
_AVERAGES: Final = {Figure.PER_DAY, Figure.PER_HOUR, Figure.PER_TEN_MINUTES}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the figures to the command's."""
    group = parser.add_argument_group("figures of alarm management")
    group.add_argument("--kpi", action="store_true", help="print them instead of the alarms (docs/alarm-kpis.md)")
    group.add_argument("--from", dest="from_ns", type=parse_time, metavar="T", help="default: 30 days before --to")
    group.add_argument("--to", dest="to_ns", type=parse_time, metavar="T", help="not included; default: now")
    group.add_argument("--position", default="", metavar="NAME", help="operating position; default: the whole plant")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures of a period, each with its band, and the alarms that make them."""
    to_ns = arguments.to_ns if arguments.to_ns is not None else time.time_ns()
    from_ns = arguments.from_ns if arguments.from_ns is not None else to_ns - _DAYS * DAY_NS
    if from_ns >= to_ns:
        print("haihe alarms: --from must be before --to", file=sys.stderr)
        return 2
    request = AlarmKpiRequest(from_ns, to_ns, arguments.position)

    async def work(_plant: Plant, client: EngineClient) -> AlarmKpiReport:
        return await client.alarm_kpi(request)

    report = with_client(arguments.project, work)
    if arguments.json:
        data = encode(report)
        figures = {each.value: {"value": measure(each, report), "band": judge(each, report).value} for each in Figure}
        print_json({"figures": figures, **data} if isinstance(data, dict) else data)
        return 0
    for line in _lines(report):
        print(line)
    return 0


def _lines(report: AlarmKpiReport) -> list[str]:
    position = report.position or "whole plant"
    lines = [
        f"{time_text(report.from_ns)} to {time_text(report.to_ns)}, {position}: {report.annunciated} annunciated "
        f"of {report.alarms} alarms"
    ]
    lines += [
        f"{_NAMES[each]:<32}{_value(each, measure(each, report)):>12}  {judge(each, report).value.replace('none', '')}"
        for each in Figure
    ]
    lines += [f"most frequent     {each.count:>7}  {each.alarm}" for each in report.top]
    lines += [f"chattering        {each.annunciated:>7}  {each.alarm}" for each in report.chattering]
    lines += [f"fleeting          {each.count:>7}  {each.alarm}" for each in report.fleeting]
    lines += [f"stale since  {time_text(each.since_ns)}  {each.alarm}" for each in report.stale]
    lines += [f"shelved {each.fault.value}, {time_text(each.since_ns)}  {each.alarm}" for each in report.shelved]
    return [line.rstrip() for line in lines]


def _value(figure: Figure, value: float | None) -> str:
    if value is None:
        return "-"
    if figure in _SHARES:
        return f"{value:.2%}"
    if figure is Figure.ACKNOWLEDGED:
        return f"{value:.0f} s"
    return f"{value:.2f}" if figure in _AVERAGES else f"{value:.0f}"
