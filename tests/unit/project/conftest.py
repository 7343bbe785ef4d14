from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep state (the cache among it) out of the user's folder."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("HAIHE_STATE", str(folder))
    return folder
