"""Secured OPC UA connections against real servers: who is believed, who is let in, and what is said otherwise."""

import asyncio
import contextlib
import json
import logging
import stat
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import connectors.opcua
from app.model import status as st
from app.model.clock import SystemClock
from app.model.connection import Binding, Connection, ConnectionState, Connector, Protocol_
from app.model.keystore import Keystore, SecretKind
from connectors.opcua.certificates import Certificate
from connectors.opcua.own import own_certificates
from connectors.opcua.security import POLICIES
from connectors.opcua.trust import Trusted, TrustList
from tests.certificates import SERVER_URI, Made, make
from tests.contract.harness import Recorder, Server, make_tags

pytestmark = [pytest.mark.usefixtures("no_task_left"), pytest.mark.filterwarnings("ignore::DeprecationWarning:asyncua")]

OPCUA = Protocol_.OPCUA
NAME = "plc-1"
PASSWORD = "correct horse battery"
ALL_POLICIES = [
    f"{policy}_{mode}"
    for policy in ("Basic256Sha256", "Aes128Sha256RsaOaep", "Aes256Sha256RsaPss")
    for mode in ("Sign", "SignAndEncrypt")
]


@dataclass
class Site:
    """A folder of keys, a server with a certificate, and connectors between them."""

    folder: Path
    server: Server
    shown: Made
    secrets: dict[SecretKind, str] = field(default_factory=dict)
    host: str = "127.0.0.1"

    @property
    def keystore(self) -> Keystore:
        return Keystore(self.folder / "keys", "plant", lambda kind, _connection: self.secrets.get(kind))

    @property
    def trust_list(self) -> TrustList:
        return TrustList(self.keystore.folder)

    def trust(self, made: Made | None = None, *, any_host: bool = False) -> None:
        certificate = Certificate.parse((made or self.shown).der)
        self.trust_list.add(NAME, Trusted(certificate, time.time_ns(), any_host))

    async def start(self, *, shown: Made | None = None, key: Made | None = None, **options: Any) -> None:
        self.shown = shown or self.shown
        certificate, _ = self.shown.save(self.folder / "server", "shown")
        _, private = (key or self.shown).save(self.folder / "server", "private")
        base = {"certificate": str(certificate), "key": str(private), "uri": SERVER_URI,
                "policies": ["NoSecurity", *ALL_POLICIES]}  # fmt: skip
        await self.server.start(json.dumps(base | options))

    async def seen(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.server.do("seen")
        return found

    @contextlib.asynccontextmanager
    async def connected(self, security: str = "sign-and-encrypt", **more: str | float) -> AsyncIterator["Link"]:
        tags = make_tags(OPCUA, ("level",))
        recorder = Recorder(tags)
        endpoint = f"opc.tcp://{self.host}:{self.server.port}/contract"
        options = {"publishing_ms": 100, "reconnect_max_s": 0.5, "timeout_s": 4, "security": security, **more}
        connector: Connector = connectors.opcua.factory(self.keystore)(
            Connection(NAME, OPCUA, endpoint, options=options),
            [Binding(0, tags[0])], recorder.sink, recorder.on_status, SystemClock(),
        )  # fmt: skip
        task = asyncio.create_task(connector.run())
        try:
            yield Link(connector, recorder)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@dataclass
class Link:
    """A running connector and what it told."""

    connector: Connector
    recorder: Recorder

    async def works(self) -> None:
        await self.recorder.until(lambda: self.recorder.state is ConnectionState.CONNECTED, 15)
        await self.recorder.until_status(st.GOOD, "level", within_s=5)

    async def refused(self, *words: str) -> str:
        """Wait until the reason has all these words; return it in both languages."""
        await self.recorder.until(
            lambda: self.recorder.state is ConnectionState.LOST
            and all(word in self.recorder.states[-1].error for word in words), 15,
        )  # fmt: skip
        status = self.recorder.states[-1]
        assert status.error_zh
        assert any("\u4e00" <= letter <= "\u9fff" for letter in status.error_zh)
        assert all(each.state is not ConnectionState.CONNECTED for each in self.recorder.states)
        return status.error + "\n" + status.error_zh


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    made = Site(tmp_path, Server(OPCUA, "opcua_secure_server.py"), make("server"))
    try:
        yield made
    finally:
        await made.server.kill()


async def test_every_policy_and_mode_carries_values_and_writes(site: Site) -> None:
    await site.start()
    site.trust()
    for number, (policy, security) in enumerate(
        (policy, security) for policy in POLICIES for security in ("sign", "sign-and-encrypt")
    ):
        async with site.connected(security, policy=policy) as link:
            await link.works()
            await site.server.do("set", value=100.0 + number)
            await link.recorder.until(lambda n=number: link.recorder.last["level"].value == 100.0 + n, 5)  # type: ignore[misc]
            result = await link.connector.write(make_tags(OPCUA, ("level",))[0], 7.5, 2.0)
            assert result.status == st.GOOD
            assert await site.server.do("get") == 7.5


async def test_the_console_makes_itself_a_certificate_that_names_it(site: Site) -> None:
    await site.start()
    site.trust()
    async with site.connected() as link:
        await link.works()
    (own,) = own_certificates(site.keystore.folder, "plant", datetime.now(UTC))
    assert own.application_uri in {each.get("client") for each in await site.seen()}
    assert stat.S_IMODE((site.keystore.folder / "own.pem").stat().st_mode) == 0o600


async def test_each_kind_of_user_logs_in(site: Site) -> None:
    user = make("user", uri="urn:test:user")
    certificate, _ = user.save(site.folder / "keys" / "users", "operator", passphrase="open sesame")
    await site.start(users={"haihe": PASSWORD}, user_certificates=[str(certificate)])
    site.trust()
    site.secrets = {SecretKind.PASSWORD: PASSWORD, SecretKind.KEY_PASSPHRASE: "open sesame"}
    for security in ("sign", "sign-and-encrypt"):
        for policy in POLICIES:
            for options in ({}, {"user": "haihe"}, {"user_certificate": "operator"}):
                async with site.connected(security, policy=policy, **options) as link:
                    await link.works()
    seen = [each for each in await site.seen() if "token" in each]
    kinds = [each["token"] for each in seen]
    assert kinds == ["AnonymousIdentityToken", "UserNameIdentityToken", "X509IdentityToken"] * 6
    assert not any(each.get("plain") for each in seen[:9])  # a channel that only signs hides nothing


async def test_a_wrong_password_is_told_and_not_tried_again_and_again(site: Site) -> None:
    await site.start(users={"haihe": PASSWORD}, anonymous=False)
    site.trust()
    site.secrets = {SecretKind.PASSWORD: "not the one"}
    async with site.connected(user="haihe") as link:
        text = await link.refused("refuses user 'haihe'", "HAIHE_SECRET_PLC_1")
        assert "not the one" not in text
        tried = len([each for each in await site.seen() if "token" in each])
        assert tried == 1
        with contextlib.suppress(AssertionError):  # several rounds of attempts to connect
            await link.recorder.until(lambda: False, 2)
        assert len([each for each in await site.seen() if "token" in each]) == 1
        site.secrets = {SecretKind.PASSWORD: PASSWORD}
        await link.works()


async def test_a_session_that_a_lost_connection_left_is_closed_by_the_next_one(site: Site) -> None:
    make("user", uri="urn:test:user").save(site.folder / "keys" / "users", "operator")
    files = [str(site.folder / "keys" / "users" / "operator.pem")]
    await site.start(users={"haihe": PASSWORD}, user_certificates=files, anonymous=True)
    site.trust()
    site.secrets[SecretKind.PASSWORD] = PASSWORD
    for user in ({}, {"user": "haihe"}, {"user_certificate": "operator"}):
        async with site.connected(**user) as link:
            for cuts in range(3):
                await link.works()
                assert await site.server.do("held") == [1, 1], f"{user} after {cuts} cuts"
                await site.server.do("cut")
                await link.recorder.until_status(st.BAD_NO_COMMUNICATION, "level")
            await link.works()
        await site.server.until("held", [0, 0])


async def test_a_user_refused_while_the_session_before_is_closed_is_not_tried_once_more(site: Site) -> None:
    await site.start(users={"haihe": PASSWORD})
    site.trust()
    site.secrets[SecretKind.PASSWORD] = PASSWORD
    async with site.connected(user="haihe") as link:
        await link.works()
        await site.server.do("users", users={"haihe": "another"})
        before = [each for each in await site.seen() if "user" in each]
        await site.server.do("cut")
        await link.recorder.until(lambda: "HAIHE_SECRET_PLC_1" in link.recorder.states[-1].error, 15)
        assert "user 'haihe'" in link.recorder.states[-1].error
        assert len([each for each in await site.seen() if "user" in each]) == len(before) + 1


async def test_a_missing_password_says_where_it_belongs(site: Site) -> None:  # before any server is asked
    async with site.connected(user="haihe") as link:
        await link.refused("password of user 'haihe' is not set", "HAIHE_SECRET_PLC_1", "keyring set haihe.plant plc-1")


async def test_a_user_certificate_that_is_missing_or_open_to_others_is_told(site: Site) -> None:
    async with site.connected(user_certificate="operator") as link:
        await link.refused("users/operator.pem", "put certificate and key")
        _, key = make("user").save(site.folder / "keys" / "users", "operator", passphrase="x")
        await link.refused("passphrase of", "HAIHE_KEY_PASSPHRASE_PLC_1")
        key.chmod(0o644)
        await link.refused("others may read", "chmod 600")


async def test_a_foreign_user_certificate_is_refused_by_the_server(site: Site) -> None:
    known, _ = make("known", uri="urn:test:known").save(site.folder / "server", "known")
    make("user", uri="urn:test:user").save(site.folder / "keys" / "users", "operator")
    await site.start(user_certificates=[str(known)], anonymous=False)
    site.trust()
    async with site.connected(user_certificate="operator") as link:
        await link.refused("refuses the user's certificate")


async def test_a_server_that_admits_no_anonymous_users_is_told(site: Site) -> None:
    await site.start(users={"haihe": PASSWORD}, anonymous=False)
    site.trust()
    async with site.connected() as link:
        await link.refused("admits no anonymous users", "user_certificate")


async def test_an_untrusted_certificate_says_how_to_trust_it_and_then_connects(site: Site) -> None:
    await site.start()
    async with site.connected() as link:
        text = await link.refused("not trusted yet", f"haihe trust PROJECT {NAME}")
        assert text.count(Certificate.parse(site.shown.der).shown) == 2
        assert await site.seen() == []
        site.trust()
        await link.works()


async def test_a_changed_certificate_is_refused_until_it_is_trusted(site: Site) -> None:
    await site.start()
    site.trust()
    async with site.connected() as link:
        await link.works()
    await site.server.kill()
    await site.start(shown=make("server"))  # the same key, another certificate
    async with site.connected() as link:
        await link.refused("has changed", "somebody may be between", f"haihe trust PROJECT {NAME}")
        assert await site.seen() == []
        site.trust()
        await link.works()
        site.trust_list.remove(NAME)
    async with site.connected() as link:
        await link.refused("not trusted yet")


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (lambda: make("server", ends=timedelta(hours=-1)), ("expired on", "renew it")),
        (lambda: make("server", begins=timedelta(days=2)), ("valid from", "clocks")),
        (lambda: make("server", hosts=["plc-2.works", "10.9.8.7"]), ("is for plc-2.works, 10.9.8.7", "127.0.0.1")),
        (lambda: make("server", uri="urn:test:other"), (f"calls itself {SERVER_URI}", "is for urn:test:other")),
        (lambda: make("weak", bits=1024), ("RSA 1024", "2048")),
    ],
)
async def test_a_trusted_certificate_that_does_not_fit_is_refused(site: Site, shown: Any, words: Sequence[str]) -> None:
    await site.start(shown=shown())
    site.trust()
    async with site.connected() as link:
        await link.refused(*words)
    assert not [each for each in await site.seen() if "token" in each]


