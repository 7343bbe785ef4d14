"""Write app/trend/_core.pyi from the built module: ``python scripts/stubs.py [--check]``.

``--check`` changes nothing: exit status 1 when the committed stub says something else than the module.
"""

import argparse
import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STUB = ROOT / "app" / "trend" / "_core.pyi"
HEAD = "# Made by scripts/stubs.py.\n# ruff: noqa: C408, D, PYI\n# isort: skip_file\n"


def generate() -> str:
    """Return the stub of the module that Python finds, as the generator writes it."""
    from nanobind.stubgen import StubGen

    from app.trend import _core

    stub = StubGen(_core)
    stub.put(_core)
    return stub.get()


def is_current() -> bool:
    """Tell whether the committed stub declares what the module has, whatever its layout."""
    return ast.dump(ast.parse(STUB.read_text(encoding="utf-8"))) == ast.dump(ast.parse(generate()))


def write() -> None:
    """Write the stub in the project's style."""
    STUB.write_text(HEAD + generate(), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(STUB)], check=True)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        write()
    elif not is_current():
        sys.stderr.write("app/trend/_core.pyi is out of date: run scripts/stubs.py\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
