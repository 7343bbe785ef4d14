"""Back and forward."""

from app.console.places import Place, Places


def test_back_and_forward_like_a_browser() -> None:
    places = Places()
    one, two, three = Place("overview", "a"), Place("overview", "b"), Place("alarms")
    for place in (one, two, two):
        places.visit(place)
    assert places.back() == one
    assert places.back() is None
    assert places.forward() == two
    places.back()
    places.visit(three)
    assert not places.can_go_forward
    assert places.current == three
