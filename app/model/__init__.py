"""The words everyone shares: samples, tags, alarms, commands, users, errors. No Qt, no I/O."""
