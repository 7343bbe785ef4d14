"""The console's own certificate, the list of trusted ones, and what speaks against a server's."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as some

from connectors.opcua.certificates import Certificate, SecurityProblem, parse_fingerprint, show_fingerprint
from connectors.opcua.own import own_certificates
from connectors.opcua.trust import Trusted, TrustList, check_trust
from tests.certificates import make

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_own_certificate_is_made_once_and_says_what_servers_ask_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "desk-1")
    (own,) = own_certificates(tmp_path, "lingzhuang", NOW)
    again = own_certificates(tmp_path, "lingzhuang", NOW + timedelta(days=100))
    assert [each.facts for each in again] == [own.facts]
    assert own.application_uri == "urn:desk-1:haihe:lingzhuang"
    assert own.facts.hosts == ("desk-1",)
    assert own.facts.key_bits >= 2048
    assert own.facts.problem(NOW) is None
    assert own.file.read_bytes() == own.facts.der
    assert stat.S_IMODE((tmp_path / "own.pem").stat().st_mode) == 0o600
    usage = own.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.key_encipherment
    assert usage.data_encipherment
    assert usage.content_commitment
    purposes = own.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert ExtendedKeyUsageOID.CLIENT_AUTH in purposes


def test_a_computer_with_a_chinese_name_gets_a_certificate_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "调度台")
    (own,) = own_certificates(tmp_path, "p", NOW)
    assert own.facts.hosts[0].startswith("xn--")
    assert own.application_uri.isascii()


def test_own_certificate_is_renewed_before_it_ends_and_the_old_one_serves_until_then(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (first,) = own_certificates(tmp_path, "p", NOW)
    end = first.facts.not_after
    assert len(own_certificates(tmp_path, "p", end - timedelta(days=61))) == 1
    assert caplog.text == ""
    renewed, previous = own_certificates(tmp_path, "p", end - timedelta(days=59))
    assert "was renewed" in caplog.text
    assert renewed.facts.shown in caplog.text
    assert previous.facts == first.facts
    assert renewed.facts.not_after > end + timedelta(days=365)
    assert renewed.key != first.key
    caplog.clear()
    assert [each.facts for each in own_certificates(tmp_path, "p", end)] == [renewed.facts, first.facts]
    assert [each.facts for each in own_certificates(tmp_path, "p", end + timedelta(days=1))] == [renewed.facts]
    assert caplog.text == ""


@pytest.mark.parametrize("damage", [b"", b"no certificate", None])
def test_a_damaged_own_certificate_is_told_and_kept(tmp_path: Path, damage: bytes | None) -> None:
    own_certificates(tmp_path, "p", NOW)
    path = tmp_path / "own.pem"
    if damage is None:  # a key that is not that of the certificate
        other = make("other")
        damage = other.key_pem() + path.read_bytes().partition(b"-----END PRIVATE KEY-----\n")[2]
    path.write_bytes(damage)
    with pytest.raises(SecurityProblem, match=r"own\.pem is damaged .* restore it, or remove it"):
        own_certificates(tmp_path, "p", NOW)
    assert path.read_bytes() == damage


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")
    with pytest.raises(SecurityProblem, match="cannot be kept in"):
        own_certificates(tmp_path / "keys", "p", NOW)


def test_nothing_is_left_of_a_certificate_that_could_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SecurityProblem, match="No space left"):
        own_certificates(tmp_path, "p", NOW)
    assert list(tmp_path.iterdir()) == []


def test_what_was_trusted_is_remembered_per_connection(tmp_path: Path) -> None:
    trust, one, two = TrustList(tmp_path), Certificate.parse(make("one").der), Certificate.parse(make("two").der)
    assert trust.of("a") == ()
    trust.add("a", Trusted(one, 1))
    trust.add("a", Trusted(two, 2, any_host=True))
    trust.add("a", Trusted(one, 3, any_host=True))
    assert trust.of("a") == (Trusted(two, 2, True), Trusted(one, 3, True))
    assert trust.of("b") == ()
    assert trust.remove("a", "0" * 64) == ()
    assert [each.certificate for each in trust.remove("a", two.fingerprint)] == [two]
    assert [each.certificate for each in trust.remove("a")] == [one]
    assert trust.of("a") == ()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 2, "certificates": []}', '{"format": 1, "certificates": [{}]}', "\xff"]
)
def test_a_damaged_list_trusts_nothing_and_is_kept(tmp_path: Path, text: str) -> None:
    trust = TrustList(tmp_path)
    trust.path("a").parent.mkdir()
    trust.path("a").write_bytes(text.encode("latin-1"))
    entry = Trusted(Certificate.parse(make("one").der), 1)
    for use in (lambda: trust.of("a"), lambda: trust.add("a", entry), lambda: trust.remove("a")):
        with pytest.raises(SecurityProblem, match="cannot be read"):
            use()
    assert trust.path("a").read_bytes() == text.encode("latin-1")


def test_a_fingerprint_in_the_list_counts_for_nothing_beside_the_certificate(tmp_path: Path) -> None:
    trust, real, forged = TrustList(tmp_path), Certificate.parse(make("one").der), Certificate.parse(make("two").der)
    trust.add("a", Trusted(real, 1))
    data = json.loads(trust.path("a").read_text())
    data["certificates"][0]["fingerprint"] = forged.fingerprint
    trust.path("a").write_text(json.dumps(data))
    with pytest.raises(SecurityProblem, match="has changed"):
        check_trust([forged], trust.of("a"), "a", "127.0.0.1", datetime.now(UTC))


@pytest.mark.parametrize(
    ("host", "right"),
    [("plc.works", True), ("PLC.Works", True), ("10.0.0.7", True), ("::1", True), ("0:0::1", True), ("plc", False),
     ("plc.works.example", False), ("10.0.0.70", False)],
)  # fmt: skip
def test_hosts_are_compared_whole_and_without_case(host: str, right: bool) -> None:
    certificate = Certificate.parse(make("one", hosts=["plc.works", "10.0.0.7", "::1"]).der)
    assert certificate.is_for(host) is right
    assert (certificate.host_problem(host) is None) is right


def test_of_a_chain_the_first_certificate_is_the_servers() -> None:
    leaf, issuer = make("leaf"), make("issuer")
    assert Certificate.parse(leaf.der + issuer.der) == Certificate.parse(leaf.der)


@given(some.binary(max_size=60))
def test_what_is_no_certificate_is_told(data: bytes) -> None:
    with pytest.raises(SecurityProblem, match="cannot be read"):
        Certificate.parse(data)


@given(some.integers(0, 2000), some.integers(0, 255))
def test_a_damaged_certificate_is_told_or_another(at: int, value: int) -> None:
    good = make("one").der
    data = bytearray(good)
    data[at % len(data)] = value
    try:
        assert (Certificate.parse(bytes(data)).der == good) is (bytes(data) == good)
    except SecurityProblem:
        assert bytes(data) != good


@given(some.binary(min_size=32, max_size=32))
def test_fingerprints_are_read_as_they_are_shown(data: bytes) -> None:
    assert parse_fingerprint(show_fingerprint(data.hex())) == data.hex()
    assert parse_fingerprint(data.hex(" ").upper()) == data.hex()


@pytest.mark.parametrize("text", ["", "AB:CD", "g" * 64, "a" * 63, "a" * 65])
def test_what_is_no_fingerprint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        parse_fingerprint(text)
