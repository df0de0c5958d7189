"""Makes LocalStack 4.14 faster without changing what a user can see.

One module is one measure, and one patch at one function; ``registry`` lists them and
``TUNING=off`` switches them off. What each costs and saves is in docs/performance.md.
"""
