"""The door of `survey estimate`: plans and data files in, answers out."""
