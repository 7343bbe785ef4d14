"""The figures of alarm management as a page."""

from app.console.bridge import LinkState
from app.console.context import Context
from app.console.navigator import Navigator
from app.console.page import Page
from app.model.alarm_kpi import AlarmKpiReport, AlarmKpiRequest
from app.model.errors import HaiheError
from widgets.alarms.kpi.view import AlarmKpiView


def make(context: Context, navigator: Navigator) -> Page:
    """Make the page; opened before there is a link, it is filled when the link comes."""
    page = AlarmKpiView(context.plant, context.themes, context.wording)

    def fetch(request: AlarmKpiRequest) -> None:
        def done(report: AlarmKpiReport) -> None:
            page.take(request, report)

        def failed(error: HaiheError) -> None:
            page.fail(request, context.wording.error(error))

        context.bridge.call(lambda client: client.alarm_kpi(request), done, failed, page)

    def link_changed(state: LinkState) -> None:
        if state is LinkState.CONNECTED and page.report is None and page.isVisible():
            page.reload()

    page.wanted.connect(fetch)
    page.rows_wanted.connect(navigator.open_journal)
    return Page(page, link_changed=link_changed, kept=lambda: page, show_again=page.show_like)
