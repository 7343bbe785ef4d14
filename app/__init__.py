"""Haihe Console: engine, console and their libraries (see docs/architecture.md)."""
