"""``haihe trust``: which OPC UA servers' certificates are believed."""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from app.cli.accounts import audit, open_database
from app.cli.common import add_json, add_project, fail, print_json, time_text
from app.model.connection import Connection, Protocol_
from app.model.errors import EnvironmentProblem, ProjectError
from app.model.plant import Plant
from app.project.state import keys_folder
from app.storage import Database
from connectors.opcua.certificates import Certificate, SecurityProblem, parse_fingerprint, show_fingerprint
from connectors.opcua.faults import TROUBLE, fault_text, quieten_library
from connectors.opcua.own import OwnCertificate, own_certificates
from connectors.opcua.security import Security, SecuritySettings, ask_offers, matching
from connectors.opcua.trust import Trusted, TrustList

DEADLINE_S = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    parser.add_argument("connection", metavar="CONNECTION", help="id of an OPC UA connection in plant.toml")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="show what is trusted; the server is not asked")
    what.add_argument("--remove", action="store_true", help="trust no more: all, or only --fingerprint")
    parser.add_argument("--fingerprint", type=_fingerprint, metavar="SHA256", help="this certificate only")
    parser.add_argument("--yes", action="store_true", help="do not ask; needs --fingerprint")
    parser.add_argument("--any-host", action="store_true", help="trust it though it is for another host")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show, trust or remove; exit status 1 where the server's certificate is not trusted in the end."""
    if arguments.yes and not arguments.fingerprint:
        print("haihe trust: --yes needs --fingerprint: what nobody has compared is not trusted", file=sys.stderr)
        return 2
    quieten_library()
    plant, database = open_database(arguments.project)
    with database:
        connection = _connection(plant, arguments.connection)
        trust = TrustList(keys_folder(plant.id))
        try:
            if arguments.list:
                return _show_list(trust.of(connection.id), as_json=arguments.json)
            if arguments.remove:
                return _remove(database, trust, connection.id, arguments)
            return _trust(plant, database, trust, connection, arguments)
        except SecurityProblem as problem:
            raise EnvironmentProblem(problem.text) from problem
        except TROUBLE as error:
            raise EnvironmentProblem(f"{connection.endpoint}: {fault_text(error)}") from error


def _connection(plant: Plant, name: str) -> Connection:
    names = [each.id for each in plant.connections.values() if each.protocol is Protocol_.OPCUA]
    if name not in names:
        raise ProjectError(f"no OPC UA connection '{name}' in {plant.folder}; there are: {', '.join(names) or 'none'}")
    return plant.connections[name]


def _trust(
    plant: Plant, database: Database, trust: TrustList, connection: Connection, arguments: argparse.Namespace
) -> int:
    settings = SecuritySettings.of(connection)
    offers = asyncio.run(_ask(connection.endpoint))
    if settings.security is Security.NONE:
        there = ", ".join(dict.fromkeys(each.words.en for each in offers))
        return fail(
            f"haihe trust: connection '{connection.id}' has no security, so there is nothing to trust; "
            f"the server offers: {there}; set security in plant.toml"
        )
    now, entries = datetime.now(UTC), trust.of(connection.id)
    own = own_certificates(keys_folder(plant.id), plant.id, now)[0]
    shown = {Certificate.parse(each.certificate): each.application_uri for each in matching(offers, settings)}
    certificate = next((each for each in shown if each.fingerprint == arguments.fingerprint), next(iter(shown)))
    known = next((each for each in entries if each.certificate == certificate), None)
    any_host = arguments.any_host or (known is not None and known.any_host)
    host = "" if any_host else urlsplit(connection.endpoint).hostname or ""
    reason = _reason(certificate, shown[certificate], host, arguments.fingerprint, now)
    trusted = not reason and known is not None and known.any_host == any_host
    if not arguments.json:
        print("\n".join(_lines(certificate, connection, settings, own, entries)))
        if trusted:
            print("it is trusted already")
    if not reason and not trusted and (arguments.yes or (not arguments.json and _confirmed(certificate))):
        database.record(audit=audit("certificate-trust", connection.id, certificate.fingerprint))
        trust.add(connection.id, Trusted(certificate, time.time_ns(), any_host))
        trusted = True
        if not arguments.json:
            print(f"trusted; a running engine connects '{connection.id}' by itself")
    if arguments.json:
        told = {"connection": connection.id, "endpoint": connection.endpoint, **_facts(certificate)}
        mine = {"file": str(own.file), "fingerprint": own.facts.fingerprint, "application_uri": own.application_uri}
        print_json({**told, "trusted": trusted, "problem": reason, "own": mine})
    if reason:
        return fail(f"haihe trust: {reason}; nothing was changed")
    return 0 if trusted or arguments.json else fail("haihe trust: not trusted; nothing was changed")


