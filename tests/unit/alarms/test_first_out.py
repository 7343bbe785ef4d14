"""First-out groups: the first of a trip is marked, until its group is normal or trips anew."""

from tests.unit.alarms.site import Site, high


def site() -> Site:
    return Site(high("A", first_out="trip"), high("B", first_out="trip"), high("C", first_out="other"), high("D"))


def marked(plant: Site) -> list[str]:
    return [name for name in ("A.H", "B.H", "C.H", "D.H") if plant.shot(name).first_out]


def test_the_first_of_each_group_is_marked() -> None:
    plant = site()
    for tag in "DBAC":
        plant.feed(11, tag)
    assert marked(plant) == ["B.H", "C.H"]


def test_the_mark_stays_until_the_whole_group_is_normal() -> None:
    plant = site()
    plant.feed(11, "A")
    plant.feed(11, "B")
    plant.feed(9, "A")
    plant.acknowledge("A.H")
    assert marked(plant) == ["A.H"]  # over, but it is what began it
    plant.feed(11, "A")
    assert marked(plant) == ["A.H"]
    plant.feed(9, "A")
    plant.acknowledge("A.H")
    plant.acknowledge("B.H")
    assert plant.feed(9, "B") == ["B.H RTN NORM", "(A.H CHANGE NORM)"]
    assert marked(plant) == []
    plant.feed(11, "B")
    assert marked(plant) == ["B.H"]


def test_an_unacknowledged_return_still_belongs_to_the_trip() -> None:
    plant = site()
    plant.feed(11, "A")
    plant.feed(9, "A")
    plant.feed(11, "B")
    assert marked(plant) == ["A.H"]


def test_what_only_waits_for_its_reset_gives_the_mark_to_the_next_trip() -> None:
    plant = Site(high("A", first_out="trip", latched=True), high("B", first_out="trip"))
    plant.feed(11, "A")
    plant.feed(9, "A")
    plant.acknowledge("A.H")
    assert [plant.shot(name).first_out for name in ("A.H", "B.H")] == [True, False]
    assert plant.feed(11, "B") == ["B.H ALM UNACK", "(A.H CHANGE LACKED)"]
    assert [plant.shot(name).first_out for name in ("A.H", "B.H")] == [False, True]


def test_a_suppressed_alarm_is_not_the_first() -> None:
    plant = site()
    plant.shelve(60, "A.H")
    plant.feed(11, "A")
    plant.feed(11, "B")
    assert marked(plant) == ["B.H"]
    plant.wait(60)
    assert marked(plant) == ["B.H"]


def test_the_mark_outlasts_a_restart() -> None:
    plant = site()
    plant.feed(11, "A")
    plant.restart()
    plant.feed(11, "B")
    assert marked(plant) == ["A.H"]
