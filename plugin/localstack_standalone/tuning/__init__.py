"""Makes LocalStack 4.14 faster. What a user can see of it is told in docs/decisions/0006-tuning.md.

One module is one tuning, and one patch at one function; ``registry`` lists them and ``TUNING=off``
switches them off. What each costs and saves is in docs/performance.md.
"""
