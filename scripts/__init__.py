"""One command a module; the Makefile's targets call these."""
