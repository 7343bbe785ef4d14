"""Alarm views: the book of current alarms, the list, the banner, and the journal."""
