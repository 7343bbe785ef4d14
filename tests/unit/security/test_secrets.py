"""Secrets of connections come from the environment, else from the keyring; never from anywhere else."""

import logging
import types
from typing import Any

import pytest

from app.model.keystore import SecretKind, keyring_service, secret_variable
from app.security import secrets
from app.security.secrets import find_secret


class KeyringError(Exception):
    """As the library's."""


class Keyring:
    """Stands for the keyring library and its service."""

    errors = types.SimpleNamespace(KeyringError=KeyringError)

    def __init__(self, kept: dict[tuple[str, str], str], *, locked: bool = False) -> None:
        self.kept, self.locked = kept, locked

    def get_password(self, service: str, user: str) -> str | None:
        if self.locked:
            raise KeyringError("locked")
        return self.kept.get((service, user))


@pytest.mark.parametrize(
    ("kind", "connection", "variable"),
    [
        (SecretKind.PASSWORD, "plc", "HAIHE_SECRET_PLC"),
        (SecretKind.PASSWORD, "uf-2_b", "HAIHE_SECRET_UF_2_B"),
        (SecretKind.KEY_PASSPHRASE, "plc", "HAIHE_KEY_PASSPHRASE_PLC"),
    ],
)
def test_variables_are_named_after_the_connection(kind: SecretKind, connection: str, variable: str) -> None:
    assert secret_variable(kind, connection) == variable


def test_the_environment_goes_before_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {(keyring_service(SecretKind.PASSWORD, "p"), "plc"): "of the keyring"}
    monkeypatch.setattr(secrets, "keyring", Keyring(kept))
    assert find_secret("p", SecretKind.PASSWORD, "plc") == "of the keyring"
    assert find_secret("p", SecretKind.KEY_PASSPHRASE, "plc") is None
    assert find_secret("q", SecretKind.PASSWORD, "plc") is None
    monkeypatch.setenv("HAIHE_SECRET_PLC", "of the environment")
    assert find_secret("p", SecretKind.PASSWORD, "plc") == "of the environment"
    monkeypatch.setenv("HAIHE_SECRET_PLC", "")
    assert find_secret("p", SecretKind.PASSWORD, "plc") == "of the keyring"


@pytest.mark.parametrize("keyring", [None, Keyring({}), Keyring({}, locked=True)])
def test_without_a_keyring_there_is_no_secret(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, keyring: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(secrets, "keyring", keyring)
    assert find_secret("p", SecretKind.PASSWORD, "plc") is None
    assert ("KeyringError" in caplog.text) is bool(keyring and keyring.locked)
