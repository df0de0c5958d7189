"""Runs as the services tell them: one model, and how it is read from history and logs."""
