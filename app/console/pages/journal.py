"""The journal as a page."""

from app.console.bridge import LinkState
from app.console.context import Context
from app.console.navigator import Navigator
from app.console.page import Page
from app.model.errors import HaiheError
from app.model.journal import JournalPage, JournalQuery
from widgets.alarms.journal_view import JournalView


def make(context: Context, navigator: Navigator) -> Page:
    """Make the page; opened before there is a link, it is filled when the link comes."""
    page = JournalView(context.plant, context.wording)

    def fetch(query: JournalQuery) -> None:
        def done(answer: JournalPage) -> None:
            page.take(query, answer)

        def failed(error: HaiheError) -> None:
            page.fail(context.wording.error(error))

        context.bridge.call(lambda client: client.journal(query), done, failed, page)

    def link_changed(state: LinkState) -> None:
        if state is LinkState.CONNECTED and not page.model.rows:
            page.reload()

    page.wanted.connect(fetch)
    page.opened.connect(navigator.open_tag)
    page.reload()
    return Page(page, link_changed=link_changed, show_rows=page.show_query)
