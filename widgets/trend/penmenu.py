"""The menu of one pen: how it is drawn, and on which axis."""

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QActionGroup, QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from app.model.pen import WIDTHS
from widgets.theme import Theme
from widgets.trend.pens import MAX_PENS, LineStyle, Pen, PenSet
from widgets.trend.scaledialog import ScaleDialog
from widgets.wording import Wording


def pen_menu(pens: PenSet, pen: Pen, theme: Theme, wording: Wording, parent: QWidget) -> QMenu:
    """Build the menu of a pen; it deletes itself once it was closed."""
    translate = QCoreApplication.translate
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    shown = menu.addAction(translate("PenMenu", "Shown"))
    shown.setCheckable(True)
    shown.setChecked(pen.visible)
    shown.triggered.connect(lambda wanted: pens.set_visible(pen, wanted))
    menu.addSeparator()
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
    for width in WIDTHS:
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
        action.setCheckable(True)
        action.setChecked(pen.color == number)
        action.triggered.connect(lambda _=False, chosen=number: pens.set_color(pen, chosen))
    _add_scale(menu, pens, pen, wording, parent)
    own = menu.addAction(translate("PenMenu", "Own axis, also while others share"))
    own.setCheckable(True)
    own.setChecked(pen.own_axis)
    own.setEnabled(not pen.is_discrete and not pen.fixed)
    own.triggered.connect(lambda wanted: pens.set_own_axis(pen, wanted))
    menu.addSeparator()
    menu.addAction(translate("PenMenu", "Remove")).triggered.connect(lambda _=False: pens.remove(pen))
    return menu


def _add_scale(menu: QMenu, pens: PenSet, pen: Pen, wording: Wording, parent: QWidget) -> None:
    translate = QCoreApplication.translate

    def ask() -> None:
        dialog = ScaleDialog(pen, wording, parent)
        dialog.accepted.connect(lambda: pens.fix_scale(pen, *dialog.scale()))
        dialog.open()

    fix = menu.addAction(translate("PenMenu", "Fixed scale…"))
    fix.setEnabled(not pen.is_discrete)
    fix.triggered.connect(lambda _=False: ask())
    free = menu.addAction(translate("PenMenu", "Scale as the tag's range"))
    free.setEnabled(pen.fixed)
    free.triggered.connect(lambda _=False: pens.free_scale(pen))
