"""Where the cloud runs when it is not AWS: start, stop, ready, logs."""
