"""Reading of text files as editors and spreadsheets leave them: UTF-8, with or without BOM, any line end."""

from pathlib import Path

from app.project.place import Problems

MAX_BYTES = 20_000_000


def relative_name(path: Path, folder: Path) -> str:
    """Return the path as problems name it: relative to the project, with slashes."""
    return path.relative_to(folder).as_posix()


def read_text(path: Path, folder: Path, problems: Problems) -> str | None:
    """Return the text with plain line ends, or None with a problem reported."""
    name = relative_name(path, folder)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        problems.add(name, None, "", "the file is missing")
        return None
    except OSError as error:
        problems.add(name, None, "", f"the file cannot be read: {error.strerror}")
        return None
    if len(data) > MAX_BYTES:
        problems.add(name, None, "", f"the file is larger than {MAX_BYTES // 1_000_000} MB")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.add(
            name, line, "", f"byte 0x{data[error.start]:02X} is not UTF-8; save the file with the encoding UTF-8"
        )
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")
