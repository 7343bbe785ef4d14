"""Live values for widgets: one hub, one timer, subscriptions."""

from widgets.live.alarms import AlarmMark, AlarmTable
from widgets.live.hub import TagHub
from widgets.live.source import LiveSource
from widgets.live.subscription import Subscription

__all__ = ["AlarmMark", "AlarmTable", "LiveSource", "Subscription", "TagHub"]
