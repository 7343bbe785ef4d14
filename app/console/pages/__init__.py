"""The workspaces' pages, one module each with ``make(context, navigator)``; imported when first shown."""
