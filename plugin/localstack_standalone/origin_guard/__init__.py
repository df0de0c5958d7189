"""Refuses what a web page sends: the emulator runs code, and a page that is merely visited may not."""
