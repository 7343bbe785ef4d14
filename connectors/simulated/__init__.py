"""A connection without its device: values that are made up, for tests of displays and for training."""

from connectors.simulated.connector import SimulatedConnector, factory

__all__ = ["SimulatedConnector", "factory"]
