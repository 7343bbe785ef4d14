"""The committed stub of the compiled module says what the module has."""

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


def test_committed_stub_is_current(stubs: ModuleType) -> None:
    assert stubs.is_current(), "run scripts/stubs.py"


def test_changed_stub_is_noticed(stubs: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "_core.pyi"
    other.write_text(stubs.STUB.read_text(encoding="utf-8").replace("limit: int", "limit: float"), encoding="utf-8")
    monkeypatch.setattr(stubs, "STUB", other)
    assert not stubs.is_current()
