"""OPC UA client: sessions, subscriptions and exact-type writes over opc.tcp."""

from connectors.opcua.connector import OpcUaConnector, create, factory

__all__ = ["OpcUaConnector", "create", "factory"]
