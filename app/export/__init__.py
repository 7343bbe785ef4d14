"""Tables for other programs, CSV and XLSX, however many rows they have."""

from app.export.journal import ExportProgress, JournalLayout, export_journal, journal_pages
from app.export.tables import Cell, opened_table

__all__ = ["Cell", "ExportProgress", "JournalLayout", "export_journal", "journal_pages", "opened_table"]
