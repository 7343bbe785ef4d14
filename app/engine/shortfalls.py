"""What did not get through between device, database and console, by place; and what to do about it.

Every queue on that way is bounded, and counts what it drops: the server's queue of an item (overflows), the store
(late samples), the outboxes of journal and history and their spools, the messages that wait for a client. Between them
samples are handed on in the same turn of the event loop, or wait half a second (history).
"""

from collections.abc import Iterator, Sequence
from typing import Final

from app.engine.connections import Connections
from app.engine.ingest import Ingest
from app.engine.stores import Stores
from app.model.connection import ConnectionStatus
from app.model.engine import Shortfall
from app.model.text import LocalText

_LATE: Final = (
    LocalText(
        "samples older than the newest of their tag, kept in history only", "个样本早于其位号的最新样本，仅存入历史"
    ),
    LocalText(
        "the device delivers out of order, or one tag has two sources; look at its buffering",
        "设备发送次序错乱，或同一位号有两个来源；请检查设备缓存",
    ),
)
_CLOCK: Final = (
    LocalText(
        "samples whose source's clock is ahead or was set back, placed when received",
        "个样本的源时钟超前或被回拨，已按接收时间存储",
    ),
    LocalText("synchronise the clocks of device and engine", "请同步设备与引擎的时钟"),
)
_SPOOL: Final = LocalText(
    "get the database back; raise spool_mib in plant.toml, or make room on the disk",
    "请恢复数据库；在 plant.toml 中增大 spool_mib，或清理磁盘",
)
_REFUSED: Final = LocalText(
    "see the *-refused.jsonl files in the spool folder, and the log for the reason",
    "请查看缓存目录中的 *-refused.jsonl 文件，原因见日志",
)
_JOURNAL_DROPPED: Final = LocalText("rows of the journal lost, nothing having room for them", "行日志因无处存放而丢失")
_JOURNAL_REFUSED: Final = LocalText(
    "rows of the journal set aside, refused by the database", "行日志被数据库拒绝，已另存"
)
_HISTORY_DROPPED: Final = LocalText(
    "samples of history lost, nothing having room for them", "个历史样本因无处存放而丢失"
)
_HISTORY_REFUSED: Final = LocalText(
    "samples of history set aside, refused by the database", "个历史样本被数据库拒绝，已另存"
)
_CLIENTS: Final = (
    LocalText("consoles or tools cut off because they did not read", "个客户端因未及时读取而被断开"),
    LocalText(
        "look at the load of that computer; a console comes back by itself", "请检查该计算机负载；操作站会自动重连"
    ),
)
_OVERFLOWS: Final = (
    LocalText("values dropped by the server's queues or the connector", "个值被服务器队列或通信驱动丢弃"),
    LocalText(
        "raise queue_size or lower publishing_ms of the connection, or read fewer tags faster than they are needed",
        "请增大该连接的 queue_size 或减小 publishing_ms，或降低不必要的采集速率",
    ),
)
_MISSING: Final = (
    LocalText(
        "times values of the server got lost on the way, and all were read anew",
        "次服务器发布的数据丢失，已重新读取全部数据",
    ),
    LocalText(
        "see the load of the server; with backfill_max_h the values between come from its history",
        "请检查服务器负载；设置 backfill_max_h 可从其历史数据补齐",
    ),
)
_REPLACED: Final = (
    LocalText("connectors that failed or hung and were replaced", "次通信驱动故障或停止响应并被替换"),
    LocalText("a defect: keep the log and report it", "属于程序缺陷，请保存日志并上报"),
)
_ABANDONED: Final = (
    LocalText("connectors left behind because they could not be ended", "个通信驱动无法结束而被弃置"),
    LocalText("restart the engine when it suits; keep the log and report it", "请择机重启引擎，保存日志并上报"),
)


def shortfalls(
    ingest: Ingest, stores: Stores, clients_dropped: int, statuses: Sequence[ConnectionStatus], connections: Connections
) -> tuple[Shortfall, ...]:
    """Return the count of every place, in the order in which samples pass them."""
    return (
        *_of_connections(statuses, connections),
        Shortfall("ingest.late", ingest.late, *_LATE),
        Shortfall("ingest.clock", sum(ingest.doubted), *_CLOCK),
        Shortfall("history.dropped", stores.history.dropped, _HISTORY_DROPPED, _SPOOL),
        Shortfall("history.refused", stores.history.refused, _HISTORY_REFUSED, _REFUSED),
        Shortfall("journal.dropped", stores.journal.dropped, _JOURNAL_DROPPED, _SPOOL),
        Shortfall("journal.refused", stores.journal.refused, _JOURNAL_REFUSED, _REFUSED),
        Shortfall("link.clients", clients_dropped, *_CLIENTS),
    )


def _of_connections(statuses: Sequence[ConnectionStatus], connections: Connections) -> Iterator[Shortfall]:
    for each in statuses:
        replaced, abandoned = connections.replaced(each.id)
        yield Shortfall("connection.overflows", each.overflows, *_OVERFLOWS, each.id)
        yield Shortfall("connection.missing", each.missing, *_MISSING, each.id)
        yield Shortfall("connection.replaced", replaced, *_REPLACED, each.id)
        yield Shortfall("connection.abandoned", abandoned, *_ABANDONED, each.id)
