"""Every word that the pipeline can show is explained."""

from __future__ import annotations

import json
import re

import boto3
import pytest
from botocore.model import StructureShape

from client.journey import Station
from console import batch, elements
from image_resize.errors import Code
from localstack_standalone.definitions import fields
from runs.model import Status
from testbed.settings import ROOT
from views import explain
from views.explain import Topic

NAMES = re.compile(r"[\"'`](?:States|Lambda|Runtime|Sandbox|Function)\.[A-Z]\w+")


def known(topic: Topic) -> set[str]:
    return {name for of, name in explain.everything() if of is topic}


def test_every_station_is_explained() -> None:
    assert set(map(str, Station)) == known(Topic.STATION)


def test_every_type_of_state_is_explained() -> None:
    assert set(fields.TYPES) == known(Topic.STATE_TYPE)


def test_every_status_is_explained() -> None:
    """Those of traces, and those that a chip in capital letters can tell."""
    chips = {name for name in elements.SYMBOLS if name.isupper()}
    assert set(Status) | chips == known(Topic.STATUS)


def test_every_field_of_a_definition_is_explained() -> None:
    of_states = set().union(*fields.ALLOWED.values())
    assert of_states | fields.MACHINE | fields.PROCESSOR == known(Topic.FIELD)


def test_every_field_of_an_event_is_explained() -> None:
    """Those of boto3's own model of the history; which details an event has is said by its type."""
    model = boto3.client("stepfunctions", "ca-central-1").meta.service_model
    event = model.shape_for("HistoryEvent")
    assert isinstance(event, StructureShape)
    told = set()
    for name, shape in event.members.items():
        told |= set(shape.members) if isinstance(shape, StructureShape) else {name}
    assert told == known(Topic.EVENT_FIELD)


def named_in_sources() -> set[str]:
    """Names of errors that stand in the plugin, the function, the pipeline and the documents."""
    files = [
        *(ROOT / "plugin" / "localstack_standalone").rglob("*.py"),
        *(ROOT / "lambda").rglob("*.py"),
        ROOT / "statemachine" / "image_processing.asl.json",
        ROOT / "docs" / "api.md",
    ]
    texts = [file.read_text(encoding="utf-8") for file in files]
    return {found[0][1:] for text in texts for found in NAMES.finditer(text)}


def test_every_error_that_the_code_knows_is_explained() -> None:
    missing = named_in_sources() - known(Topic.ERROR)
    assert set() == missing
    assert {"States.Runtime", "Runtime.ExitError", "Sandbox.Timedout"} <= named_in_sources()


def test_every_code_of_the_function_and_the_console_is_explained() -> None:
    assert {str(code) for code in Code} | {batch.NOT_SENT} <= known(Topic.ERROR)


def test_every_error_of_the_definition_is_explained() -> None:
    text = (ROOT / "statemachine" / "image_processing.asl.json").read_text(encoding="utf-8")
    states = json.loads(text)["States"].values()
    handlers = [one for state in states for one in state.get("Retry", []) + state.get("Catch", [])]
    assert handlers
    assert {name for one in handlers for name in one["ErrorEquals"]} <= known(Topic.ERROR)
    assert "MalformedResult" in text


def test_every_code_of_the_documents_is_explained() -> None:
    """In docs/api.md: the first column of the tables of codes, and the statuses of answers."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    first = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    codes = {code for cell in first for code in re.findall(r"`([\w.]*[A-Z][\w.]*)`", cell)}
    assert "CORRUPT_IMAGE" in codes
    assert set() == codes - known(Topic.ERROR)
    statuses = set(re.findall(r"^\| (4\d\d|5\d\d) \| [^|]*(?:message|length)", text, re.MULTILINE))
    with_code = {"400", "409"}
    assert {f"HTTP {status}" for status in statuses - with_code} <= known(Topic.ERROR)


@pytest.mark.parametrize("one", explain.everything().values(), ids=lambda one: one.name)
def test_an_explanation_is_a_sentence_and_a_page(one: explain.Explanation) -> None:
    assert re.fullmatch(r"[A-Z$].{8,168}\.", one.sentence)
    assert re.fullmatch(r"https://docs\.aws\.amazon\.com/[\w./-]+\.html", one.link)


def test_no_page_is_listed_that_nothing_leads_to() -> None:
    pages = {one.link for one in explain.everything().values()}
    assert explain.pages() == pages
