"""Lambda without Docker: functions run as child processes with AWS's own runtime client."""
