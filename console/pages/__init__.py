"""The console's pages; each module registers its own with `register`."""
