"""The small things that pages are made of: texts, buttons, chips, code, commands, timelines."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any, Final

from nicegui import events, ui

from console import pretty

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from nicegui.element import Element

    from console.timeline import Row
    from pipeline.trace_model import ExecutionSpan, InvocationSpan

SYMBOLS: Final = {
    "SUCCEEDED": "✓",
    "done": "✓",
    "up": "✓",
    "FAILED": "✗",
    "failed": "✗",
    "lost": "✗",
    "TIMED_OUT": "◷",
    "ABORTED": "■",
    "CAUGHT": "↷",
    "RUNNING": "…",
    "working": "…",
    "waiting": "○",
}
"""A state is told by symbol and word, not by colour alone."""

type Act = Callable[[], Awaitable[None] | None]


def html(markup: str, tag: str = "div", classes: str = "") -> ui.html:
    """*markup* of our own, in which everything foreign is escaped."""
    return ui.html(markup, sanitize=False, tag=tag).classes(classes)


def text(content: str, tag: str = "div", classes: str = "") -> ui.html:
    """*content* as it stands."""
    return html(escape(content, quote=False), tag, classes)


def box(tag: str = "div", classes: str = "") -> Element:
    """An element to put others into."""
    return ui.element(tag).classes(classes)


def button(label: str, act: Act, *, classes: str = "", name: str | None = None) -> Element:
    """A button; *name* says more than its label to who cannot see where it stands."""
    made = ui.element("button").classes(f"button {classes}").props("type=button")
    made.on("click", act)
    with made:
        text(label, "span")
    if name:
        made.props["aria-label"] = name
    return made


def link(label: str, target: str, classes: str = "", *, download: bool = False) -> Element:
    """A link to a page or a file of the console's own."""
    made = ui.element("a").classes(classes)
    made.props["href"] = target
    if download:
        made.props["download"] = ""
    with made:
        text(label, "span")
    return made


def chip_html(status: str) -> str:
    """*status* with its symbol and colour."""
    symbol = SYMBOLS.get(status, "")
    shown = escape(f"{symbol} {status.replace('_', ' ')}")
    return f'<span class="chip {escape(status)}">{shown}</span>'


def chip(status: str) -> ui.html:
    """`chip_html`, as an element."""
    return html(chip_html(status), "span")


def code(content: str, label: str) -> None:
    """*content* as code, coloured if it is JSON; *label* names it to who cannot see it."""
    made = html(pretty.json_html(content), "pre", "code")
    made.props["tabindex"] = "0"
    made.props["role"] = "group"
    made.props["aria-label"] = label


def folded(title: str, content: str | None, *, opened: bool = False) -> None:
    """*content* as code below a title that opens it; nothing where there is none."""
    if not content:
        return
    with box("details") as details:
        if opened:
            details.props["open"] = ""
        text(title, "summary")
        code(content, title)


def facts(pairs: Mapping[str, str | None]) -> None:
    """Names and values; a value that is None is left out."""
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        for name, value in pairs.items()
        if value is not None
    )
    if rows:
        html(rows, "dl", "facts")


def command(line: str) -> None:
    """A command and a button that copies it."""
    with box(classes="command"):
        text(line, "code")
        copier(line, "Copy", f"Copy the command {line}")


def copier(content: str, label: str, name: str) -> None:
    """A button that puts *content* into the clipboard and says so."""
    made = ui.element("button").classes("button small").props("type=button")
    made.props["aria-label"] = name
    # In the browser, in the click itself: a clipboard is open to nothing later.
    made.on(
        "click",
        js_handler=f"(event) => {{ const spot = event.currentTarget.querySelector('span');"
        f" navigator.clipboard.writeText({json.dumps(content)})"
        ".then(() => { spot.textContent = 'Copied'; },"
        " () => { spot.textContent = 'Not allowed'; }); }",
    )
    with made:
        text(label, "span").props("aria-live=polite")


def commands(*lines: str) -> None:
    """Commands, folded away until asked for: "show me the command"."""
    with box("details"):
        text("Show me the command", "summary")
        for line in lines:
            command(line)


def empty(title: str, what_next: str, level: str = "h2") -> None:
    """Nothing is here, and what to do next."""
    with box(classes="empty"):
        text(title, level)
        text(what_next, "p", "dim")


def field(label: str, control: Element, hint: str = "") -> None:
    """Put *control* below its label."""
    with box(classes="field") as around:
        text(label, "label").props(f"for={control.html_id}")
    control.props["id"] = control.html_id
    control.move(around)
    if hint:
        with around:
            text(hint, classes="dim")


def entry(
    value: str, changed: Callable[[str], None], *, kind: str = "text", **props: Any
) -> Element:
    """A plain input field; *changed* gets each new value."""
    made = ui.element("input").props(f"type={kind} autocomplete=off")
    made.props["value"] = value
    for name, setting in props.items():
        made.props[name] = setting
    made.on("input", lambda event: changed(str(event.args)), js_handler=_EMIT_VALUE)
    return made


def chooser(options: Mapping[str, str], value: str, changed: Callable[[str], None]) -> Element:
    """A plain list to choose from: *options* are values and what is shown for them."""
    made = ui.element("select")
    with made:
        for name, shown in options.items():
            option = text(shown, "option")
            option.props["value"] = name
            if name == value:
                option.props["selected"] = ""
    made.on("change", lambda event: changed(str(event.args)), js_handler=_EMIT_VALUE)
    return made


_EMIT_VALUE: Final = "(event) => emit(event.target.value)"


def dropper(
    label: str, take: Callable[[events.UploadEventArguments], Any], *, several: bool
) -> None:
    """A field for files, dropped or chosen; *take* gets each when it is here.

    The field is the browser's own, which keyboards and screen readers know; NiceGUI's uploader
    stands unseen behind it.
    """
    uploader = ui.upload(on_upload=take, auto_upload=True, multiple=several)
    uploader.style("display:none")
    control = ui.element("input").classes("drop").props("type=file")
    if several:
        control.props["multiple"] = ""
    control.on(
        "change",
        js_handler="(event) => {"
        f" getElement({uploader.id}).$refs.qRef.addFiles([...event.target.files]); }}",
    )
    field(label, control)


def gantt(rows: Iterable[Row]) -> ui.html:
    """A timeline."""
    return html("".join(_bar(row) for row in rows), "ol", "gantt")


def _bar(row: Row) -> str:
    deep = "deep" if row.depth else ""
    took = pretty.duration(row.duration_ms)
    style = f"left:{row.left}%;width:{row.width}%"
    return (
        f'<li><span class="{deep}">{escape(row.name)}</span><span class="track">'
        f'<span class="bar {escape(row.status)}" style="{style}"></span></span>'
        f'<span class="ms">{took}<span class="visually-hidden"> {row.status}</span></span></li>'
    )


def invocation(execution: ExecutionSpan, span: InvocationSpan) -> None:
    """An invocation's numbers and its log lines, with times after the execution's start."""
    facts(
        {
            "Request id": span.request_id,
            "Start": None if span.cold is None else _start(span),
            "Ran": pretty.duration(span.duration_ms) or None,
            "Memory": None
            if span.memory_mb is None
            else f"{span.max_memory_mb} of {span.memory_mb} MB",
        }
    )
    lines = "".join(
        f'<li><span class="ms">{execution.after_ms(line.at):.0f} ms</span>'
        f"<span>{escape(line.text)}</span></li>"
        for line in span.lines
    )
    html(lines, "ol", "log").props('aria-label="Log lines"')


def _start(span: InvocationSpan) -> str:
    return f"cold, init {pretty.duration(span.init_ms)}" if span.cold else "warm"
