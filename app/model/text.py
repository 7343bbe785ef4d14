"""Text in both languages of the plant."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text in English and Chinese; an empty Chinese text falls back to the English one, and vice versa."""

    en: str = ""
    zh: str = ""

    def get(self, language: str) -> str:
        """Return the text for a language code such as ``en`` or ``zh_CN``."""
        if language.startswith("zh"):
            return self.zh or self.en
        return self.en or self.zh

    def __bool__(self) -> bool:
        return bool(self.en or self.zh)
