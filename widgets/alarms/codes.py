"""Numbers that stand for texts in a column, and the order of the texts."""

import numpy as np
from numpy.typing import NDArray


class Codes:
    """Gives each text a small number, the same whenever it comes again; 0 is the empty text."""

    def __init__(self) -> None:
        self.texts: list[str] = [""]
        self._known = {"": 0}
        self._order = [0]
        self._ranks: NDArray[np.int32] = np.zeros(1, np.int32)

    def code(self, text: str) -> int:
        """Return the number of a text, a new one for a text that is new."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = len(self.texts)
            self.texts.append(text)
        return found

    def find(self, text: str) -> int:
        """Return the number of a text; -1 where it never came."""
        return self._known.get(text, -1)

    def ranks(self) -> NDArray[np.int32]:
        """Return by number the place of each text among all in order. Texts already in order are not sorted again."""
        count = len(self.texts)
        if len(self._order) < count:
            self._order.extend(range(len(self._order), count))
            self._order.sort(key=self.texts.__getitem__)
            self._ranks = np.empty(count, np.int32)
            self._ranks[self._order] = np.arange(count, dtype=np.int32)
        return self._ranks
