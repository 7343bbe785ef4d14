"""Expressions over tags: parsed, never executed as code. Grammar and rules: docs/formats/expressions.md.

Parsing and evaluation are pure and may run in any thread.
"""

from app.model.expressions.calculation import Calculation, Counter
from app.model.expressions.expression import Expression, Lookup
from app.model.expressions.nodes import Outcome, Scope, Windowed
from app.model.expressions.parser import MAX_DEPTH, MAX_LENGTH
from app.model.expressions.tokens import ExpressionError

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "Calculation",
    "Counter",
    "Expression",
    "ExpressionError",
    "Lookup",
    "Outcome",
    "Scope",
    "Windowed",
]
