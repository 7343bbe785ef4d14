"""The menu of one pen: how it is drawn, and on which axis."""

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QActionGroup, QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from widgets.theme import Theme
from widgets.trend.pens import MAX_PENS, LineStyle, Pen, PenSet


def pen_menu(pens: PenSet, pen: Pen, theme: Theme, parent: QWidget) -> QMenu:
    """Build the menu of a pen; it deletes itself once it was closed."""
    translate = QCoreApplication.translate
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    group = QActionGroup(menu)
    for style, name in (
        (LineStyle.SOLID, translate("PenMenu", "Solid line")),
        (LineStyle.DASHED, translate("PenMenu", "Dashed line")),
        (LineStyle.DOTTED, translate("PenMenu", "Dotted line")),
    ):
        action = menu.addAction(name)
        action.setCheckable(True)
        action.setChecked(pen.style is style)
        action.triggered.connect(lambda _=False, chosen=style: pens.set_style(pen, chosen, pen.width))
        group.addAction(action)
    menu.addSeparator()
    for width in (1, 2, 3):
        action = menu.addAction(translate("PenMenu", "{0} px wide").format(width))
        action.setCheckable(True)
        action.setChecked(pen.width == width)
        action.triggered.connect(lambda _=False, chosen=width: pens.set_style(pen, pen.style, chosen))
    menu.addSeparator()
    colors = menu.addMenu(translate("PenMenu", "Colour"))
    for number in range(MAX_PENS):
        picture = QPixmap(QSize(28, 14))
        picture.fill(theme.curve_color(number))
        action = colors.addAction(QIcon(picture), str(number + 1))
        action.triggered.connect(lambda _=False, chosen=number: pens.set_color(pen, chosen))
    own = menu.addAction(translate("PenMenu", "Own axis, also while others share"))
    own.setCheckable(True)
    own.setChecked(pen.own_axis)
    own.setEnabled(not pen.tag.is_discrete)
    own.triggered.connect(lambda wanted: pens.set_own_axis(pen, wanted))
    menu.addSeparator()
    menu.addAction(translate("PenMenu", "Remove")).triggered.connect(lambda _=False: pens.remove(pen))
    return menu