async def test_another_host_is_taken_where_it_was_accepted_explicitly(site: Site) -> None:
    await site.start(shown=make("server", hosts=["plc-2.works"]))
    site.trust(any_host=True)
    async with site.connected() as link:
        await link.works()


@pytest.mark.parametrize(
    ("policies", "offered"),
    [
        (["NoSecurity"], "no security"),
        (["NoSecurity", "Basic256Sha256_Sign"], "sign with Basic256Sha256"),
        (["NoSecurity", "Aes128Sha256RsaOaep_SignAndEncrypt"], "sign-and-encrypt with Aes128-Sha256-RsaOaep"),
    ],
)
async def test_nothing_but_what_is_configured_is_used(site: Site, policies: list[str], offered: str) -> None:
    await site.start(policies=policies)
    site.trust()
    async with site.connected() as link:
        await link.refused("does not offer sign-and-encrypt with Basic256Sha256", offered)
    assert await site.seen() == []


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        ("strip", ("does not offer", "no security")),
        ("open", ("refused the secure channel",)),
    ],
)
async def test_a_lie_about_security_is_refused(site: Site, lie: str, words: Sequence[str]) -> None:
    await site.start(lie=lie)
    site.trust()
    async with site.connected() as link:
        await link.refused(*words)
    assert await site.seen() == []


