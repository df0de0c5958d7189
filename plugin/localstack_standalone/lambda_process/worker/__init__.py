"""A worker process as the emulator sees it: what it is told, what it answers, what it uses."""
