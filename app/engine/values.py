"""Current values of all tags in memory, and those who wait for the next one."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.model.sample import Sample
from app.model.status import BAD_NO_COMMUNICATION, BAD_NODE_ID_UNKNOWN, BAD_WAITING_FOR_INITIAL_DATA
from app.model.tag import Tag

Watcher = Callable[[str, Sample], None]


class Values:
    """The last sample of every tag, by name. Belongs to the event loop."""

    def __init__(self, tags: Mapping[str, Tag], known: Mapping[str, Sample] | None = None) -> None:
        """Begin with the last samples of the run before (``known``): old values, not heard of in this run."""
        waiting = Sample(None, BAD_WAITING_FOR_INITIAL_DATA, 0, 0)
        self._samples: dict[str, Sample] = dict.fromkeys(tags, waiting)
        for name, sample in (known or {}).items():
            if name in self._samples and sample.value is not None:
                self._samples[name] = replace(sample, status=BAD_NO_COMMUNICATION)
        self._watchers: dict[str, list[Watcher]] = {}

    def get(self, tag: str) -> Sample | None:
        """Return the last sample, or None for a tag that does not exist."""
        return self._samples.get(tag)

    def read(self, tag: str, now_ns: int) -> Sample:
        """Return the last sample; BadNodeIdUnknown for a tag that does not exist."""
        return self._samples.get(tag) or Sample(None, BAD_NODE_ID_UNKNOWN, now_ns, now_ns)

    def put(self, tag: str, sample: Sample) -> None:
        """Take a new sample and tell those who watch the tag."""
        self._samples[tag] = sample
        watchers = self._watchers.get(tag)
        if watchers:
            for watcher in tuple(watchers):
                watcher(tag, sample)

    def watch(self, tag: str, watcher: Watcher) -> Callable[[], None]:
        """Call ``watcher`` on each new sample of a tag; return what ends this."""
        self._watchers.setdefault(tag, []).append(watcher)

        def stop() -> None:
            watchers = self._watchers.get(tag, [])
            if watcher in watchers:
                watchers.remove(watcher)
            if not watchers:
                self._watchers.pop(tag, None)

        return stop
