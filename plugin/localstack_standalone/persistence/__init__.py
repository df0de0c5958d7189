"""State that survives the process: what was acknowledged is on disk before the answer says so.

``journal`` is the store, one SQLite file; ``codec`` turns state into data and back, and never runs
any of it; ``services`` has for each service what is kept, one keeper each; ``handler`` has the
keepers save what a call changed before its answer leaves; ``plugin`` restores at the start.
"""
