"""The headless engine: owns connections, alarms, commands, the trend store and the database. No Qt."""
