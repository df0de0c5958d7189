"""Keeps web pages from driving the emulator: who sends a request, to which name, for what.

A browser on this machine reaches 127.0.0.1 for every page that it shows, and LocalStack asks nobody
for a signature. `policy` holds the rules, `hosts` the names, `targets` what LocalStack would do
with a request, `handler` stands first in its chain, `plugin` puts it there.
"""
