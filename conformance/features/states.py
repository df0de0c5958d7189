"""Step Functions: what states do: data, errors, JSONata, histories."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.check import holds, member, same
from conformance.features import machines

if TYPE_CHECKING:
    from conformance.workshop import Workshop


def _flow(shop: Workshop) -> None:
    found = shop.output(
        machines.of(
            {"Type": "Pass", "Result": {"heat": 100}, "ResultPath": "$.kettle"},
            machines.passing(
                Parameters={"cup.$": "$.cup", "heat.$": "$.kettle.heat", "fixed": True}
            ),
        ),
        {"cup": "blue"},
    )
    same("the output", {"cup": "blue", "heat": 100, "fixed": True}, found)


def _choice(shop: Workshop) -> None:
    definition = {
        "StartAt": "Which",
        "States": {
            "Which": {
                "Type": "Choice",
                "Choices": [
                    {"And": [
                        {"Variable": "$.n", "IsNumeric": True},
                        {"Variable": "$.n", "NumericGreaterThan": 5},
                    ], "Next": "Many"},
                    {"Variable": "$.tea", "StringMatches": "dar*", "Next": "Black"},
                ],
                "Default": "Other",
            },
            **{name: machines.passing(Result=name) for name in ("Many", "Black", "Other")},
        },
    }  # fmt: skip
    machine = shop.machine(definition)
    for given, expected in (
        ({"n": 6, "tea": "x"}, "Many"),
        ({"n": 5, "tea": "darjeeling"}, "Black"),
        ({"n": "6", "tea": "mint"}, "Other"),
    ):
        found = shop.execution(machine, given)
        same(f"where {given} leads", json.dumps(expected), found.get("output"))


def _choice_missing(shop: Workshop) -> None:
    rule = {"Variable": "$.none", "StringEquals": "a", "Next": "B"}
    definition = machines.of({"Type": "Choice", "Choices": [rule], "Default": "B"}, machines.ENDS)
    found = shop.execution(shop.machine(definition))
    same("the end", ("FAILED", "States.Runtime"), (found["status"], found.get("error")))


def _map(shop: Workshop) -> None:
    found = shop.output(
        machines.of({
            "Type": "Map",
            "ItemsPath": "$.cups",
            "MaxConcurrency": 2,
            "ItemSelector": {
                "cup.$": "$$.Map.Item.Value",
                "at.$": "$$.Map.Item.Index",
                "tea.$": "$.tea",
            },
            "ItemProcessor": machines.of(machines.ENDS, letters="Z"),
            "End": True,
        }),
        {"cups": ["a", "b"], "tea": "mint"},
    )  # fmt: skip
    same("the output", [{"cup": c, "at": n, "tea": "mint"} for n, c in enumerate("ab")], found)


def _parallel(shop: Workshop) -> None:
    branches = [machines.of(machines.passing(Result=n), letters=f"{n}") for n in (1, 2)]
    found = shop.output(
        machines.of({"Type": "Parallel", "Branches": branches, "ResultPath": "$.all", "End": True}),
        {"cup": "blue"},
    )
    same("the output", {"cup": "blue", "all": [1, 2]}, found)


def _fail(shop: Workshop) -> None:
    found = shop.execution(
        shop.machine(machines.of({"Type": "Fail", "Error": "Tea.Cold", "Cause": "too late"}))
    )
    seen = (found["status"], found.get("error"), found.get("cause"))
    same("the end", ("FAILED", "Tea.Cold", "too late"), seen)


def _catch(shop: Workshop) -> None:
    inner = machines.of({"Type": "Fail", "Error": "Tea.Cold", "Cause": "too late"}, letters="Z")
    found = shop.output(
        machines.of(
            {
                "Type": "Parallel",
                "Branches": [inner],
                "Catch": [
                    {"ErrorEquals": ["Tea.Hot"], "Next": "B"},
                    {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "C"},
                ],
                "End": True,
            },
            machines.ENDS,
            machines.ENDS,
        ),
        {"cup": "blue"},
    )
    error = {"Error": "Tea.Cold", "Cause": "too late"}
    same("the output", {"cup": "blue", "error": error}, found)


def _retry(shop: Workshop) -> None:
    inner = machines.of({"Type": "Fail", "Error": "Tea.Cold", "Cause": "too late"}, letters="Z")
    retry = {"ErrorEquals": ["Tea.Cold"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1}
    machine = shop.machine(
        machines.of({"Type": "Parallel", "Branches": [inner], "Retry": [retry], "End": True})
    )
    found = shop.execution(machine)
    same("the end", ("FAILED", "Tea.Cold"), (found["status"], found.get("error")))
    entered = [each for each in history(shop, found) if each["type"] == "FailStateEntered"]
    same("how often it was tried", 3, len(entered))


def history(shop: Workshop, execution: dict[str, Any]) -> list[Any]:
    """The events of *execution*, in order."""
    found = shop.aws.stepfunctions.get_execution_history(executionArn=execution["executionArn"])
    return list(member("GetExecutionHistory", found, "events"))


def _events(shop: Workshop) -> None:
    found = shop.execution(
        shop.machine(machines.of({"Type": "Pass"}, {"Type": "Succeed"})), {"n": 1}
    )
    events = history(shop, found)
    types = [
        *("ExecutionStarted", "PassStateEntered", "PassStateExited"),
        *("SucceedStateEntered", "SucceedStateExited", "ExecutionSucceeded"),
    ]
    same("the events", types, [each["type"] for each in events])
    same("their ids", [1, 2, 3, 4, 5, 6], [each["id"] for each in events])
    same("what came before", [0, 0, 2, 3, 4, 5], [each.get("previousEventId") for each in events])
    details = member("PassStateEntered", events[1], "stateEnteredEventDetails")
    same("name and input", ("A", {"n": 1}), (details.get("name"), json.loads(details["input"])))


def _intrinsics(shop: Workshop) -> None:
    found = shop.output(
        machines.of(machines.passing(Parameters={
            "text.$": "States.Format('{} of {}', $.n, 'tea')",
            "sum.$": "States.MathAdd($.n, 2)",
            "parts.$": "States.StringSplit('a,b', ',')",
            "list.$": "States.Array(1, $.n)",
            "json.$": "States.StringToJson('{\"a\": [1]}')",
            "hash.$": "States.Hash('tea', 'SHA-1')",
            "same.$": "States.ArrayContains(States.Array(1, 3), $.n)",
        })),
        {"n": 3},
    )  # fmt: skip
    expected = {
        "text": "3 of tea",
        "sum": 5,
        "parts": ["a", "b"],
        "list": [1, 3],
        "json": {"a": [1]},
        "hash": "75490f32c06a50051804339453d3fe2f0cd5564b",
        "same": True,
    }
    same("the output", expected, found)


def _jsonata(shop: Workshop) -> None:
    state = machines.passing(Output={"sum": "{% $sum($states.input.cups.n) %}", "fixed": "tea"})
    found = shop.output(machines.of(state, QueryLanguage="JSONata"), {"cups": [{"n": 1}, {"n": 2}]})
    same("the output", {"sum": 3, "fixed": "tea"}, found)


def _jsonata_error(shop: Workshop) -> None:
    state = machines.passing(Output="{% $states.input.none %}")
    found = shop.execution(shop.machine(machines.of(state, QueryLanguage="JSONata")))
    seen = (found["status"], found.get("error"))
    same("the end", ("FAILED", "States.QueryEvaluationError"), seen)


def _variables(shop: Workshop) -> None:
    found = shop.output(
        machines.of(
            {"Type": "Pass", "Assign": {"heat.$": "$.n", "cup": "blue"}},
            machines.passing(Parameters={"heat.$": "$heat", "cup.$": "$cup"}),
        ),
        {"n": 90},
    )
    same("the output", {"heat": 90, "cup": "blue"}, found)


def _context(shop: Workshop) -> None:
    machine = shop.machine(machines.of(machines.passing(Parameters={
        "execution.$": "$$.Execution.Name",
        "input.$": "$$.Execution.Input",
        "state.$": "$$.State.Name",
        "machine.$": "$$.StateMachine.Id",
    })))  # fmt: skip
    found = shop.execution(machine, {"n": 1}, name="tea")
    expected = {"execution": "tea", "input": {"n": 1}, "state": "A", "machine": machine}
    same("the output", expected, json.loads(member("it", found, "output")))


def _wait(shop: Workshop) -> None:
    found = shop.execution(
        shop.machine(machines.of({"Type": "Wait", "SecondsPath": "$.s"}, machines.ENDS)), {"s": 1}
    )
    same("the end", "SUCCEEDED", found["status"])
    took = (found["stopDate"] - found["startDate"]).total_seconds()
    holds("that it waited", took >= 0.9)  # noqa: PLR2004 - a clock's grain


def _times_out(shop: Workshop) -> None:
    definition = machines.of({"Type": "Wait", "Seconds": 30}, machines.ENDS, TimeoutSeconds=1)
    found = shop.execution(shop.machine(definition))
    same(
        "the end",
        ("TIMED_OUT", "States.Timeout"),
        (found["status"], found.get("error", "States.Timeout")),
    )


def _stopped(shop: Workshop) -> None:
    states = shop.aws.stepfunctions
    machine = shop.machine(machines.of({"Type": "Wait", "Seconds": 30}, machines.ENDS))
    arn = states.start_execution(stateMachineArn=machine)["executionArn"]
    states.stop_execution(executionArn=arn, error="Tea.Cold", cause="too late")
    found = shop.ended(arn)
    last = history(shop, found)[-1]
    same("the end", ("ABORTED", "ExecutionAborted"), (found["status"], last["type"]))
    details = member("ExecutionAborted", last, "executionAbortedEventDetails")
    same("why", ("Tea.Cold", "too late"), (details.get("error"), details.get("cause")))


CHECKS: Final = (
    machines.check(
        "data flow", "Result, ResultPath, Parameters", f"{machines.SPEC}#filters", _flow
    ),
    machines.check(
        "Choice",
        "the first rule that holds, else Default",
        f"{machines.SPEC}#choice-state",
        _choice,
    ),
    machines.check(
        "Choice on what is missing",
        "fails with States.Runtime, and does not take Default",
        f"{machines.GUIDE}/state-choice.html",
        _choice_missing,
    ),
    machines.check(
        "Map",
        "items in order, with ItemSelector and its context",
        f"{machines.GUIDE}/state-map-inline.html",
        _map,
    ),
    machines.check(
        "Parallel", "the branches' outputs as a list", f"{machines.SPEC}#parallel-state", _parallel
    ),
    machines.check(
        "Fail", "its Error and Cause are the execution's", f"{machines.SPEC}#fail-state", _fail
    ),
    machines.check(
        "Catch",
        "leads on, with the error at ResultPath",
        f"{machines.SPEC}#fallback-states",
        _catch,
    ),
    machines.check(
        "Retry", "MaxAttempts more, then the error", f"{machines.SPEC}#retrying-after-error", _retry
    ),
    machines.check("Wait", "for the seconds at SecondsPath", f"{machines.SPEC}#wait-state", _wait),
    machines.check(
        "history",
        "each event's type, id and previousEventId",
        f"{machines.API}/API_GetExecutionHistory.html",
        _events,
    ),
    machines.check(
        "intrinsic functions",
        "States.Format, MathAdd, StringSplit, Array, StringToJson, Hash, ArrayContains",
        f"{machines.GUIDE}/intrinsic-functions.html",
        _intrinsics,
    ),
    machines.check(
        "JSONata", "Output is evaluated", f"{machines.GUIDE}/transforming-data.html", _jsonata
    ),
    machines.check(
        "JSONata that gives nothing",
        "fails with States.QueryEvaluationError",
        f"{machines.GUIDE}/transforming-data.html",
        _jsonata_error,
    ),
    machines.check(
        "variables",
        "Assign keeps what later states read",
        f"{machines.GUIDE}/workflow-variables.html",
        _variables,
    ),
    machines.check(
        "context object",
        "Execution, State, StateMachine",
        f"{machines.GUIDE}/input-output-contextobject.html",
        _context,
    ),
    machines.check(
        "timeout", "TIMED_OUT after TimeoutSeconds", f"{machines.SPEC}#toplevelfields", _times_out
    ),
    machines.check(
        "stop",
        "ABORTED; the last event has error and cause",
        f"{machines.API}/API_ExecutionAbortedEventDetails.html",
        _stopped,
    ),
)
