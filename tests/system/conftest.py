"""One plant for the session; the engine is started by the first test that needs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.harness import USER, Site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running plant with a user."""
    folder: Path = tmp_path_factory.mktemp("site")
    site = Site(folder)
    try:
        site.cli("user", "add", USER, "--role", "operator")
        yield site
    finally:
        site.close()


@pytest.fixture
def running(site: Site) -> Site:
    """The site with an engine whose connections all work."""
    if site.engine is None or site.engine.process.poll() is not None:
        site.start_engine()
    return site
