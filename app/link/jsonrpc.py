"""JSON-RPC 2.0 framing, and the model's errors as JSON-RPC errors.

-32700 text is not JSON            -32000 CommandRefused (data: reason, text, detail)
-32600 not a JSON-RPC request      -32001 AccessDenied
-32601 method unknown              -32002 EnvironmentProblem
-32602 parameters do not fit       -32003 DatabaseError
-32603 defect in the engine        -32004 answer too large
                                   -32800 the client withdrew the call (as in the Language Server Protocol)

The data of all others is the text in both languages, where there are two.
"""

import json
from dataclasses import dataclass
from typing import Final, cast

from app.link.codec import CodecError, Json, decode, encode
from app.model.command import CommandRefused, RefusalReason
from app.model.errors import AccessDenied, DatabaseError, EnvironmentProblem, HaiheError, LinkError
from app.model.text import LocalText

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
UNKNOWN_METHOD: Final = -32601
INVALID_PARAMS: Final = -32602
INTERNAL_ERROR: Final = -32603
COMMAND_REFUSED: Final = -32000
ACCESS_DENIED: Final = -32001
ENVIRONMENT: Final = -32002
DATABASE: Final = -32003
TOO_LARGE: Final = -32004
WITHDRAWN: Final = -32800
CANCEL_REQUEST: Final = "$/cancelRequest"
"""Notification that withdraws the call whose ``id`` it names; where the call does more than read it is ignored."""


class RpcError(HaiheError):
    """An error that goes over the link as code and text."""

    def __init__(self, code: int, message: str | LocalText, data: Json = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = data if data is not None else _words(self)


@dataclass(frozen=True, slots=True)
class Request:
    """A call; ``id`` is what its response carries."""

    id: int
    method: str
    params: Json


@dataclass(frozen=True, slots=True)
class Response:
    """Answer to a call: a result, or an error."""

    id: int | None
    result: Json
    error: RpcError | None


@dataclass(frozen=True, slots=True)
class Notification:
    """A message without an answer."""

    method: str
    params: Json


@dataclass(frozen=True, slots=True)
class _Refusal:
    reason: RefusalReason
    text: LocalText
    detail: str


def dump_request(request: Request) -> str:
    """Return the text of a call."""
    return _dump({"id": request.id, "method": request.method, "params": request.params})


def dump_result(request_id: int, result: Json) -> str:
    """Return the text of an answer."""
    return _dump({"id": request_id, "result": result})


def dump_error(request_id: int | None, error: RpcError) -> str:
    """Return the text of an error; the id is None where the request's could not be read."""
    content: dict[str, Json] = {"code": error.code, "message": str(error)}
    if error.data is not None:
        content["data"] = error.data
    return _dump({"id": request_id, "error": content})


def dump_notification(method: str, params: Json) -> str:
    """Return the text of a notification."""
    return _dump({"method": method, "params": params})


def load(text: str | bytes) -> Request | Response | Notification:
    """Parse one message.

    Raises:
        RpcError: with PARSE_ERROR or INVALID_REQUEST.

    """
    if isinstance(text, bytes):
        raise RpcError(INVALID_REQUEST, "binary messages are not used on this link")
    try:
        data = cast(Json, json.loads(text))
    except (ValueError, RecursionError):
        raise RpcError(PARSE_ERROR, "the message is not JSON") from None
    if not isinstance(data, dict) or data.get("jsonrpc") != "2.0":
        raise RpcError(INVALID_REQUEST, "the message is not JSON-RPC 2.0")
    number = data.get("id")
    if number is not None and type(number) is not int:
        raise RpcError(INVALID_REQUEST, "id must be a whole number")
    method = data.get("method")
    if isinstance(method, str):
        params = data.get("params", {})
        return Notification(method, params) if number is None else Request(number, method, params)
    if "error" in data:
        return Response(number, None, _load_error(data["error"]))
    if number is not None and "result" in data:
        return Response(number, data["result"], None)
    raise RpcError(INVALID_REQUEST, "neither method, result nor error")


def to_rpc_error(error: HaiheError) -> RpcError:
    """Return the error that goes over the link for one of the model's."""
    if isinstance(error, RpcError):
        return error
    if isinstance(error, CommandRefused):
        return RpcError(COMMAND_REFUSED, str(error), encode(_Refusal(error.reason, error.text, error.detail)))
    if isinstance(error, AccessDenied):
        return RpcError(ACCESS_DENIED, str(error), _words(error))
    if isinstance(error, DatabaseError):
        return RpcError(DATABASE, str(error), _words(error))
    return RpcError(ENVIRONMENT, str(error), _words(error))


def to_model_error(error: RpcError) -> HaiheError:
    """Return the model's error for one that arrived; LinkError for everything the model has no word for."""
    if error.code == COMMAND_REFUSED:
        try:
            refusal = decode(_Refusal, error.data)
        except CodecError:
            return LinkError(
                LocalText(
                    f"the engine refused the command without a readable reason: {error}",
                    f"引擎拒绝了命令，但未给出可读的原因：{error}",
                )
            )
        return CommandRefused(refusal.reason, refusal.text, detail=refusal.detail)
    kinds: dict[int, type[HaiheError]] = {
        ACCESS_DENIED: AccessDenied,
        ENVIRONMENT: EnvironmentProblem,
        DATABASE: DatabaseError,
    }
    try:
        text = decode(LocalText, error.data)
    except CodecError:
        text = LocalText(str(error))
    return kinds.get(error.code, LinkError)(text)


def _words(error: HaiheError) -> Json:
    """Return an error's text in both languages, None where it has but one."""
    return encode(error.text) if error.text.zh else None


def _dump(content: dict[str, Json]) -> str:
    return json.dumps({"jsonrpc": "2.0", **content}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _load_error(data: Json) -> RpcError:
    if not isinstance(data, dict) or type(data.get("code")) is not int:
        raise RpcError(INVALID_REQUEST, "the error has no code")
    return RpcError(cast(int, data["code"]), str(data.get("message", "")), data.get("data"))
