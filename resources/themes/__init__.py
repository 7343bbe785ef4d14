"""Themes: named colours."""