async def test_secured_endpoints_that_are_none_are_refused(site: Site) -> None:
    await site.start(lie="invent", policies=["NoSecurity", "Basic256Sha256_Sign"])
    site.trust()
    async with site.connected() as link:
        await link.refused("refused the secure channel")
    assert await site.seen() == []


async def test_who_has_the_certificate_but_not_its_key_is_refused(site: Site) -> None:
    await site.start(key=make("stranger"))
    site.trust()
    async with site.connected() as link:
        await link.refused("refused the secure channel")
    assert await site.seen() == []


async def test_a_password_is_never_sent_unprotected(site: Site) -> None:
    await site.start(users={"haihe": PASSWORD}, lie="plain")
    site.trust()
    site.secrets = {SecretKind.PASSWORD: PASSWORD}
    async with site.connected("sign", user="haihe") as link:
        await link.refused("only unprotected", "nothing was sent")
    assert not [each for each in await site.seen() if "token" in each]
    async with site.connected("sign-and-encrypt", user="haihe") as link:
        await link.works()


async def test_the_configured_host_is_used_whatever_the_server_says(site: Site) -> None:
    await site.start(lie="elsewhere")
    site.trust()
    async with site.connected() as link:
        await link.works()
    assert {each["url"] for each in await site.seen() if "url" in each} == {
        f"opc.tcp://127.0.0.1:{site.server.port}/contract"
    }


