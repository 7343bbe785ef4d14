"""A channel that was renewed still takes what the server sent under the token before."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from asyncua import ua
from asyncua.common.connection import SecureConnection, TransportLimits
from asyncua.crypto.uacrypto import InvalidSignature
from asyncua.ua.ua_binary import header_from_binary

from app.model.clock import ManualClock
from app.model.connection import Connection, Protocol_
from connectors.opcua.client import make_client
from connectors.opcua.renewal import count_tokens_by_our_clock, keep_old_keys
from connectors.opcua.secured import ChannelSecurity
from connectors.opcua.security import MODES, POLICIES, Security
from connectors.opcua.settings import OpcUaSettings
from tests.certificates import make

LIFETIME_S = 3600


class Ends:
    """Client and server of one channel, with the messages that a test carries between them."""

    def __init__(self, policy: str) -> None:
        client, server = make("client"), make("server")
        mode = MODES[Security.SIGN_AND_ENCRYPT]
        kind = POLICIES[policy]
        self.server_policy = kind(client.der, server.certificate, server.key, mode)
        self.client_policy = kind(server.der, client.certificate, client.key, mode)
        keep_old_keys(self.client_policy)
        limits = TransportLimits(65535, 65535, 0, 0)
        self.client = SecureConnection(self.client_policy, limits)
        self.server = SecureConnection(self.server_policy, limits)

    def issue(self, number: int, request: Any) -> None:
        """Let the client have a token; the server goes on with the one before unless it is the first."""
        token = ua.ChannelSecurityToken(1, number, datetime.now(UTC), LIFETIME_S * 1000)
        theirs, ours = bytes([number]) * 32, bytes([number + 100]) * 32
        self.client.set_channel(ua.OpenSecureChannelResult(0, token, theirs), request, ours)
        if request == ua.SecurityTokenRequestType.Issue:
            self.server.security_token = token
            self.server_policy.make_local_symmetric_key(ours, theirs)
        else:
            self.client.revolve_tokens()

    def carry(self, body: bytes) -> bytes:
        """Send a message from the server to the client."""
        data = ua.utils.Buffer(self.server.message_to_binary(body))
        received: bytes = bytes(self.client.receive_from_header_and_body(header_from_binary(data), data).body())
        return received


@pytest.mark.parametrize("policy", POLICIES)
def test_messages_under_the_old_token_are_taken_for_a_quarter_of_its_lifetime_more(
    policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("asyncua.crypto.security_policies.time", SimpleNamespace(monotonic=lambda: now[0]))
    ends = Ends(policy)
    ends.issue(1, ua.SecurityTokenRequestType.Issue)
    assert ends.carry(b"first token") == b"first token"
    now[0] += LIFETIME_S * 0.75
    ends.issue(2, ua.SecurityTokenRequestType.Renew)
    now[0] += LIFETIME_S * 0.26
    assert ends.carry(b"expired for a while") == b"expired for a while"
    now[0] += LIFETIME_S * 0.25
    with pytest.raises(InvalidSignature):
        ends.carry(b"expired for too long")


async def test_a_tokens_age_is_counted_by_our_clock() -> None:
    token = ua.ChannelSecurityToken(CreatedAt=datetime(1970, 1, 1, tzinfo=UTC))

    async def service(_parameters: Any) -> Any:
        return ua.OpenSecureChannelResult(SecurityToken=token)

    client = SimpleNamespace(uaclient=SimpleNamespace(open_secure_channel=service))
    count_tokens_by_our_clock(client)
    assert await client.uaclient.open_secure_channel(None) is not None
    assert datetime.now(UTC) - token.CreatedAt < timedelta(minutes=1)


async def test_every_client_counts_so() -> None:
    connection = Connection("c", Protocol_.OPCUA, "opc.tcp://127.0.0.1:1/x")
    client = make_client(
        connection.endpoint, OpcUaSettings.of(connection), ChannelSecurity(connection, None, ManualClock())
    )
    assert client.uaclient.open_secure_channel.__module__ == "connectors.opcua.renewal"
