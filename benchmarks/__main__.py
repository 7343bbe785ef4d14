"""Run benchmarks by name and print one flat object of figures (percentiles are suffixes of the key)."""

import argparse
import importlib
import inspect
import json
import sys

NAMES = ("startup", "latency", "trend", "redraw", "history", "ingest", "opcua", "modbus", "soak", "alarms")


def main() -> int:
    """Run the named benchmarks one after another; exit status 1 when one could not be run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="+", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--seconds", type=float, help="how long a rate has to be held (opcua; default 20)")
    parser.add_argument("--minutes", type=float, help="how long faults are injected (soak; default 15)")
    parser.add_argument("--seed", type=int, help="which faults are injected, and when (soak; default 1)")
    parser.add_argument("--rows", type=int, help="rows of the journal (alarms; default 10,000,000)")
    options = parser.parse_args()
    chosen = {key: value for key in ("seconds", "minutes", "seed", "rows") if (value := vars(options)[key]) is not None}
    figures: dict[str, float] = {}
    for name in options.names:
        run = importlib.import_module(f"benchmarks.{name}").run
        taken = inspect.signature(run).parameters
        figures.update(run(**{key: value for key, value in chosen.items() if key in taken}))
    if options.json:
        print(json.dumps(figures))
    else:
        for key, value in figures.items():
            print(f"{key:40} {value:12.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
