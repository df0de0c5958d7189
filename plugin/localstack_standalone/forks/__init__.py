"""Copies of a running emulator, made by fork; and the end of those whose maker is gone."""
