"""What every part of the console shares: one object for each, made once in ``console``."""

from dataclasses import dataclass

from app.console.acknowledger import Acknowledger
from app.console.bridge import EngineBridge
from app.console.flood import FloodWatch
from app.console.ports import BridgePort
from app.console.session import SessionHolder
from app.console.settings import ConsoleSettings
from app.console.substitutions import Substitutions
from app.model.plant import Plant
from widgets.alarms.book import AlarmBook
from widgets.live import TagHub
from widgets.theme import ThemeManager
from widgets.wording import Wording


@dataclass(frozen=True)
class Context:
    """The shared objects."""

    plant: Plant
    hub: TagHub
    bridge: EngineBridge
    port: BridgePort
    session: SessionHolder
    acknowledger: Acknowledger
    book: AlarmBook
    flood: FloodWatch
    themes: ThemeManager
    wording: Wording
    settings: ConsoleSettings
    substitutions: Substitutions
