"""Translations of the console (scripts/translations.py)."""
