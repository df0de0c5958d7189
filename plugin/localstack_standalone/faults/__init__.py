"""Faults that are asked for: what AWS does on a bad day, at the calls and functions that are named.

`rule` reads what is asked for, `armed` draws for one rule, `rules` holds all of them and `ledger`
what they hit. `injector` stands in LocalStack's chain of handlers, `front_door` in API Gateway's,
`function` in an execution environment; `report` is where rules come and go. `errors` has each
service's words. Nothing is asked of anybody while no rule is there.
"""
