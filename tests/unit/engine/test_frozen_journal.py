"""What the journal says of a tag that is found frozen, and of one that no longer is."""

import asyncio
from pathlib import Path

import pytest

from app.engine.conditioning import FrozenChange
from app.engine.database import DatabaseWorker
from app.engine.records import Records
from app.engine.stores import Stores
from app.model import status as st
from app.model.clock import SECOND_NS, ManualClock
from app.model.journal import JournalKind, JournalQuery, JournalRow
from app.model.plant import HistorySettings
from app.model.sample import Sample
from app.model.tag import Tag
from app.model.text import LocalText
from app.storage import Database, JournalItem

T0 = 1_700_000_000 * SECOND_NS
TAG = Tag("A.TURB", LocalText("Turbidity", "浊度"), area="A", unit="NTU", frozen_s=600.0)


async def _journalled(folder: Path, change: FrozenChange) -> JournalRow:
    url = f"sqlite:///{folder / 'test.db'}"
    worker = DatabaseWorker(lambda: Database(url))
    stores = Stores(worker, lambda: Database(url), folder / "spool", HistorySettings())
    stores.start()
    Records(worker, stores.journal, ManualClock(T0)).frozen(TAG, change)
    await asyncio.wrap_future(stores.journal.offer([JournalItem()]))  # they are stored in their order
    await asyncio.to_thread(stores.close)
    with Database(url) as database:
        (row,) = database.journal.page(JournalQuery(kinds=(JournalKind.SENSOR,), area="A")).rows
    return row


@pytest.mark.parametrize(
    ("status", "event", "comment", "comment_zh"),
    [
        (st.UNCERTAIN_LAST_USABLE, "frozen", "not moved for 600 s", "已 600 秒没有变化"),
        (st.GOOD, "frozen-end", "", ""),
        (st.BAD_NO_COMMUNICATION, "frozen-end", "now BadNoCommunication", "质量变为 BadNoCommunication"),
    ],
)
async def test_it_says_what_stands_still_and_why_it_no_longer_does(
    tmp_path: Path, status: int, event: str, comment: str, comment_zh: str
) -> None:
    at_ns = T0 - 5 * SECOND_NS
    row = await _journalled(tmp_path, FrozenChange(TAG.name, Sample(0.02, status, at_ns, T0), event == "frozen"))
    assert (row.event, row.tag, row.source_ns, row.value, row.status) == (event, TAG.name, at_ns, 0.02, status)
    assert (row.comment, row.comment_zh) == (comment, comment_zh)
    assert (row.text, row.text_zh) == ("Turbidity", "浊度")
