"""Symbols of equipment, as SVG."""
