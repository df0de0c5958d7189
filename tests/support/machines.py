"""State machines of every shape, for what reads and draws them."""

from __future__ import annotations

import json
from typing import Any

from testbed import settings

OURS = (settings.ROOT / "statemachine" / "image_processing.asl.json").read_text(encoding="utf-8")
LINE: dict[str, Any] = {
    "StartAt": "A",
    "States": {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Wait", "Seconds": 1, "End": True},
    },
}
LOOP: dict[str, Any] = {
    "StartAt": "Poll",
    "States": {
        "Poll": {"Type": "Task", "Next": "Ready?"},
        "Ready?": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.state", "StringEquals": "ready", "Next": "Done"},
                {"Variable": "$.tries", "NumericGreaterThanEquals": 3, "Next": "Sorry"},
            ],
            "Default": "Pause",
        },
        "Pause": {"Type": "Wait", "Seconds": 5, "Next": "Poll"},
        "Done": {"Type": "Succeed"},
        "Sorry": {"Type": "Fail"},
    },
}
NESTED: dict[str, Any] = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                LINE,
                {
                    "StartAt": "All",
                    "States": {"All": {"Type": "Map", "ItemProcessor": LOOP, "End": True}},
                },
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}],
            "Next": "Old map",
        },
        "Old map": {"Type": "Map", "Iterator": LINE, "End": True},
        "Sorry": {"Type": "Fail"},
    },
}
WIDE: dict[str, Any] = {
    "StartAt": "Which",
    "States": {
        "Which": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.n", "NumericEquals": n, "Next": f"A rather long name {n}"}
                for n in range(7)
            ],
            "Default": "A rather long name 0",
        },
        **{f"A rather long name {n}": {"Type": "Task", "End": True} for n in range(7)},
    },
}
ODD: dict[str, Any] = {
    "StartAt": "Again",
    "States": {
        "Again": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.n", "NumericLessThan": 3, "Next": "Again"}],
            "Default": "Done",
        },
        "Done": {"Type": "Succeed"},
        "Nobody's": {"Type": "Pass", "Next": "Nobody's either"},
        "Nobody's either": {"Type": "Pass", "Next": "Nobody's"},
    },
}
"""A state that leads to itself, and a circle that nothing leads to."""
MACHINES = {
    "ours": OURS,
    "line": json.dumps(LINE),
    "loop": json.dumps(LOOP),
    "nested": json.dumps(NESTED),
    "wide": json.dumps(WIDE),
    "odd": json.dumps(ODD),
}
