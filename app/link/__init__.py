"""The link between engine and its clients: JSON-RPC 2.0 over WebSocket on loopback (docs/link.md)."""
