"""Runs as people see them: text for terminals, HTML, drawings."""
