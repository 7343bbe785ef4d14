"""Child of test_main: the engine as ``haihe engine`` runs it; ``defect`` lets one of its tasks fail once it serves."""

import asyncio
import sys

import main
from app.engine.engine import Engine


async def _fail(self: Engine) -> None:
    await asyncio.to_thread(sys.stdin.readline)  # until the test says so
    raise ArithmeticError("a defect of the test")


if __name__ == "__main__":
    if sys.argv[1] == "defect":
        setattr(Engine, "_write_history", _fail)  # noqa: B010 - mypy refuses an assignment
    sys.exit(main.main(["engine", sys.argv[2]]))
