"""The state of a connection in words, with a sign of its own."""

from PySide6.QtCore import QCoreApplication

from app.model.connection import ConnectionState


def connection_words(state: ConnectionState) -> str:
    """Return sign and word of a state."""
    translate = QCoreApplication.translate
    return {
        ConnectionState.STOPPED: translate("ConnectionState", "○ stopped"),
        ConnectionState.CONNECTING: translate("ConnectionState", "◌ connecting"),
        ConnectionState.CONNECTED: translate("ConnectionState", "● connected"),
        ConnectionState.DEGRADED: translate("ConnectionState", "◐ degraded"),
        ConnectionState.SIMULATED: translate("ConnectionState", "≈ SIMULATED"),
        ConnectionState.LOST: translate("ConnectionState", "✗ lost"),
    }[state]
