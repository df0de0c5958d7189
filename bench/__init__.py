"""What parts of the pipeline cost, measured beside what others take for the same work."""
