"""What everyone shares: names, settings, errors, AWS clients, waiting, outputs."""
