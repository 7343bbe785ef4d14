"""Why a connection is not whole, in the operator's language; how errors carry it, and what all protocols share."""

from typing import Final

from app.model.text import LocalText

DEFECT: Final = LocalText("internal error, see the log", "内部错误，见日志")
CLOSED: Final = LocalText("the device closed the connection", "设备关闭了连接")


class Reasoned(Exception):
    """An exception whose text is shown: ``str`` gives the English one, ``text`` both."""

    def __init__(self, text: str | LocalText) -> None:
        self.text = text if isinstance(text, LocalText) else LocalText(text)
        super().__init__(self.text.en)
