"""The library's client as we want it: names, deadlines, and nothing that works by itself."""

from typing import Final

from connectors.opcua.leftovers import SuccessorClient
from connectors.opcua.renewal import count_tokens_by_our_clock
from connectors.opcua.secured import ChannelSecurity
from connectors.opcua.settings import OpcUaSettings

_LIBRARY_WATCHDOG_S: Final = 3600.0


def make_client(endpoint: str, settings: OpcUaSettings, security: ChannelSecurity) -> SuccessorClient:
    """Return a client that is not connected yet; it serves for one session."""
    client = security.client(endpoint, timeout=settings.timeout_s, watchdog_intervall=_LIBRARY_WATCHDOG_S)
    client.name = client.description = "Haihe Console"
    client.application_uri = "urn:haihe:console"
    client.session_timeout = round(settings.session_timeout_s * 1000)
    count_tokens_by_our_clock(client)
    client.set_locale([each for each in settings.locales.replace(",", " ").split() if each])
    return client
