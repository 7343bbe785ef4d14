"""plantsim."""
