"""Tool tips for what people typed."""

from html import escape


def plain_tip(text: str) -> str:
    """Return a tool tip that shows a text as it stands: Qt would take ``<b>`` in it for markup."""
    lines = escape(text).replace("\n", "<br>")
    return f'<div style="white-space: pre-wrap">{lines}</div>' if text else ""
