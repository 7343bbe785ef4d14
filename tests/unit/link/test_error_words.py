"""What the engine says of a failure arrives in both languages of the plant."""

import pytest

from app.link import jsonrpc
from app.link.codec import Json
from app.model.errors import AccessDenied, DatabaseError, EnvironmentProblem, HaiheError, LinkError
from app.model.text import LocalText

WORDS = LocalText("log in first", "请先登录")


def over_the_link(error: HaiheError) -> HaiheError:
    answer = jsonrpc.load(jsonrpc.dump_error(1, jsonrpc.to_rpc_error(error)))
    assert isinstance(answer, jsonrpc.Response)
    assert answer.error is not None
    return jsonrpc.to_model_error(answer.error)


@pytest.mark.parametrize("kind", [AccessDenied, DatabaseError, EnvironmentProblem])
def test_both_languages_arrive(kind: type[HaiheError]) -> None:
    arrived = over_the_link(kind(WORDS))
    assert type(arrived) is kind
    assert str(arrived) == "log in first"
    assert arrived.text == WORDS


def test_a_text_in_one_language_serves_for_both() -> None:
    arrived = over_the_link(AccessDenied("no"))
    assert arrived.text.get("zh_CN") == "no"


def test_failures_of_the_engine_itself_arrive_in_both_languages_too() -> None:
    arrived = over_the_link(jsonrpc.RpcError(jsonrpc.INTERNAL_ERROR, LocalText("defect", "出错")))
    assert type(arrived) is LinkError
    assert arrived.text == LocalText("defect", "出错")


@pytest.mark.parametrize("data", [None, 7, {"en": 1}, {"zh": []}])
def test_unreadable_data_falls_back_to_the_message(data: Json) -> None:
    arrived = jsonrpc.to_model_error(jsonrpc.RpcError(jsonrpc.INTERNAL_ERROR, "defect", data))
    assert isinstance(arrived, LinkError)
    assert str(arrived) == "defect"