def _reason(certificate: Certificate, application_uri: str, host: str, fingerprint: str | None, now: datetime) -> str:
    """Return why a certificate cannot be trusted; empty where it can. An empty host stands for any."""
    if fingerprint and certificate.fingerprint != fingerprint:
        return f"the server shows another certificate than {show_fingerprint(fingerprint)}"
    problem = certificate.problem(now) or certificate.application_problem(application_uri)
    if problem is None and host:
        problem = certificate.host_problem(host)
        return "" if problem is None else f"{problem.en}; if it is the right server all the same: --any-host"
    return "" if problem is None else problem.en


def _remove(database: Database, trust: TrustList, connection: str, arguments: argparse.Namespace) -> int:
    gone = trust.remove(connection, arguments.fingerprint or "")
    for each in gone:
        database.record(audit=audit("certificate-distrust", connection, each.certificate.fingerprint))
    if arguments.json:
        print_json([_facts(each.certificate) for each in gone])
    elif gone:
        print("\n".join(f"trusted no more: {each.certificate.shown}" for each in gone))
    return 0 if gone else fail(f"haihe trust: nothing like that is trusted for '{connection}'")


def _show_list(entries: Sequence[Trusted], *, as_json: bool) -> int:
    rows = [
        {**_facts(each.certificate), "since": time_text(each.since_ns), "any_host": each.any_host} for each in entries
    ]
    if as_json:
        print_json(rows)
        return 0
    for each in entries:
        host = ", any host" if each.any_host else ""
        print(f"{each.certificate.shown}  {each.certificate.subject}  since {time_text(each.since_ns)}{host}")
    return 0


async def _ask(endpoint: str) -> Any:
    async with asyncio.timeout(DEADLINE_S):
        return await ask_offers(endpoint, DEADLINE_S / 2)


def _confirmed(certificate: Certificate) -> bool:
    if not sys.stdin.isatty():
        print(
            f"there is no terminal to ask at; compare the fingerprint, then: --yes --fingerprint {certificate.shown}",
            file=sys.stderr,
        )
        return False
    print("Compare the fingerprint with the one that the server itself shows; what came over the line proves nothing.")
    return input("Trust this certificate? [y/N] ").strip().lower() in {"y", "yes"}


def _lines(
    certificate: Certificate,
    connection: Connection,
    settings: SecuritySettings,
    own: OwnCertificate,
    entries: Sequence[Trusted],
) -> list[str]:
    issuer = "itself" if certificate.issuer == certificate.subject else certificate.issuer
    lines = [
        f"server       {connection.endpoint}, {settings.words.en}",
        f"subject      {certificate.subject}, issued by {issuer}",
        f"application  {', '.join(certificate.uris) or '-'}",
        f"hosts        {', '.join(certificate.hosts) or '-'}",
        f"validity     {certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}",
        f"SHA-256      {certificate.shown}",
    ]
    if entries and all(each.certificate != certificate for each in entries):
        lines.append(f"changed!     trusted so far: {', '.join(each.certificate.shown for each in entries)}")
    lines.append(f"console      {own.file}, to be trusted by the server: SHA-256 {own.facts.shown}")
    return lines


def _facts(certificate: Certificate) -> dict[str, Any]:
    return {
        "fingerprint": certificate.fingerprint,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "uris": list(certificate.uris),
        "hosts": list(certificate.hosts),
        "not_before": f"{certificate.not_before:%Y-%m-%dT%H:%M:%SZ}",
        "not_after": f"{certificate.not_after:%Y-%m-%dT%H:%M:%SZ}",
    }


def _fingerprint(text: str) -> str:
    try:
        return parse_fingerprint(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
