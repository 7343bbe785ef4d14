"""Measurements: ``python -m benchmarks NAME... [--json]`` prints one flat object of figures."""
