"""Displays: what is read, what is refused with its line, what is kept."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.project.displays import (
    Anchor,
    Bar,
    Box,
    Display,
    Flow,
    Frame,
    Label,
    Link,
    Node,
    NodeError,
    Placeholder,
    Spark,
    Symbol,
    ValueText,
    artwork_svg,
    parse_display,
    parse_display_text,
    read_node,
)  # fmt: skip
from app.project.problem import Problem

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:h="urn:haihe:display:1" xmlns:x="urn:other" viewBox="0 0 800 600" '
    'h:title="Hall" h:title-zh="车间" h:level="2" h:parent="overview" h:area="UF CL">\n'
)


def parse(body: str) -> tuple[Display, list[Problem]]:
    return parse_display_text(HEAD + body + "\n</svg>", Path("hall.svg"))


def test_head_is_read() -> None:
    display, problems = parse("")
    assert problems == []
    assert (display.id, display.title.zh, display.level, display.parent, display.areas) == (
        "hall",
        "车间",
        2,
        "overview",
        ("UF", "CL"),
    )
    assert [one.name for one in display.references if one.kind == "area"] == ["UF", "CL"]
    assert (display.width, display.height) == (800, 600)


def test_elements_carry_geometry_and_references() -> None:
    display, problems = parse(
        '<g transform="translate(100 50) scale(2)" h:applies="A.RUN == 1">'
        '<text h:value="A.B" h:format=".3f" h:unit="below" x="10" y="20" text-anchor="end" font-size="20"/>'
        '<rect h:bar="A.B" h:setpoint="A.SP" x="0" y="0" width="10" height="60"/></g>'
        '<rect h:spark="A.B" h:span="30min" width="90" height="20"/>'
        '<path h:flow="A.F" d="M 10 10 H 50 v 20" stroke-width="6"/>'
        '<g h:symbol="pump" h:equipment="A.P1" transform="translate(5 6)" h:width="40" h:height="40"/>'
        '<rect class="fill-panel" h:equipment="A.P1" x="1" y="2" width="30" height="40"/>'
        '<rect h:link="overview" x="1" y="2" width="30" height="40"/>'
        '<text h:zh="进水" class="fill-dim" x="4" y="5">Feed</text>'
    )
    assert problems == []
    value, bar, spark, flow, symbol, frame, link, label = display.elements
    assert isinstance(value, ValueText)
    assert (value.box.x, value.box.y, value.size, value.decimals) == (120, 90, 40, 3)
    assert value.anchor is Anchor.END
    assert value.applies is not None
    assert value.applies.names == {"A.RUN"}
    assert isinstance(bar, Bar)
    assert bar.box == Box(100, 50, 20, 120)
    assert isinstance(spark, Spark)
    assert spark.span_s == 1800
    assert isinstance(flow, Flow)
    assert list(flow.points) == [(10, 10), (50, 10), (50, 30)]
    assert isinstance(symbol, Symbol)
    assert symbol.box == Box(5, 6, 40, 40)
    assert isinstance(frame, Frame)
    assert isinstance(link, Link)
    assert isinstance(label, Label)
    assert (label.text.zh, label.color) == ("进水", "dim")
    assert list(display.tags()) == ["A.RUN", "A.B", "A.SP", "A.F"]
    assert {(ref.kind, ref.name) for ref in display.references} >= {("equipment", "A.P1"), ("display", "overview")}


def test_a_template_is_drawn_once_for_each_use() -> None:
    display, problems = parse(
        '<defs><g h:template="rack"><rect width="9" height="9"/><text x="1" y="2">{R}</text>'
        '<text h:value="LZ.{R}.FLOW" x="1" y="5"/></g></defs>'
        '<g h:use="rack" h:params="R=R01"/><g h:use="rack" h:params="R=R02" transform="translate(100 0)"/>'
    )
    assert problems == []
    assert list(display.tags()) == ["LZ.R01.FLOW", "LZ.R02.FLOW"]
    assert [e.box.x for e in display.elements if isinstance(e, ValueText)] == [1, 101]
    assert artwork_svg(display.artwork, {}).count("<rect") == 2


@pytest.mark.parametrize(
    ("body", "attribute", "words"),
    [
        ('<text h:value="A" h:format="%d" x="1" y="2"/>', "h:format", "write .0f"),
        ('<rect h:bar="A" width="5"/>', "width", "above 0"),
        ('<rect h:bar="A" width="wide" height="5"/>', "", "not a number"),
        ('<rect h:spark="A" h:span="soon" width="5" height="5"/>', "h:span", "30min"),
        ('<path h:flow="A" d="M0 0 C 1 1 2 2 3 3"/>', "", "only use M, L, H and V"),
        ('<g transform="rotate(3)"><text h:value="A"/></g>', "transform", "moved and scaled"),
        ('<g h:use="nothing"/>', "h:use", "does not exist"),
        ('<text h:value="A" h:visible="A &gt;"/>', "h:visible", ""),
        ('<g h:symbol="pump" h:rotate="45"/>', "h:rotate", "90"),
    ],
)
def test_a_broken_element_becomes_a_placeholder_with_its_line(body: str, attribute: str, words: str) -> None:
    display, problems = parse('<text h:value="GOOD" x="1" y="2"/>\n' + body)
    assert [problem.line for problem in problems] == [3]
    assert problems[0].field == attribute
    assert words in problems[0].message
    good, placeholder = display.elements
    assert isinstance(good, ValueText)
    assert isinstance(placeholder, Placeholder)


def test_an_unknown_attribute_is_reported_and_the_element_kept() -> None:
    display, problems = parse('<text h:value="A" h:blinks="yes" x="1" y="2"/>')
    assert len(display.elements) == 1
    assert "h:blinks" in str(problems[0])
    assert "format" in problems[0].message


def test_a_template_that_uses_itself_ends() -> None:
    display, problems = parse('<defs><g h:template="a"><g h:use="a"/></g></defs><g h:use="a"/>')
    assert "nested" in problems[0].message
    assert len(display.elements) == 1


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.svg"
    bomb.write_text('<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>')
    display, problems = parse_display(bomb, tmp_path)
    assert display.elements == ()
    assert "entities" in problems[0].message
    assert problems[0].file == "bomb.svg"


def test_a_file_that_is_not_xml_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "torn.svg"
    path.write_text("<svg>\n<g>\n</svg>")
    problem = parse_display(path, tmp_path)[1][0]
    assert problem.line == 3
    missing = parse_display(tmp_path / "none.svg", tmp_path)[1][0]
    assert "cannot be read" in missing.message


def test_writing_keeps_what_is_not_understood() -> None:
    body = '<!-- note --><x:tool grid="4"/><text h:value="A" h:later="1" x="1" y="2">&lt;0&gt;</text>'
    display, _ = parse(body)
    again = read_node(display.write())
    assert again.write() == display.root.write()
    assert body.split("<text")[0] in display.write()


_names = st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True)
_texts = st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=["Cs", "Cc"]), min_size=1)
_nodes = st.recursive(
    st.builds(Node, _names, st.dictionaries(_names, _texts, max_size=3)),
    lambda inner: st.builds(
        lambda name, attributes, child, text: Node(name, attributes, [text, child]),
        _names, st.dictionaries(_names, _texts, max_size=3), inner, _texts,
    ),
    max_leaves=6,
)  # fmt: skip


@given(_nodes)
def test_any_document_survives_a_round_trip(node: Node) -> None:
    assert read_node(node.write()).write() == node.write()


@given(st.text(max_size=60))
def test_no_text_raises_anything_else(text: str) -> None:
    with contextlib.suppress(NodeError):
        read_node(text)
