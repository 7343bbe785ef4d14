"""The committed stubs of the compiled modules say what the modules have."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def stubs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("stubs", ROOT / "scripts" / "stubs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["app.trend._core", "connectors.opcua._publish"])
def test_committed_stub_is_current(stubs: ModuleType, name: str) -> None:
    assert stubs.is_current(name), "run scripts/stubs.py"


def test_changed_stub_is_noticed(stubs: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, other = "app.trend._core", tmp_path / "_core.pyi"
    other.write_text(stubs.STUBS[name].read_text(encoding="utf-8").replace("limit: int", "limit: float"), "utf-8")
    monkeypatch.setitem(stubs.STUBS, name, other)
    assert not stubs.is_current(name)
