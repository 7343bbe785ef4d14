"""The figures of alarm management on screen and in reports: cards, charts, lists, and the rows behind each."""
