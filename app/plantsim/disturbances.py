"""The disturbances that can be put on the plant, by name."""

from collections.abc import Callable, Mapping
from typing import Final

from app.plantsim.instruments import Instruments
from app.plantsim.process.works import WaterWorks
from app.plantsim.supervisor import PlcProcess

DEFAULTS: Final[dict[str, str]] = {
    "storm": "",
    "fibre": "LZ.UF.R03",
    "trip": "LZ.HL.P02",
    "stuck": "LZ.UF.R05.PTURB",
    "offline": "uf",
    "comms": "highlift",
    "intrusion": "LZ.CW.T1",
}
"""Every disturbance, and what it strikes where nothing is named."""

UNTARGETED: Final = frozenset({"storm", "intrusion"})

HELP: Final[dict[str, str]] = {
    "storm": "raw water turbidity rises by 40 NTU",
    "fibre": "membrane fibres of a rack break (--equipment RACK)",
    "trip": "a pump trips (--equipment PUMP); off resets it",
    "stuck": "a sensor stands still and reports its failure (--equipment TAG)",
    "offline": "a PLC loses power and stays away (--equipment CONNECTION)",
    "comms": "a PLC stops answering with its sockets open (--equipment CONNECTION)",
    "intrusion": "the hatch of clear well 1 is opened",
}


class DisturbanceError(ValueError):
    """Unknown disturbance or target; the text says what is allowed."""


class Disturbances:
    """Puts disturbances on the model, its instruments and its PLCs, and remembers which are on."""

    def __init__(self, works: WaterWorks, instruments: Instruments, plcs: Mapping[str, PlcProcess]) -> None:
        self._works = works
        self._instruments = instruments
        self._plcs = plcs
        self._active: set[tuple[str, str]] = set()

    @property
    def active(self) -> list[str]:
        """Disturbances that are on, as ``name target``."""
        return sorted(f"{name} {target}".strip() for name, target in self._active)

    def apply(self, name: str, target: str = "", *, on: bool = True) -> str:
        """Switch a disturbance and return what it strikes.

        Raises:
            DisturbanceError: unknown name or target.

        """
        if name not in DEFAULTS:
            raise DisturbanceError(f"disturbance '{name}' is unknown; allowed: {', '.join(DEFAULTS)}")
        if target and target != DEFAULTS[name] and name in UNTARGETED:
            raise DisturbanceError(f"disturbance '{name}' strikes one thing only; leave --equipment out")
        target = target or DEFAULTS[name]
        actions: dict[str, Callable[[], None]] = {
            "storm": lambda: self._works.storm(on=on),
            "fibre": lambda: self._works.fibre(target, on=on),
            "trip": lambda: self._works.trip(target, on=on),
            "stuck": lambda: self._instruments.stick(target, on=on),
            "offline": lambda: self._plcs[target].set_offline(on=on),
            "comms": lambda: self._plcs[target].set_frozen(on=on),
            "intrusion": lambda: self._works.intrusion(on=on),
        }
        try:
            actions[name]()
        except KeyError:
            raise DisturbanceError(f"disturbance '{name}' cannot strike '{target}'; {HELP[name]}") from None
        if on:
            self._active.add((name, target))
        else:
            self._active.discard((name, target))
        return target
