from __future__ import annotations

import dataclasses
import datetime as dt
import json
from html.parser import HTMLParser

from runs.model import (
    Attempt,
    Call,
    ExecutionSpan,
    InvocationSpan,
    LogLine,
    ObjectAccess,
    Source,
    StateSpan,
    Status,
    Trace,
)
from views import html

START = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)
HOSTILE = """<img src=x onerror=alert(1)> & "quoted" 'too' ]]> </script><script>alert(2)</script>"""


class Read(HTMLParser):
    """What a browser sees: elements, and the text of each kind of element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self._scripts = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= dict(attrs)

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "script":
            self._scripts += data
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def data(self) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = json.loads(self._scripts.strip())
        return found


def at(ms: int) -> dt.datetime:
    return START + dt.timedelta(milliseconds=ms)


def attempt(text: str) -> Attempt:
    return Attempt(
        number=1,
        status=Status.FAILED,
        resource="lambda:invoke",
        scheduled_at=at(20),
        ended_at=at(30),
        error=text,
        cause=text,
        note=text,
        invocation=InvocationSpan(
            request_id=text,
            log_stream="s",
            started_at=START,
            lines=(LogLine(at=at(25), text=text),),
            objects=(
                ObjectAccess(
                    operation="GetObject",
                    bucket="originals",
                    key=text,
                    source=Source.INFERRED,
                    note=text,
                    length_bytes=2_500_000,
                ),
            ),
        ),
    )


def states(text: str) -> tuple[StateSpan, StateSpan]:
    """A Map, and the task in it that failed."""
    outer = StateSpan(
        id=1,
        name=text,
        type="Map",
        status=Status.FAILED,
        entered_at=at(10),
        exited_at=at(15_010),
        input=text,
        output=text,
        error="States.BranchFailed",
    )
    inner = StateSpan(
        id=2,
        parent=1,
        name="Inner",
        type="Task",
        status=Status.FAILED,
        entered_at=at(20),
        attempts=(attempt(text),),
    )
    return outer, inner


def call(text: str) -> Call:
    return Call(
        source=Source.OBSERVED,
        url="http://127.0.0.1:9/prod/process",
        body=text,
        status=200,
        request_id=text,
        answer=text,
        template=text,
        rendered=text,
        rendered_note=text,
        note=text,
    )


def trace(text: str) -> Trace:
    """A failed run, in which everything foreign is *text*."""
    return Trace(
        call=call(text),
        execution=ExecutionSpan(
            arn="arn:e",
            name=text,
            state_machine_arn="arn:m",
            status=Status.FAILED,
            started_at=START,
            error=text,
            cause=text,
            states=states(text),
        ),
    )


def test_what_is_foreign_is_text_wherever_it_stands() -> None:
    """Keys, causes, log lines and names make no element, and read as they are."""
    machine = {"StartAt": HOSTILE, "States": {HOSTILE: {"Type": "Pass", "End": True}}}
    read = Read(html.page(trace(HOSTILE), json.dumps(machine)))
    assert 1 == read.tags.count("script")
    assert not {"img", "a", "link"} & set(read.tags)
    assert not {"src", "href", "onerror"} & set(read.attributes)
    places = 20  # in the page's text; once more each in the data
    assert read.text.count(HOSTILE) >= places
    assert HOSTILE == read.data["call"]["body"]


def test_a_page_begins_as_one() -> None:
    """Anything before its type would put browsers into quirks mode."""
    assert html.page(trace("x")).startswith("<!doctype html>")


def test_inner_states_stand_inside_their_own() -> None:
    """A Map's iterations are read with it, and fold away with it."""
    page = html.page(trace("Outer"))
    inner = page.index("<b>Inner</b>")
    assert page.index("<b>Outer</b>") < inner
    before = page[page.index("<h2>Execution</h2>") : inner]
    assert before.count("<details") - before.count("</details>") == 2


def test_sizes_and_times_read_as_everywhere() -> None:
    """An object in MB, a long state in seconds."""
    text = Read(html.page(trace("x"))).text
    assert "s3://originals/x, 2.5 MB" in text
    assert "FAILED 15.0 s" in text


def test_json_is_laid_out() -> None:
    """Other text stands as it is."""
    page = html.page(trace('{"key":"♣"}'))
    assert "<pre>{\n  &#34;key&#34;: &#34;♣&#34;\n}</pre>" in page
    assert "<pre>no JSON</pre>" in html.page(trace("no JSON"))


def test_without_a_definition_nothing_is_drawn() -> None:
    """The rest of the page is the same."""
    assert "svg" not in Read(html.page(trace("x"))).tags


def test_a_page_tells_redrives() -> None:
    """How often, when last, and which attempts were made in which."""
    plain = trace("x")
    outer, inner = plain.execution.states
    again = dataclasses.replace(attempt("x"), number=2, redrive=1)
    inner = dataclasses.replace(inner, attempts=(*inner.attempts, again))
    redriven = dataclasses.replace(
        plain.execution, redrives=1, redriven_at=at(140), states=(outer, inner)
    )
    shown = Read(str(html.page(dataclasses.replace(plain, execution=redriven)))).text
    assert "redriven once, last at 140 ms" in shown
    assert "Attempt 2 (redrive 1)" in shown
    assert "redriven once" not in Read(str(html.page(plain))).text
