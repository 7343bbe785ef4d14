import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.model.address import AddressError
from app.model.opcua_address import OpcUaAddress

fields = some.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
steps = some.one_of(fields, some.lists(some.integers(0, 999_999_999), min_size=1, max_size=3).map(tuple))
identifiers = some.one_of(
    some.integers(0, 2**32 - 1),
    some.uuids(),
    some.binary(min_size=1, max_size=20),
    some.text(min_size=1, max_size=20).filter(lambda text: text == text.strip()),
    some.sampled_from(["a @b", "Pumps[2].Speed", "a @[3]", "x;s=y", "@", 'DB1."x"[1,2]']),
)


@given(identifiers, some.lists(steps, max_size=4).map(tuple), some.one_of(some.just("urn:plc"), some.integers(0, 99)))
def test_an_address_is_read_as_it_is_written(
    identifier: int | UUID | bytes | str, path: tuple[str | tuple[int, ...], ...], namespace: str | int
) -> None:
    uri, index = (namespace, None) if isinstance(namespace, str) else (None, namespace)
    address = OpcUaAddress(uri, index, identifier, path)
    assert OpcUaAddress.parse(str(address)) == address


def test_brackets_and_dots_belong_to_the_id_unless_they_stand_behind_the_sign() -> None:
    assert OpcUaAddress.parse("nsu=urn:plc;s=Pumps[2].Speed").identifier == "Pumps[2].Speed"
    parsed = OpcUaAddress.parse("nsu=urn:plc;s=Pumps[2].All @[3,1].Speed")
    assert (parsed.identifier, parsed.path) == ("Pumps[2].All", ((3, 1), "Speed"))
    closed = OpcUaAddress.parse("ns=2;s=left @[3] @")
    assert (closed.identifier, closed.path) == ("left @[3]", ())


def test_every_kind_of_identifier() -> None:
    guid = "09087e75-8e5e-499b-954f-f2a9603db28a"
    assert OpcUaAddress.parse(f"ns=1;g={guid}").identifier == UUID(guid)
    assert OpcUaAddress.parse(f"ns=1;b={base64.b64encode(b'abc').decode()}").identifier == b"abc"
    assert OpcUaAddress.parse("ns=1;i=7").identifier == 7


@pytest.mark.parametrize(
    ("text", "why"),
    [("ns=1;g=xyz", "GUID"), ("ns=1;b=#", "base64"), ("ns=1;i=x", "whole number"),
     ("ns=1;i=4294967296", "to 4294967295"),
     ("x=1", "expected nsu="), ("ns=1;s=a @[x]", r"allowed: \[3\]"), ("ns=1;s=a @.b", "allowed"),
     ("ns=1;s=a @b c", "closed by another"), ("ns=1;s=a @b[1]c", "allowed")],
)  # fmt: skip
def test_what_is_no_address_is_told_with_what_is(text: str, why: str) -> None:
    with pytest.raises(AddressError, match=why):
        OpcUaAddress.parse(text)
