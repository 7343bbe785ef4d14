"""The alarm workspace as a page."""

from app.console.context import Context
from app.console.navigator import Navigator
from app.console.page import Page
from widgets.alarms.list_view import AlarmListPage


def make(context: Context, navigator: Navigator) -> Page:
    """Make the page."""
    page = AlarmListPage(context.plant, context.book, context.themes, context.wording)
    page.keep_views(context.settings.alarm_views)
    page.acknowledge.connect(context.acknowledger.acknowledge)
    page.asked.connect(context.acknowledger.ask)
    page.opened.connect(navigator.open_alarm)
    page.display_wanted.connect(navigator.open_alarm_display)
    page.trend_wanted.connect(navigator.open_alarm_trend)
    page.faceplate_wanted.connect(lambda row: navigator.open_equipment(row.definition.equipment))
    context.hub.blinked.connect(page.blink)
    context.flood.changed.connect(page.show_flood)
    page.show_flood(context.flood.state)

    def keep_views(text: str) -> None:
        context.settings.alarm_views = text

    page.views_changed.connect(keep_views)

    def session_changed() -> None:
        page.set_may_acknowledge(context.session.may_operate, context.session.why_not)

    session_changed()
    return Page(
        page, session_changed=session_changed, kept=page.view, show_again=page.show_view,
    )  # fmt: skip
