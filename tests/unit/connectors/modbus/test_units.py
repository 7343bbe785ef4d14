from connectors.modbus.units import Units


def test_a_unit_is_doubted_once_and_rests_from_the_second_silence_on() -> None:
    units = Units({1, 2}, longest_rest_s=30)
    assert not units.was_silent(2, 100.0)
    assert (units.doubted(100.5), units.silent) == ({2}, ())
    assert units.was_silent(2, 101.0)
    assert (units.doubted(101.5), units.silent, units.next_wake(101.5)) == (set(), (2,), 102.0)
    assert units.rests(2, 101.9)
    assert not units.rests(2, 102.0)
    assert units.doubted(102.0) == {2}  # its rest is over: it is asked at once, whenever its tags are due
    assert not units.none_answers
    units.answered(2)
    assert units.silent == ()


def test_rests_double_to_the_longest_however_long_the_silence() -> None:
    units = Units({1}, longest_rest_s=30)
    rests = []
    for _ in range(3000):
        units.was_silent(1, 0.0)
        rests.append(next((n for n in (0, 0.5, 1, 2, 4, 8, 16, 30) if not units.rests(1, n)), None))
    assert rests[:8] == [0, 1, 2, 4, 8, 16, 30, 30]
    assert set(rests[8:]) == {30}
    assert units.none_answers
