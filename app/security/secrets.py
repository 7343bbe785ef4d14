"""Secrets of connections: from the environment, or the system's keyring where the ``keyring`` library is installed."""

import logging
import os

from app.model.keystore import SecretKind, keyring_service, secret_variable

try:  # an extra of the installation: pip install 'haihe[keyring]'
    import keyring
    import keyring.errors
except ImportError:
    keyring = None

_LOG = logging.getLogger(__name__)


def find_secret(project: str, kind: SecretKind, connection: str) -> str | None:
    """Return a secret of a connection, or None. May block on the keyring's service; never logs what it found."""
    found = os.environ.get(secret_variable(kind, connection))
    if found or keyring is None:
        return found or None
    try:
        kept: str | None = keyring.get_password(keyring_service(kind, project), connection)
    except keyring.errors.KeyringError as error:  # none on this system, locked, or refused
        _LOG.debug("the keyring gives no secret of connection %s: %s", connection, type(error).__name__)
        return None
    return kept or None
