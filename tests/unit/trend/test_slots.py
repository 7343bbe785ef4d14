"""Which rings a retention class of the project means."""

from app.project.draft import DEFAULT_RETENTION
from app.trend import DEFAULT, RetentionClass


def test_built_in_class_of_projects_is_that_of_the_store() -> None:
    assert DEFAULT_RETENTION.levels == (DEFAULT.raw, *DEFAULT.levels)


def test_levels_between_reach_as_far_back_as_the_finer_one() -> None:
    assert RetentionClass("raw", 100, ()).capacities == [100]
    assert RetentionClass("one", 100, (70,)).capacities == [100, 70]
    assert RetentionClass("three", 3000, (1001, 512, 64)).capacities == [3000, 1001, 251, 512, 128, 64]
    assert RetentionClass("small", 64, (64, 64)).capacities == [64, 64, 64, 64]
