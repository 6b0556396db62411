"""How Alembic reaches the tables: over the connection that `survey.storage.database.upgrade` hands it."""

from alembic import context

from survey.storage.tables import Table

context.configure(connection=context.config.attributes["connection"], target_metadata=Table.metadata)
with context.begin_transaction():
    context.run_migrations()
