"""IAM in front of LocalStack: who calls, which policies apply, and what comes of it.

`plugin` puts `handler` into LocalStack's chain of handlers; `callers` tells whose a key is,
`operations` what a call needs, `resources` the policy of what it is done to, and `access` (on the
ground floor) decides. `ledger` remembers what was used and what was missing. `services` has what
LocalStack's services must tell for that.
"""
