"""The alarm list as a page."""

from app.console.context import Context
from app.console.navigator import Navigator
from app.console.page import Page
from widgets.alarms.list_view import AlarmListPage


def make(context: Context, navigator: Navigator) -> Page:
    """Make the page."""
    page = AlarmListPage(context.plant, context.book, context.themes, context.wording)
    page.acknowledge.connect(context.acknowledger.acknowledge)
    page.device_action.connect(context.acknowledger.ask_device)
    page.opened.connect(navigator.open_alarm)
    page.trend_wanted.connect(navigator.open_trend)

    def session_changed() -> None:
        page.set_may_acknowledge(context.session.may_operate)

    session_changed()
    return Page(page, session_changed=session_changed)
