"""Modbus client for sockets, TLS and serial ports: planned reads, own codecs, writes that are never sent twice."""

from connectors.modbus.connector import ModbusConnector, create, factory

__all__ = ["ModbusConnector", "create", "factory"]
