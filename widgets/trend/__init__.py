"""Trends: shape of curves from envelopes, model of pens, and the pyqtgraph view (import it only when it is shown)."""
