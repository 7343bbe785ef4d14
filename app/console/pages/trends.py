"""The trend workspace as a page."""

from PySide6.QtCore import QCoreApplication

from app.console.context import Context
from app.console.finder import FindBox, FoundKind
from app.console.navigator import Navigator
from app.console.page import Page
from widgets.trend.source import HubSource
from widgets.trend.workspace import TrendWorkspace


def make(context: Context, navigator: Navigator) -> Page:
    """Make the page; it wants the live values of every tag, since any may be added."""
    finder = FindBox(
        context.plant, context.wording, FoundKind.TAG, QCoreApplication.translate("TrendsPage", "Add tag…")
    )
    page = TrendWorkspace(
        context.plant, HubSource(context.hub), context.hub.sample, context.themes, context.wording, finder
    )
    finder.chosen.connect(lambda found: page.add_tag(found.name))
    subscription = context.hub.subscribe(context.plant.tags, lambda _: None)
    return Page(page, release=subscription.close, add_tag=page.add_tag)
