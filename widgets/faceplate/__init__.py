"""Faceplates: one layout for every equipment type, with its values, commands, trend and alarm guidance."""
