import contextlib
from typing import Any

import pytest
from asyncua import ua
from asyncua.common.utils import Buffer
from hypothesis import given
from hypothesis import strategies as some

from app.model import status as st
from connectors.opcua.parts import Parts
from connectors.opcua.structures import Structures, _decode, _Field, _Structure
from connectors.scaling import ValueRefused


def parts(*path: Any) -> Parts:
    return Parts([path], Structures())


@given(some.lists(some.integers(), min_size=1, max_size=5), some.integers(0, 6))
def test_an_element_is_the_same_whether_the_server_sends_all_or_one(array: list[int], at: int) -> None:
    one = parts((at,))
    asked = one.index_range(0, array)
    if at >= len(array):
        with pytest.raises(ValueRefused) as caught:
            one.pick(0, array)
        assert caught.value.status == st.BAD_INDEX_RANGE_NO_DATA
        return
    assert one.pick(0, array) == array[at]
    if asked:
        assert one.pick(0, [array[at]]) == array[at]


def test_an_array_of_one_element_is_asked_for_whole_so_that_no_other_is_taken_for_it() -> None:
    one = parts((3,))
    assert one.index_range(0, [5]) == ""
    with pytest.raises(ValueRefused):
        one.pick(0, [5])
    assert parts((1, 0)).index_range(0, [[1, 2], [3, 4]]) == "1,0"
    assert parts("Speed").index_range(0, [1, 2]) == ""
    assert parts((0,)).index_range(0, 7.0) == ""


def test_a_union_has_one_of_its_fields() -> None:
    fields = [_Field("Whole", ua.VariantType.Int32, -1, False), _Field("Text", ua.VariantType.String, -1, False)]
    union = _Structure(ua.StructureType.Union, fields)
    assert _decode(union, Buffer(b"\x02\0\0\0\x01\0\0\0x"), 0) == {"Whole": None, "Text": "x"}
    assert _decode(union, Buffer(b"\0\0\0\0"), 0) == {"Whole": None, "Text": None}


@given(some.binary(max_size=60))
def test_bytes_that_are_no_structure_are_a_type_that_does_not_match(body: bytes) -> None:
    structures = Structures()
    encoding = ua.NodeId(1, 2)
    inner = _Structure(ua.StructureType.Union, [_Field("A", ua.VariantType.String, 1, False)])
    fields = [_Field("Texts", ua.VariantType.LocalizedText, 1, False), _Field("Inner", inner, 2, False)]
    structures._by_encoding[encoding] = _Structure(ua.StructureType.Structure, fields)
    with contextlib.suppress(ValueRefused):
        assert set(structures.decode(ua.ExtensionObject(encoding, body))) == {"Texts", "Inner"}
