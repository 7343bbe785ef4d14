"""Run by Alembic: migrate on the connection, and in the transaction, that app.storage.migrate hands over."""

from alembic import context

from app.storage.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
