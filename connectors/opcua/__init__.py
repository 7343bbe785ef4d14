"""OPC UA client: sessions, subscriptions and exact-type writes over opc.tcp."""

from connectors.opcua.connector import OpcUaConnector, create

__all__ = ["OpcUaConnector", "create"]
