"""Definitions of state machines for the checks, and where their facts are written."""

from __future__ import annotations

import itertools
from typing import Any, Final

from conformance.check import Check

API: Final = "https://docs.aws.amazon.com/step-functions/latest/apireference"
GUIDE: Final = "https://docs.aws.amazon.com/step-functions/latest/dg"
SPEC: Final = "https://states-language.net/spec.html"
ENDS: Final = {"Type": "Pass", "End": True}
LEADS_NOWHERE: Final = ("Choice", "Fail", "Succeed")


def of(*states: dict[str, Any], letters: str = "ABCDEFGH", **more: Any) -> dict[str, Any]:
    """A definition whose states, named by *letters*, follow each other unless they say otherwise.

    No name may stand twice in a machine, so those within another have letters of their own.
    """
    named = dict(zip(letters, states, strict=False))
    for letter, following in itertools.pairwise(named):
        if "End" not in named[letter] and named[letter]["Type"] not in LEADS_NOWHERE:
            named[letter] = {"Next": following, **named[letter]}
    return {"StartAt": letters[0], "States": named, **more}


def passing(**more: Any) -> dict[str, Any]:
    """A Pass state that ends the machine."""
    return {**ENDS, **more}


def check(name: str, aws: str, source: str, run: Any, **more: Any) -> Check:
    """One of Step Functions."""
    return Check("Step Functions", name, aws, source, run, **more)
