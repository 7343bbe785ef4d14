"""Protocol connectors: each implements app.model.connection.Connector; none knows another."""
