"""An execution environment: what a function version's events meet, one after another."""
