"""Saved groups of pens: the project's, this desk's, and whether what is shown differs from what is saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from app.model.plant import MAX_GROUP_SPAN_S, MIN_GROUP_SPAN_S, Plant, TrendGroup
from app.model.tag import Tag
from widgets.trend.navigation import TimeNavigator
from widgets.trend.pens import MAX_PENS, PenSet
from widgets.trend.penstyle import kept, put_pens, resolved, settings_of

_DESK: Final = "@"
"""No id has this sign."""


class GroupStore(Protocol):
    """Keeps groups in files; answers in the GUI thread, later."""

    @property
    def shared(self) -> bool:
        """Whether groups are saved into the project now (the role permits it), or for this desk alone."""

    @property
    def changed(self) -> SignalInstance:
        """Emitted when groups were saved or removed, here or elsewhere."""

    @property
    def shared_groups(self) -> Mapping[str, TrendGroup]:
        """The groups of the project, as last read."""

    @property
    def private_groups(self) -> Mapping[str, TrendGroup]:
        """The groups of this desk, as last read."""

    def save(
        self, group: TrendGroup, done: Callable[[TrendGroup], None], failed: Callable[[str], None], *,
        opened: TrendGroup | None = None, changed: Callable[[TrendGroup | None], None] | None = None,
    ) -> None:  # fmt: skip
        """Write a group; exactly one callback follows.

        With ``changed`` only over what was ``opened`` (None: over nothing): it is told what else is there, or None
        where that cannot be read.
        """


@dataclass(frozen=True, slots=True)
class Conflict:
    """What was to be saved, and what somebody else saved meanwhile (None: it cannot be read)."""

    mine: TrendGroup
    theirs: TrendGroup | None
    shared: bool


class GroupBook(QObject):
    """Which group is shown, and what was changed since.

    Signals:
        changed(): another list, another group, or changed against what is saved.
        said(str): a short note for the operator.
        conflicted(object): nothing was saved, for somebody else did meanwhile: a Conflict.

    """

    changed = Signal()
    said = Signal(str)
    conflicted = Signal(object)

    def __init__(
        self, plant: Plant, pens: PenSet, navigator: TimeNavigator, store: GroupStore | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._plant, self._pens, self._navigator, self._store = plant, pens, navigator, store
        self.groups: dict[str, TrendGroup] = dict(plant.trends)
        """By key: the id, or where a group of the project has that already, the id with a mark of the desk."""
        self.private: set[str] = set()
        self.key = ""
        """Of the group shown; one that was taken away keeps it."""
        if store is not None:
            self._read(store)
            store.changed.connect(self._refresh)
        self.current: TrendGroup | None = None
        self.opened: TrendGroup | None = None
        """The group as it was when its pens were put into the plot: what others saved since is not lost by saving."""
        pens.changed.connect(self.changed)
        navigator.changed.connect(self.changed)

    @property
    def is_changed(self) -> bool:
        """Whether pens or period differ from what is saved."""
        group = self.current
        if group is None:
            return bool(self._pens.pens)
        pens = self._pens
        return (
            settings_of(pens.pens) != resolved([tag.name for tag in self._tags(group)], group.pens)
            or (pens.shared, pens.staggered) != (group.shared_axis, group.stagger)
            or self._span_s != group.span_s
        )

    @property
    def _span_s(self) -> int:
        """The period shown, as a group can keep it."""
        return min(MAX_GROUP_SPAN_S, max(MIN_GROUP_SPAN_S, round(self._navigator.view.span_s)))

    @property
    def may_save(self) -> bool:
        """Whether there is a place to save to, and something to save."""
        return self._store is not None and bool(self._pens.pens)

    @property
    def saves_shared(self) -> bool:
        """Whether saving writes into the project."""
        return self._store is not None and self._store.shared

    def show_first(self) -> None:
        """Show the first group of the project."""
        first = next(iter(self.groups), None)
        if first is not None:
            self.show(first)

    def show(self, key: str) -> None:
        """Show a group, live, in its period."""
        group = self.groups.get(key)
        if group is not None:
            self.current, self.opened, self.key = group, group, key
            tags = self._tags(group)
            settings = resolved([tag.name for tag in tags], group.pens)
            put_pens(self._pens, tags, settings, group.shared_axis, group.stagger)
            self._navigator.show_until(None, float(group.span_s))
            self.changed.emit()

    def follow(self, other: "GroupBook") -> None:
        """Be at the group that another trend is at; the pens are not touched."""
        self.current, self.opened, self.key = other.current, other.opened, other.key
        self.changed.emit()

    def save(self, group: TrendGroup) -> None:
        """Save what is shown under the id and title of a group; ``conflicted`` where that is not what was opened."""
        if self._store is not None:
            key = group.id if self._store.shared else self._desk_key(group.id)
            known = self.groups.get(key) if (key in self.private) != self._store.shared else None
            self._save(group, self.opened if known is not None and key == self.key else known)

    def replace(self, conflict: Conflict) -> None:
        """Save what is shown over what somebody else saved, unless that is another one by now."""
        self._save(conflict.mine, conflict.theirs, over=conflict.theirs is None)

    def take(self, conflict: Conflict) -> None:
        """Show what somebody else saved; what was shown is given up."""
        if conflict.theirs is not None:
            key = conflict.mine.id if conflict.shared else self._desk_key(conflict.mine.id)
            self.groups[key] = conflict.theirs
            (self.private.discard if conflict.shared else self.private.add)(key)
            self.show(key)

    def _save(self, group: TrendGroup, opened: TrendGroup | None, *, over: bool = False) -> None:
        if self._store is None or not self._pens.pens:
            return
        pens = self._pens
        tags = tuple(pen.tag.name for pen in pens.pens)
        whole = TrendGroup(group.id, group.title, tags, self._span_s, pens.shared, pens.staggered, kept(pens.pens))
        shared = self._store.shared

        def changed(theirs: TrendGroup | None) -> None:
            self.conflicted.emit(Conflict(whole, theirs, shared))

        self._store.save(
            whole, lambda saved: self._saved(saved, shared), self.said.emit,
            opened=opened, changed=None if over else changed,
        )  # fmt: skip

    def _read(self, store: GroupStore) -> None:
        private = {self._desk_key(key): group for key, group in store.private_groups.items()}
        self.groups = {**store.shared_groups, **private}
        self.private = set(private)

    def _refresh(self) -> None:
        """Take what was saved elsewhere; the pens shown stay, and are compared with that."""
        if self._store is not None:
            mine = self.key in self.private
            self._read(self._store)
            if self.current is not None:
                self.key = self._desk_key(self.current.id) if mine else self.current.id
                self.current = self.groups.get(self.key)
            self.changed.emit()

    def _desk_key(self, name: str) -> str:
        """Return the key of a group of this desk: it does not hide the project's of the same name."""
        taken = self._store is not None and name in self._store.shared_groups
        return f"{name}{_DESK}" if taken else name

    def _tags(self, group: TrendGroup) -> list[Tag]:
        """Return the tags of a group that can be shown; a file of a desk is not checked."""
        known = [name for name in dict.fromkeys(group.tags) if name in self._plant.tags]
        return [self._plant.tags[name] for name in known[:MAX_PENS]]

    def _saved(self, group: TrendGroup, shared: bool) -> None:
        self.key = group.id if shared else self._desk_key(group.id)
        self.groups[self.key] = group
        (self.private.discard if shared else self.private.add)(self.key)
        self.current = self.opened = group
        self.changed.emit()
        self.said.emit(self.tr("Saved") if shared else self.tr("Saved for this desk"))
