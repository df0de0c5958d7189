"""Which fields a machine and its states may, must and must not have.

The table of states is AWS's own: it was measured field by field with ValidateStateMachineDefinition
and published (cdk-preflight's rules, September 2026), and agrees with the developer guide. Where
cfn-lint's schema says otherwise, tests/contract names the difference.
"""

from __future__ import annotations

from typing import Final

MACHINE: Final = frozenset(
    {"Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"}
)
BRANCH: Final = frozenset({"Comment", "StartAt", "States"})
PROCESSOR: Final = BRANCH | {"ProcessorConfig"}
# In the order in which AWS lists those that are missing.
REQUIRED_OF_MACHINES: Final = ("States", "StartAt")

TYPES: Final = ("Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map")
_ALL: Final = frozenset({"Type", "Comment", "QueryLanguage"})
_DATA: Final = _ALL | {"InputPath", "OutputPath", "Output"}
_FLOW: Final = _DATA | {"Assign", "Next", "End"}
_RESULT: Final = _FLOW | {"ResultPath", "Parameters"}
_WORK: Final = _RESULT | {"ResultSelector", "Retry", "Catch"}
ALLOWED: Final[dict[str, frozenset[str]]] = {
    "Pass": frozenset(_RESULT | {"Result"}),
    "Task": frozenset(
        _WORK
        | {"Arguments", "Credentials", "Resource"}
        | {"TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"}
    ),
    "Wait": frozenset(_FLOW | {"Seconds", "Timestamp", "SecondsPath", "TimestampPath"}),
    "Parallel": frozenset(_WORK | {"Arguments", "Branches"}),
    "Map": frozenset(
        _WORK
        | {"ItemProcessor", "Iterator", "ItemsPath", "Items", "ItemSelector", "ItemReader"}
        | {"ItemBatcher", "ResultWriter", "MaxConcurrency", "MaxConcurrencyPath", "Label"}
        | {"ToleratedFailureCount", "ToleratedFailureCountPath"}
        | {"ToleratedFailurePercentage", "ToleratedFailurePercentagePath"}
    ),
    "Choice": frozenset(_DATA | {"Assign", "Choices", "Default"}),
    "Succeed": frozenset(_DATA),
    "Fail": frozenset(_ALL | {"Error", "Cause", "ErrorPath", "CausePath"}),
}
REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "Task": ("Resource",),
    "Choice": ("Choices",),
    "Parallel": ("Branches",),
}
LEAVING: Final = frozenset({"Task", "Pass", "Wait", "Parallel", "Map"})
"""Types that say what follows: Next, or End."""

PATHS: Final = tuple(
    sorted({field for allowed in ALLOWED.values() for field in allowed if field.endswith("Path")})
)
JSONATA_ONLY: Final = ("Output", "Arguments", "Items")
JSONPATH_ONLY: Final = (
    "InputPath",
    "OutputPath",
    "ResultPath",
    "Parameters",
    "ResultSelector",
    "ItemsPath",
    "SecondsPath",
    "TimestampPath",
    "TimeoutSecondsPath",
    "HeartbeatSecondsPath",
    "MaxConcurrencyPath",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentagePath",
    "ErrorPath",
    "CausePath",
)

EXCLUSIVE: Final = (
    ("TimeoutSeconds", "TimeoutSecondsPath"),
    ("HeartbeatSeconds", "HeartbeatSecondsPath"),
    ("MaxConcurrency", "MaxConcurrencyPath"),
    ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
    ("Error", "ErrorPath"),
    ("Cause", "CausePath"),
)
ONE_OF: Final[dict[str, tuple[str, ...]]] = {
    "Wait": ("SecondsPath", "Seconds", "TimestampPath", "Timestamp"),
    "Map": ("ItemProcessor", "Iterator"),
}
"""Of these a state has exactly one."""

HIGHEST: Final = 99_999_999
NUMBERS: Final[dict[str, tuple[int | None, int | None]]] = {
    "TimeoutSeconds": (1, HIGHEST),
    "HeartbeatSeconds": (1, HIGHEST),
    "Seconds": (0, HIGHEST),
    "MaxConcurrency": (0, None),
    "ToleratedFailurePercentage": (None, 100),
    "ToleratedFailureCount": (None, None),
}
"""Least and greatest value of a state's numbers; an interval of 0 seconds is taken."""
RETRY_NUMBERS: Final[dict[str, tuple[int | None, int | None]]] = {
    "MaxAttempts": (0, HIGHEST),
    "BackoffRate": (1, None),
    "MaxDelaySeconds": (1, 31_622_400),
}

_ORDERS: Final = ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")
COMPARISONS: Final = (
    *(f"{kind}{order}" for kind in ("String", "Numeric", "Timestamp") for order in _ORDERS),
    *(f"{kind}{order}Path" for kind in ("String", "Numeric", "Timestamp") for order in _ORDERS),
    *("BooleanEquals", "BooleanEqualsPath", "StringMatches"),
    *(f"Is{what}" for what in ("Null", "Present", "Numeric", "String", "Boolean", "Timestamp")),
)
RULES: Final = ("And", "Or", "Not", "Variable", "Condition")
