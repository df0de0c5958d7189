"""Where the cloud runs: start, stop, ready, logs."""
