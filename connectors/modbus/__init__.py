"""Modbus TCP client: planned block reads, own codecs, writes that are never sent twice."""

from connectors.modbus.connector import ModbusConnector, create

__all__ = ["ModbusConnector", "create"]
