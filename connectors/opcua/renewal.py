"""Renewal of secure channels: what a server still sends under the token before is taken, as Part 4 (5.5.2) asks.

The library drops the keys of a token the moment it ends, and counts its age by the server's clock. A server that goes
on with the old token for as long as it may (node-opcua does) then lost its connection at every renewal of an encrypted
channel, about once an hour; one whose clock is hours behind could lose it in any channel.
"""

from datetime import UTC, datetime
from typing import Any, Final

GRACE: Final = 1.25
"""Messages under an expired token are taken for a quarter of its lifetime more."""


def count_tokens_by_our_clock(client: Any) -> None:
    """Let the age of a client's tokens be counted from when they came, whatever the server's clock says."""
    service = client.uaclient.open_secure_channel

    async def open_secure_channel(parameters: Any) -> Any:
        result = await service(parameters)
        result.SecurityToken.CreatedAt = datetime.now(UTC)  # WORKAROUND asyncua 2.1.0; the channel keeps this object
        return result

    client.uaclient.open_secure_channel = open_secure_channel


def keep_old_keys(policy: Any) -> None:
    """Let a security policy keep the keys of an expired token for as long as its messages are taken."""
    derive = policy.make_remote_symmetric_key  # WORKAROUND asyncua 2.1.0: it keeps them to the end of the lifetime only

    def make_remote_symmetric_key(secret: bytes, seed: bytes, lifetime_ms: float) -> None:
        derive(secret, seed, lifetime_ms * GRACE)

    policy.make_remote_symmetric_key = make_remote_symmetric_key
