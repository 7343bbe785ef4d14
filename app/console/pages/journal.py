"""The journal as a page."""

from pathlib import Path

from app.console.bridge import LinkState
from app.console.context import Context
from app.console.journal_export import JournalExport
from app.console.navigator import Navigator
from app.console.page import Page
from app.console.trend_period import TrendPeriod
from app.model.errors import HaiheError
from app.model.journal import JournalCount, JournalPage, JournalQuery
from widgets.alarms.journal_sheet import JournalSheet
from widgets.alarms.journal_view import JournalView


def make(context: Context, navigator: Navigator) -> Page:
    """Make the page; opened before there is a link, it is filled when the link comes."""
    page = JournalView(context.plant, context.wording)
    export = JournalExport(context.bridge, context.wording, page)

    def fetch(query: JournalQuery) -> None:
        def done(answer: JournalPage) -> None:
            page.take(query, answer)

        def failed(error: HaiheError) -> None:
            page.fail(context.wording.error(error))

        context.bridge.call(lambda client: client.journal(query), done, failed, page)

    def count(query: JournalQuery) -> None:
        def done(answer: JournalCount) -> None:
            page.take_count(query, answer)

        context.bridge.call(lambda client: client.journal_count(query), done, lambda _: None, page)

    def write(path: Path, query: JournalQuery) -> None:
        export.start(path, query, JournalSheet(page.model))

    def show_incident(tags: tuple[str, ...], first_ns: int, last_ns: int) -> None:
        navigator.open_period(TrendPeriod.of_span(tags, first_ns, last_ns))

    def link_changed(state: LinkState) -> None:
        if state is LinkState.CONNECTED and not page.model.rows:
            page.reload()

    page.wanted.connect(fetch)
    page.count_wanted.connect(count)
    page.export_wanted.connect(write)
    page.export_cancelled.connect(export.cancel)
    export.progressed.connect(page.foot.show_progress)
    export.ended.connect(page.foot.show_end)
    page.incident_wanted.connect(show_incident)
    page.opened.connect(navigator.open_tag)
    page.reload()
    return Page(page, link_changed=link_changed, release=export.cancel, show_rows=page.show_query)
