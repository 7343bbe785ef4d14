"""The application's one style sheet, generated from the names of a theme.

Widgets ask for a look by the dynamic property ``look`` rather than by colours:
``chrome`` (bars around the work area), ``panel`` (cards, faceplate), ``canvas``, ``label`` (dim 13 px), ``heading``,
``name`` (semi-bold), ``value`` (live value), ``faint``, ``nav`` (navigation button), ``primary`` (the one button that
acts), ``flat`` (button without an outline), ``notice`` (button that nobody may miss, without a colour of alarms).
"""

from string import Template
from typing import Final

from widgets.theme.theme import Theme

_SHEET: Final = Template("""
QWidget { color: $ink; font-size: 15px; }
QMainWindow, QWidget[look="canvas"] { background: $canvas; }
QDialog { background: $panel; border: 1px solid $equipment_edge; }
QWidget[look="chrome"] { background: $chrome; }
QWidget[look="panel"], QFrame[look="panel"] { background: $panel; }
QFrame[look="note"] { background: $chrome; border-radius: 4px; }
QLabel { background: transparent; }
QLabel[look="label"] { color: $dim; font-size: 13px; }
QLabel[look="faint"] { color: $faint; font-size: 13px; }
QLabel[look="heading"] { font-size: 20px; font-weight: 600; }
QLabel[look="name"] { font-weight: 600; }
QLabel[look="value"] { color: $value; font-size: 20px; font-weight: 600; }
QLabel[look="value"]:disabled, QLabel[look="name"]:disabled { color: $dim; }
QToolTip { background: $panel; color: $ink; border: 1px solid $equipment_edge; padding: 4px 8px; font-size: 13px; }
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateTimeEdit, QPlainTextEdit, QTextEdit {
  background: $field; color: $ink; border: 1px solid $edge; border-radius: 3px; padding: 4px 8px; min-height: 22px;
  selection-background-color: $selection; selection-color: $selection_text; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateTimeEdit:focus,
QPlainTextEdit:focus, QTextEdit:focus { border: 1px solid $selection; }
QLineEdit:disabled, QComboBox:disabled, QDoubleSpinBox:disabled { color: $faint; }
QComboBox { padding-right: 26px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: none; width: 0; height: 0; border-left: 5px solid $field; border-right: 5px solid $field;
  border-top: 6px solid $dim; }
QComboBox QAbstractItemView { background: $field; border: 1px solid $edge; }
QPushButton, QToolButton { background: $panel; color: $ink; border: 1px solid $equipment_edge; border-radius: 3px;
  padding: 5px 14px; min-height: 22px; font-weight: 600; }
QToolButton { padding: 5px 8px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $chrome; }
QPushButton:focus, QToolButton:focus { border: 2px solid $selection; padding: 4px 13px; }
QToolButton:focus { padding: 4px 7px; }
QPushButton:checked, QToolButton:checked { background: $selection; color: $selection_text; }
QPushButton:disabled, QToolButton:disabled { color: $faint; border-color: $edge; }
QPushButton[look="primary"] { background: $selection; color: $selection_text; border-color: $selection; }
QPushButton[look="primary"]:disabled { background: $panel; color: $faint; border-color: $edge; }
QPushButton[look="flat"], QToolButton[look="flat"] { background: transparent; border: 1px solid transparent; }
QPushButton[look="flat"]:hover, QToolButton[look="flat"]:hover { background: $hover; }
QPushButton[look="flat"]:focus, QToolButton[look="flat"]:focus { border: 1px solid $selection; }
QPushButton[look="notice"] { background: $ink; color: $canvas; border-color: $ink; padding: 3px 10px; }
QPushButton[look="notice"]:hover { background: $equipment_edge; }
QPushButton[look="notice"]:focus { border: 2px solid $selection; padding: 2px 9px; }
QToolButton[look="nav"] { background: transparent; border: none; border-left: 3px solid transparent; border-radius: 0;
  color: $dim; font-weight: 400; font-size: 13px; padding: 6px 2px; }
QToolButton[look="nav"]:hover { background: $hover; }
QToolButton[look="nav"]:checked { background: $canvas; color: $ink; border-left: 3px solid $selection; }
QToolButton[look="nav"]:focus { color: $ink; border-left: 3px solid $faint; }
QTabWidget::pane { border: none; border-top: 1px solid $edge; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $dim; padding: 6px 10px; border: none;
  border-bottom: 3px solid transparent; }
QTabBar::tab:hover { color: $ink; }
QTabBar::tab:selected { color: $ink; font-weight: 600; border-bottom: 3px solid $selection; }
QTableView, QTreeView, QListView { background: $panel; alternate-background-color: $panel; border: none;
  gridline-color: $edge; selection-background-color: $selection; selection-color: $selection_text; outline: 0; }
QTableView::item, QTreeView::item, QListView::item { padding: 3px 8px; border: none; }
QTableView::item:hover, QTreeView::item:hover, QListView::item:hover { background: $hover; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected {
  background: $selection; color: $selection_text; }
QHeaderView { background: $chrome; border: none; }
QHeaderView::section { background: $chrome; color: $dim; border: none; border-bottom: 1px solid $edge;
  padding: 5px 8px; font-size: 13px; }
QTableCornerButton::section { background: $chrome; border: none; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QGroupBox { border: 1px solid $edge; border-radius: 4px; margin-top: 10px; padding: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 8px; padding: 0 4px; color: $dim; }
QMenu { background: $panel; border: 1px solid $equipment_edge; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; }
QMenu::item:selected { background: $selection; color: $selection_text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $edge; margin: 4px 8px; }
QMenuBar, QStatusBar { background: $chrome; }
QSplitter::handle { background: $edge; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $faint; border-radius: 3px; min-height: 28px; min-width: 28px; margin: 2px; }
QScrollBar::handle:hover { background: $dim; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; border: none;
  width: 0; height: 0; }
QProgressBar { background: $field; border: 1px solid $edge; border-radius: 2px; text-align: center; max-height: 10px; }
QProgressBar::chunk { background: $pointer; }
QFrame[frameShape="4"], QFrame[frameShape="5"] { color: $edge; }
""")


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of a theme."""
    return _SHEET.substitute(theme.colors)
