"""An emulator that keeps to its own folders and stays small."""
