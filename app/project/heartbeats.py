"""Tags that must change while their connection is whole: the option of connections, once all tags are known."""

from app.project.draft import Draft
from app.project.place import suggestion


def check_heartbeats(draft: Draft) -> None:
    """Report heartbeats that are no tag of their connection."""
    for name, place in draft.connection_places.items():
        beat = str(draft.connections[name].options.get("heartbeat", ""))
        if not beat or (beat not in draft.tags and draft.knows_tag(beat)):
            continue
        own = {tag.name for tag in draft.tags.values() if tag.connection == name}
        if beat not in own:
            place.problem("options.heartbeat", f"'{beat}' is no tag of this connection{suggestion(beat, own)}")
