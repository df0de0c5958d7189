"""Step Functions' executions survive a crash, with their histories; those that ran go on.

What is on disk of an execution is what it was started with, what became of it, and its events, each
with the place in the state machine where it was written. Everything else follows from these:
``history`` is an event on disk, ``fold`` reads from the events how far an execution came,
``recorder`` writes, ``engine`` has LocalStack's engine tell it what happens, ``restored`` is an
execution as it was, ``resumed`` one that goes on, and ``replaying`` has the engine not do again, or
not tell again, what was done and told before.
"""
