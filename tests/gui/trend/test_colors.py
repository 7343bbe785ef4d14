"""Sixteen curve colours that stay apart for colour-blind eyes, from alarm colours, and from the ground."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from widgets.theme import Theme, load_theme
from widgets.trend.pens import MAX_PENS

_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
# Machado et al. 2009, severity 1: normal, deuteranopia, protanopia
_EYES = (
    np.eye(3),
    np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
)  # fmt: skip


def linear(color: QColor) -> NDArray[np.float64]:
    c = np.array([color.redF(), color.greenF(), color.blueF()])
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(color: QColor, eye: NDArray[np.float64]) -> NDArray[np.float64]:
    xyz = _XYZ @ np.clip(eye @ linear(color), 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def luminance(color: QColor) -> float:
    return float(_XYZ[1] @ linear(color))


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> Theme:
    return load_theme(request.param)


def test_any_two_curves_are_apart_for_every_eye(theme: Theme) -> None:
    colors = [theme.curve_color(number) for number in range(MAX_PENS)]
    assert len({color.name() for color in colors}) == MAX_PENS
    for eye in _EYES:
        points = [lab(color, eye) for color in colors]
        least = min(float(np.linalg.norm(a - b)) for i, a in enumerate(points) for b in points[:i])
        assert least > 13


def test_no_curve_looks_like_an_alarm_or_fades_into_the_ground(theme: Theme) -> None:
    ground = luminance(theme.color("field"))
    for number in range(MAX_PENS):
        color = theme.curve_color(number)
        light, dark = sorted((luminance(color), ground), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3.0
        for name in ("priority1", "priority2", "priority3", "priority4"):
            assert np.linalg.norm(lab(color, _EYES[0]) - lab(theme.color(name), _EYES[0])) > 25
