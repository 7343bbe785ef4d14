"""How a user logs in, of what a server offers: never with less protection than was configured."""

import os
from pathlib import Path
from typing import Any

import pytest
from asyncua import ua

from app.model.connection import Connection, Protocol_
from app.model.errors import ProjectError
from app.model.keystore import Keystore
from connectors.opcua.certificates import SecurityProblem
from connectors.opcua.identity import load_identity, token_policy
from connectors.opcua.security import POLICIES, Security, SecuritySettings
from connectors.opcua.settings import OpcUaSettings
from tests.certificates import make

NONE = "http://opcfoundation.org/UA/SecurityPolicy#None"
OLD = "http://opcfoundation.org/UA/SecurityPolicy#Basic128Rsa15"
OAEP, PSS = POLICIES["Aes128-Sha256-RsaOaep"].URI, POLICIES["Aes256-Sha256-RsaPss"].URI
USER, CERTIFICATE = ua.UserTokenType.UserName, ua.UserTokenType.Certificate


def offered(kind: Any, *uris: str) -> list[Any]:
    return [ua.UserTokenPolicy(PolicyId=str(n), TokenType=kind, SecurityPolicyUri=uri) for n, uri in enumerate(uris)]


@pytest.mark.parametrize(
    ("kind", "security", "uris", "chosen"),
    [
        (USER, Security.SIGN, [NONE, OLD, PSS, OAEP], "3"),
        (USER, Security.SIGN, [OLD, PSS], "1"),
        (USER, Security.SIGN, [""], "0"),
        (USER, Security.SIGN, [NONE, ""], "1"),
        (USER, Security.SIGN, [NONE], None),
        (USER, Security.SIGN, [OLD], None),
        (USER, Security.SIGN_AND_ENCRYPT, [OLD, NONE], "1"),
        (USER, Security.SIGN_AND_ENCRYPT, [OLD], None),
        (USER, Security.SIGN, [], None),
        (CERTIFICATE, Security.SIGN, [""], "0"),
        (CERTIFICATE, Security.SIGN_AND_ENCRYPT, [NONE], None),
        (CERTIFICATE, Security.SIGN_AND_ENCRYPT, [NONE, OLD, OAEP], "2"),
        (ua.UserTokenType.Anonymous, Security.SIGN, [NONE], "0"),
        (ua.UserTokenType.Anonymous, Security.SIGN, [], None),
    ],
)
def test_the_best_protected_way_to_log_in_is_taken(
    kind: Any, security: Security, uris: list[str], chosen: str | None
) -> None:
    settings = SecuritySettings(security, "Aes128-Sha256-RsaOaep", "haihe")
    others = offered(ua.UserTokenType.IssuedToken, "")
    try:
        assert token_policy(others + offered(kind, *uris), kind, settings).PolicyId == chosen
    except SecurityProblem as problem:
        assert chosen is None
        assert problem.text.zh  # noqa: PT017 - which of the two is the parameter's


def test_an_empty_policy_is_that_of_the_channel() -> None:
    settings = SecuritySettings(Security.SIGN, "Aes256-Sha256-RsaPss", "haihe")
    assert token_policy(offered(USER, ""), USER, settings).SecurityPolicyUri == PSS


def test_secrets_are_in_no_representation(tmp_path: Path) -> None:
    keystore = Keystore(tmp_path, "p", lambda _kind, _connection: "correct horse")
    identity = load_identity(SecuritySettings(Security.SIGN, user="haihe"), keystore, "plc")
    assert identity.password == "correct horse"
    assert "correct horse" not in repr(identity)
    make("user").save(tmp_path / "users", "u")
    identity = load_identity(SecuritySettings(Security.SIGN, user_certificate="u"), keystore, "plc")
    assert identity.key is not None
    assert "key" not in repr(identity).lower().replace("pkey", "")


def test_key_and_certificate_of_a_user_must_belong_together(tmp_path: Path) -> None:
    keystore = Keystore(tmp_path, "p", lambda _kind, _connection: "wrong")
    settings = SecuritySettings(Security.SIGN, user_certificate="u")
    _, key = make("user").save(tmp_path / "users", "u")
    key.write_bytes(make("other").key_pem())
    with pytest.raises(SecurityProblem, match="do not belong together"):
        load_identity(settings, keystore, "plc")
    key.write_bytes(make("user").key_pem("right"))
    with pytest.raises(SecurityProblem, match="cannot be used"):
        load_identity(settings, keystore, "plc")
    if os.name == "posix":
        key.chmod(0o640)
        with pytest.raises(SecurityProblem, match="chmod 600"):
            load_identity(settings, keystore, "plc")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"security": "Sign"}, "Sign"),
        ({"security": "sign", "policy": "Basic256"}, "policy 'Basic256' is unknown; allowed: Basic256Sha256"),
        ({"user": "haihe"}, "need security"),
        ({"policy": "Basic256Sha256"}, "need security"),
        ({"security": "none", "user_certificate": "u"}, "need security"),
        ({"security": "sign", "user": "haihe", "user_certificate": "u"}, "exclude"),
        ({"security": "sign", "user_certificate": "../u"}, "not a name"),
    ],
)
def test_options_that_weaken_or_contradict_are_refused(options: dict[str, str], words: str) -> None:
    connection = Connection("plc", Protocol_.OPCUA, "opc.tcp://127.0.0.1:4840", options=options)
    OpcUaSettings.of(connection)
    with pytest.raises(ProjectError, match="connection 'plc'") as refused:
        SecuritySettings.of(connection)
    assert words in str(refused.value)
