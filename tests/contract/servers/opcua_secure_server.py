"""An OPC UA server with certificates and users, driven by JSON lines on stdin.

Usage: opcua_secure_server.py PORT OPTIONS, where OPTIONS is a JSON object:

    certificate, key    files (PEM); policies: names of asyncua's SecurityPolicyType; uri: the server's own name
    clients             files (PEM) of the clients' certificates that are trusted; all are where it is missing
    users               passwords by user name; user_certificates: files (PEM); anonymous: whether it admits such
    lie                 strip    GetEndpoints tells of the open endpoint only
                        invent   GetEndpoints tells of secured endpoints that are none
                        elsewhere  GetEndpoints names another host and port
                        open     the secure channel is answered without security
                        plain    passwords are asked for unprotected
"""

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from asyncua import Server, ua
from asyncua.common.connection import SecureConnection
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.crypto.security_policies import SecurityPolicyNone
from asyncua.server.internal_server import InternalServer
from asyncua.server.internal_session import InternalSession
from asyncua.server.uaprocessor import UaProcessor
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

PORT, OPTIONS = int(sys.argv[1]), json.loads(sys.argv[2])
NONE = SecurityPolicyNone.URI


def der_of(files: list[str]) -> set[bytes]:
    return {x509.load_pem_x509_certificate(Path(each).read_bytes()).public_bytes(Encoding.DER) for each in files}


class Users:
    """Admits whom the options name."""

    def __init__(self) -> None:
        self.passwords = OPTIONS.get("users", {})
        self.certificates = der_of(OPTIONS.get("user_certificates", []))

        self.token: Any = None

    def get_user(self, _server: Any, username: Any, password: Any, certificate: Any) -> User | None:
        known = not isinstance(self.token, ua.X509IdentityToken) or certificate in self.certificates
        if isinstance(self.token, ua.UserNameIdentityToken):
            known = self.passwords.get(username) == password
        return User(role=UserRole.User) if known else None


def lie(what: str) -> None:
    told = InternalServer.get_endpoints

    async def endpoints(server: Any, params: Any = None, sockname: Any = None) -> list[Any]:
        found: list[Any] = await told(server, params, sockname)
        if what == "strip":
            return [each for each in found if each.SecurityPolicyUri == NONE]
        if what == "elsewhere":
            return [replace(each, EndpointUrl="opc.tcp://elsewhere.invalid:1/") for each in found]
        if what == "invent":
            return [replace(each, SecurityMode=ua.MessageSecurityMode.SignAndEncrypt) for each in found]
        if what == "plain":
            return [
                replace(each, UserIdentityTokens=[replace(t, SecurityPolicyUri=NONE) for t in each.UserIdentityTokens])
                for each in found
            ]
        return found

    InternalServer.get_endpoints = endpoints
    if what == "open":
        opened = UaProcessor.open_secure_channel
        written = SecureConnection.message_to_binary

        def open_channel(processor: Any, *header: Any) -> None:
            opened(processor, *header)

        def message(connection: Any, *body: Any, **how: Any) -> bytes:
            connection.security_policy = SecurityPolicyNone()
            return bytes(written(connection, *body, **how))

        UaProcessor.open_secure_channel = open_channel
        SecureConnection.message_to_binary = message


async def main() -> None:
    users = Users()
    server = Server(user_manager=users)
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{PORT}/contract")
    await server.set_application_uri(OPTIONS["uri"])
    await server.load_certificate(OPTIONS["certificate"])
    await server.load_private_key(OPTIONS["key"], format="pem")
    server.set_security_policy([ua.SecurityPolicyType[name] for name in OPTIONS["policies"]])
    tokens = [ua.AnonymousIdentityToken] if OPTIONS.get("anonymous", True) else []
    tokens += [ua.UserNameIdentityToken] if "users" in OPTIONS else []
    tokens += [ua.X509IdentityToken] if "user_certificates" in OPTIONS else []
    server.set_identity_tokens(tokens)
    if "clients" in OPTIONS:
        trusted = der_of(OPTIONS["clients"])

        async def check(certificate: Any, _description: Any) -> None:
            if certificate.public_bytes(Encoding.DER) not in trusted:
                raise ua.uaerrors.BadCertificateUntrusted()

        server.set_certificate_validator(check)
    lie(OPTIONS.get("lie", ""))
    seen: list[dict[str, Any]] = []
    activate = InternalSession.activate_session
    create = InternalSession.create_session

    def activated(session: Any, params: Any, peer: Any) -> Any:
        if session.external:
            token = users.token = params.UserIdentityToken
            entry = {"token": type(token).__name__, "locale": params.LocaleIds}
            if isinstance(token, ua.UserNameIdentityToken):
                entry |= {"user": token.UserName, "plain": not token.EncryptionAlgorithm}
            seen.append(entry)
        return activate(session, params, peer)

    async def created(session: Any, params: Any, **how: Any) -> Any:
        if session.external:
            seen.append({"client": params.ClientDescription.ApplicationUri, "url": params.EndpointUrl})
        return await create(session, params, **how)

    InternalSession.activate_session = activated
    InternalSession.create_session = created
    space = await server.register_namespace("urn:test:contract")
    level = await server.nodes.objects.add_variable(
        ua.NodeId("level", space), ua.QualifiedName("level", space), 12.5, varianttype=ua.VariantType.Double
    )
    await level.set_writable()
    async with server:
        print("READY", flush=True)
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            order = json.loads(line)
            answer: object = None
            match order["do"]:
                case "set":
                    await level.write_value(ua.Variant(order["value"], ua.VariantType.Double))
                case "get":
                    answer = await level.read_value()
                case "users":
                    users.passwords = order["users"]
                case "cut":
                    for client in tuple(server.bserver.clients):
                        client.transport.abort()
                case "held":
                    inner = server.iserver
                    answer = [len(inner._external_sessions), len(inner.subscription_service.subscriptions)]
                case "seen":
                    answer = list(seen)
            print(json.dumps({"answer": answer}), flush=True)


asyncio.run(main())