async def test_a_server_that_does_not_trust_the_console_is_told_with_the_file_to_trust(site: Site) -> None:
    await site.start(clients=[])
    site.trust()
    async with site.connected() as link:
        (own,) = own_certificates(site.keystore.folder, "plant", datetime.now(UTC))
        await link.refused("does not trust this console", str(own.file), own.facts.shown)


async def test_a_server_that_knows_the_certificate_before_the_renewed_one_is_served(site: Site) -> None:
    now = datetime.now(UTC)
    (before,) = own_certificates(site.keystore.folder, "plant", now - timedelta(days=5 * 365 - 30))
    known = site.folder / "known.pem"
    known.write_bytes(Made(before.certificate, before.key).pem)
    await site.start(clients=[str(known)])
    site.trust()
    async with site.connected() as link:
        await link.works()
    renewed, previous = own_certificates(site.keystore.folder, "plant", now)
    assert previous.facts == before.facts
    assert renewed.facts.not_after > before.facts.not_after


async def test_secrets_are_in_no_log_and_no_status(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)  # the library's own log names every request with its password: it must stay quiet
    make("user", uri="urn:test:user").save(site.folder / "keys" / "users", "operator", passphrase="open sesame")
    await site.start(users={"haihe": PASSWORD}, user_certificates=[], anonymous=False)
    site.trust()
    site.secrets = {SecretKind.PASSWORD: PASSWORD, SecretKind.KEY_PASSPHRASE: "open sesame"}
    told = []
    for security in ("sign", "sign-and-encrypt"):
        async with site.connected(security, user="haihe") as link:
            await link.works()
            told += link.recorder.states
    site.secrets[SecretKind.PASSWORD] = "another horse"
    async with site.connected(user="haihe") as link:
        await link.refused("refuses user")
        told += link.recorder.states
    async with site.connected(user_certificate="operator") as link:
        await link.refused("refuses the user's certificate")
        told += link.recorder.states
    everything = caplog.text + repr(told)
    assert "a certificate of this console was made" in everything
    for secret in (PASSWORD, "open sesame", "another horse", "PRIVATE KEY"):
        assert secret not in everything
