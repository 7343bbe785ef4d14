"""The command line of Haihe Console: parse, then hand over to one module of app.cli."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Final

from app.model.errors import HaiheError

COMMANDS: Final = {
    "demo": "start the demo plant, an engine and a console",
    "console": "open the console on a project",
    "engine": "run the engine of a project as a service",
    "plant": "run the demo plant alone",
    "disturb": "cause or end a disturbance in the demo plant",
    "check": "validate a project",
    "reload": "let the running engine take the changed project",
    "read": "value, quality and time of tags",
    "write": "give a command: select, check, operate, verify",
    "substitute": "let a value stand for that of a bad sensor, list and end such",
    "alarms": "current alarms; acknowledge, shelve and unshelve them",
    "probe": "what lies at an address of a Modbus device, in every type and order",
    "browse": "what an OPC UA server has, with addresses for tags.csv",
    "status": "connections, rates, lag, errors, store, database",
    "export": "history of tags as CSV",
    "screenshot": "write a display as a PNG",
    "user": "add and list users, set passwords",
    "audit": "verify the audit chain",
    "trust": "trust the certificate of an OPC UA server",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 success, 1 it failed (one line on stderr), 2 wrong usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["--version"]:
        from importlib.metadata import version  # here: nothing else needs it, and it is slow

        sys.stdout.write(f"haihe {version('haihe')}\n")
        return 0
    command = words[0] if words else "console"
    if command not in COMMANDS:  # also -h, and usage mistakes
        listing = "\n".join(f"  {name:<11} {text}" for name, text in COMMANDS.items())
        parser = argparse.ArgumentParser(
            prog="haihe", epilog=f"commands:\n{listing}\n\nWithout a command, the console opens the last project.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        parser.add_argument("--version", action="store_true", help="show the version and exit")
        parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="see below; COMMAND -h tells more")
        parser.parse_args(words[:1])
    try:  # around the import too, which takes most of a short command's time: Ctrl-C may come then
        module = importlib.import_module(f"app.cli.{command}")  # only this one: the console does not pay for asyncua
        parser = argparse.ArgumentParser(prog=f"haihe {command}", description=COMMANDS[command].capitalize() + ".")
        rest, parts = words[1:], getattr(module, "PARTS", {})
        if rest[:1] and rest[0] in parts:  # as "alarms ack": a command of its own, with other arguments
            word, rest = rest[0], rest[1:]
            module = importlib.import_module(f"app.cli.{parts[word]}")
            parser = argparse.ArgumentParser(prog=f"haihe {command} {word}")
            module.add_part(parser, word)
        else:
            module.add_arguments(parser)
        status = int(module.run(parser.parse_args(rest)))
        sys.stdout.flush()
        return status
    except HaiheError as error:
        sys.stderr.write(f"haihe {command}: {error.line}\n")
        return 1
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left is not written at exit either
        return 141
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
