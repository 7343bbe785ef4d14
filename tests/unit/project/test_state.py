import stat
from pathlib import Path

import pytest

from app.model.errors import ProjectError
from app.project import state


def test_the_state_folder_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAIHE_STATE", str(tmp_path / "state"))
    folder = state.state_folder("small")
    assert folder == tmp_path / "state" / "projects" / "small"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o755)
    assert stat.S_IMODE(state.state_folder("small").stat().st_mode) == 0o700
    assert state.database_path("small").parent == folder
    assert state.log_folder("small").is_dir()
    for path in (state.endpoint_path, state.plant_endpoint_path, state.console_settings_path):
        assert path("small").parent == folder


@pytest.mark.parametrize("identity", ["", "../x", "a/b", "1a", "a" * 40])
def test_an_id_that_is_no_folder_is_refused(identity: str) -> None:
    with pytest.raises(ProjectError, match="cannot name a folder"):
        state.state_folder(identity)


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HAIHE_STATE", str(tmp_path / "file"))
    with pytest.raises(ProjectError, match="HAIHE_STATE"):
        state.state_folder("small")
