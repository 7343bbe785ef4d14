"""Reading of a connection's options: one place for defaults, ranges and the words of a refusal."""

from collections.abc import Collection, Mapping

from app.model.errors import ProjectError

Options = Mapping[str, str | int | float | bool]


def check_names(options: Options, allowed: Collection[str], connection: str) -> None:
    """Refuse options that the protocol does not know.

    Raises:
        ProjectError: names the option and lists what is allowed.

    """
    for name in options:
        if name not in allowed:
            raise ProjectError(
                f"connection '{connection}': option '{name}' is unknown; allowed: {', '.join(sorted(allowed))}"
            )


def number(options: Options, name: str, default: float, low: float, high: float) -> float:
    """Return a numeric option.

    Raises:
        ProjectError: it is not a number, or outside ``low`` to ``high``.

    """
    value = options.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ProjectError(f"option '{name}': {value!r} is not allowed; expected a number from {low:g} to {high:g}")
    return float(value)


def integer(options: Options, name: str, default: int, low: int, high: int) -> int:
    """Return a whole-number option.

    Raises:
        ProjectError: it is not a whole number, or outside ``low`` to ``high``.

    """
    value = options.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ProjectError(f"option '{name}': {value!r} is not allowed; expected a whole number from {low} to {high}")
    return value


def flag(options: Options, name: str, default: bool) -> bool:
    """Return a true/false option.

    Raises:
        ProjectError: it is neither.

    """
    value = options.get(name, default)
    if not isinstance(value, bool):
        raise ProjectError(f"option '{name}': {value!r} is not allowed; expected true or false")
    return value


def text(options: Options, name: str, default: str) -> str:
    """Return a text option.

    Raises:
        ProjectError: it is not text.

    """
    value = options.get(name, default)
    if not isinstance(value, str):
        raise ProjectError(f"option '{name}': {value!r} is not allowed; expected text")
    return value
