"""Write the stubs of the compiled modules from what was built: ``python scripts/stubs.py [--check]``.

``--check`` changes nothing: exit status 1 when a committed stub says something else than its module.
"""

import argparse
import ast
import importlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STUBS = {
    "app.trend._core": ROOT / "app/trend/_core.pyi",
    "connectors.opcua._publish": ROOT / "connectors/opcua/_publish.pyi",
}
HEAD = "# Made by scripts/stubs.py.\n# ruff: noqa: C408, D, PYI\n# isort: skip_file\n"


def generate(name: str) -> str:
    """Return the stub of a module that Python finds, as the generator writes it."""
    from nanobind.stubgen import StubGen

    module = importlib.import_module(name)
    stub = StubGen(module)
    stub.put(module)
    return stub.get()


def is_current(name: str) -> bool:
    """Tell whether the committed stub declares what the module has, whatever its layout."""
    committed = STUBS[name].read_text(encoding="utf-8")
    return ast.dump(ast.parse(committed)) == ast.dump(ast.parse(generate(name)))


def write(name: str) -> None:
    """Write the stub in the project's style."""
    STUBS[name].write_text(HEAD + generate(name), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(STUBS[name])], check=True)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    for name, path in STUBS.items():
        if not check:
            write(name)
        elif not is_current(name):
            sys.stderr.write(f"{path.relative_to(ROOT)} is out of date: run scripts/stubs.py\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
