"""For those who work on the testbed: what builds, checks, locks and draws."""
