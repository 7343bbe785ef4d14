"""Where alarms that devices judge belong: the options of connections, once all names of the project are known."""

from app.model.external_terms import parse_sources
from app.project.draft import Draft
from app.project.place import suggestion


def check_alarm_sources(draft: Draft) -> None:
    """Report areas, tags and equipment that options of connections name and the project does not have."""
    for name, place in draft.connection_places.items():
        options = draft.connections[name].options
        area = str(options.get("alarm_area", ""))
        if area and area not in draft.areas and area not in draft.broken:
            place.problem("options.alarm_area", f"area '{area}' is unknown{suggestion(area, draft.areas)}")
        if draft.names_broken:
            continue
        known = {**draft.tags, **draft.equipment}
        for target in parse_sources(str(options.get("alarm_sources", ""))).values():
            if target not in known and target not in draft.broken:
                place.problem(
                    "options.alarm_sources", f"tag or equipment '{target}' is unknown{suggestion(target, known)}"
                )
