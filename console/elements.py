"""The small things that pages are made of: texts, buttons, chips, code, commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from nicegui import events, ui
from nicegui.elements.mixins.text_element import TextElement

from client import submit
from console import json_tokens
from testbed.errors import TestbedError
from views import sizes
from views.explain import find
from views.markup import Templates

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from markupsafe import Markup
    from nicegui.element import Element

    from console.command_forms import ShownCommand
    from views.explain import Explanation, Topic

SYMBOLS: Final = {
    "SUCCEEDED": "✓",
    "done": "✓",
    "up": "✓",
    "FAILED": "✗",
    "failed": "✗",
    "lost": "✗",
    "TIMED_OUT": "◷",
    "ABORTED": "■",
    "UNKNOWN": "?",
    "CAUGHT": "↷",
    "CAUGHT_ERROR": "↷",
    "RETRIABLE": "↻",
    "RUNNING": "…",
    "working": "…",
    "waiting": "○",
    "retrying": "↻",
    "not_reached": "∅",
}
"""A state is told by symbol and word, not by colour alone."""

TEMPLATES: Final = Templates(Path(__file__).with_name("templates"))

STATIC: Final = "/static"
"""Where the console's own scripts are served."""

type Act = Callable[[], Awaitable[None] | None]


class Rendered(ui.html):
    """An element whose content is a template of `templates/`, in which all values are escaped."""

    def __init__(self, tag: str = "div", classes: str = "") -> None:
        super().__init__(sanitize=False, tag=tag)
        self.classes(classes)

    def render(self, template: str, /, **values: object) -> Self:
        """Show *template* with *values*."""
        self.show(TEMPLATES.render(template, **values))
        return self

    def show(self, markup: Markup) -> None:
        """Show *markup*, in which all values are escaped already."""
        self.set_content(str(markup))  # a plain text: Markup escapes what is joined to it


class Chip(TextElement):
    """A status with its symbol and colour."""

    def __init__(self, status: str) -> None:
        super().__init__(tag="span", text="")
        self.show(status)

    def show(self, status: str) -> None:
        """Tell *status* from now on."""
        self.classes(replace=f"chip {status}")
        self.set_text(chip_text(status))


def chip_text(status: str) -> str:
    """*status* in symbol and words."""
    return f"{SYMBOLS.get(status, '')} {status.replace('_', ' ')}"


def text(content: str, tag: str = "div", classes: str = "") -> TextElement:
    """*content* as it stands."""
    return TextElement(tag=tag, text=content).classes(classes)


def moment(at: dt.datetime, before: str = "") -> None:
    """A time as people read it, with its zone, and as machines do; *before* it some words."""
    with box("span", "dim"):
        if before:
            text(f"{before} ", "span")
        text(sizes.moment(at), "time").props["datetime"] = sizes.instant(at)


def script(name: str) -> None:
    """Have the page run a script of `static/`; it listens to the document, and is there once."""
    ui.add_head_html(f'<script src="{STATIC}/{name}" defer></script>')


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


def press(buttons: Mapping[str, Element], chosen: str) -> None:
    """Have the one of *buttons* that is *chosen* pressed, and no other."""
    for name, made in buttons.items():
        made.props["aria-pressed"] = "true" if name == chosen else "false"
        made.update()


def link(label: str, target: str, classes: str = "", *, download: bool = False) -> Element:
    """A link to a page or a file of the console's own."""
    made = ui.element("a").classes(classes)
    made.props["href"] = target
    if download:
        made.props["download"] = ""
    with made:
        text(label, "span")
    return made


def code(content: str, label: str) -> None:
    """*content* as code, coloured if it is JSON; *label* names it to who cannot see it."""
    made = Rendered("pre", "code").render("code.html", tokens=json_tokens.tokens(content))
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
    known = {name: value for name, value in pairs.items() if value is not None}
    if known:
        with box("dl", "facts"):
            for name, value in known.items():
                text(name, "dt")
                text(value, "dd")


def injected(faults: Iterable[str]) -> None:
    """Faults that were asked for: nobody is to take them for the pipeline's own."""
    for fault in faults:
        text(f"⚡ {fault}", "p", "injected")


def command(line: str) -> None:
    """A command and a button that copies it."""
    with box(classes="command"):
        text(line, "code")
        made = copier(json.dumps(line), "Copy", "Copied", "small")
        made.props["aria-label"] = f"Copy the command {line}"


def copier(source: str, label: str, done: str, classes: str = "") -> Element:
    """A button that puts *source*, a JavaScript expression, into the clipboard and says *done*."""
    made = ui.element("button").classes(f"button {classes}").props("type=button")
    # In the browser, in the click itself: a clipboard is open to nothing later.
    made.on(
        "click",
        js_handler=f"(event) => {{ const spot = event.currentTarget.querySelector('span');"
        f" navigator.clipboard.writeText({source})"
        f".then(() => {{ spot.textContent = {json.dumps(done)}; }},"
        " () => { spot.textContent = 'Not allowed'; }); }",
    )
    with made:
        text(label, "span").props("aria-live=polite")
    return made


def commands(*shown: str | ShownCommand) -> None:
    """Commands, folded away until asked for: "show me the command"."""
    with box("details"):
        text("Show me the command", "summary")
        for one in shown:
            if isinstance(one, str):
                command(one)
                continue
            with box(classes="ways"):
                for name, line in one.ways:
                    text(name, "span", "way")
                    command(line)


def explain(topic: Topic, name: str) -> None:
    """A question mark that tells what *name* means; nothing where nobody has said it."""
    found = find(topic, name)
    if found is None:
        return
    asked = box("button", "ask").props("type=button")
    with asked:
        text("?", "span")
    told = box(classes="told").props("popover")
    asked.props["aria-label"] = f"What is {found.name}?"
    told.props["id"] = asked.props["popovertarget"] = told.html_id
    with told:
        text(found.name, "b")
        text(found.sentence, "p")
        aws_page(found)


def aws_page(found: Explanation) -> None:
    """A link to AWS's page on what is explained; the only one that leaves the machine."""
    made = ui.element("a").props('target=_blank rel="noopener noreferrer"')
    made.props["href"] = found.link
    made.props["aria-label"] = f"AWS documentation of {found.name}"
    with made:
        text("AWS documentation ↗", "span")


def glossary(title: str, topic: Topic, names: Iterable[str]) -> None:
    """What each of *names* means, folded away below *title*; nothing where none is known."""
    found = [one for name in names if (one := find(topic, name)) is not None]
    if not found:
        return
    with box("details"):
        text(title, "summary")
        with box("dl", "facts"):
            for one in found:
                text(one.name, "dt")
                with box("dd"):
                    text(f"{one.sentence} ", "span")
                    aws_page(one)


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


def entry(changed: Callable[[str], None], *, kind: str) -> Element:
    """A plain input field of the HTML type *kind*; *changed* gets each new value."""
    made = ui.element("input").props(f"type={kind} autocomplete=off")
    made.on("input", lambda event: changed(str(event.args)), js_handler=_EMIT_VALUE)
    return made


def area(changed: Callable[[str], None], content: str, *, rows: int) -> Element:
    """A plain field for several lines of code, *content* at the start."""
    made = ui.element("textarea").props(f"rows={rows} autocomplete=off spellcheck=false")
    made.props["value"] = content
    made.on("input", lambda event: changed(str(event.args)), js_handler=_KEEP_AND_EMIT_VALUE)
    return made


def tick(changed: Callable[[bool], None]) -> Element:
    """A plain box to tick, empty at the start."""
    made = ui.element("input").props("type=checkbox")
    made.on(
        "change",
        lambda event: changed(bool(event.args)),
        js_handler="(event) => emit(event.target.checked)",
    )
    return made


def chooser(
    options: Mapping[str, str], changed: Callable[[str], Any], *, chosen: str = ""
) -> Element:
    """A plain list to choose from: values and what is shown for them; *chosen* or the first."""
    made = ui.element("select")
    with made:
        for name, shown in options.items():
            option = text(shown, "option")
            option.props["value"] = name
            if name == chosen:
                option.props["selected"] = ""
    made.on("change", lambda event: changed(str(event.args)), js_handler=_EMIT_VALUE)
    return made


_EMIT_VALUE: Final = "(event) => emit(event.target.value)"
# Whenever anything of the page changes, Vue sets each field to the value that it knows.
_KEEP_AND_EMIT_VALUE: Final = (
    "(event) => { element.props.value = event.target.value; emit(event.target.value); }"
)


def dropper(
    label: str,
    take: Callable[[events.UploadEventArguments], Any],
    *,
    several: bool,
    lose: Callable[[str], Any],
    refuse: Callable[[str], Any],
    announce: Callable[[str], Any] = lambda _name: None,
) -> None:
    """A field for files, dropped or chosen.

    The field is the browser's own, which keyboards and screen readers know; NiceGUI's uploader
    stands unseen behind it.

    Args:
        label: what people read.
        take: gets each file when it is here.
        several: whether it may be more than one at a time.
        lose: gets the name of each that did not arrive.
        refuse: gets, at each choice, the words for those that are too large and not uploaded.
        announce: gets the name of each when it is chosen, before any click that follows.
    """
    uploader = ui.upload(on_upload=take, auto_upload=True, multiple=several)
    uploader.style("display:none")

    def each(tell: Callable[[str], Any]) -> Callable[[events.GenericEventArguments], None]:
        def tell_each(event: events.GenericEventArguments) -> None:
            for name in event.args:
                tell(name)

        return tell_each

    def chosen(event: events.GenericEventArguments) -> None:
        refused = []
        for name, length_bytes in event.args:
            try:
                submit.check_length(name, length_bytes)
            except TestbedError as error:
                refused.append(str(error))
            else:
                announce(name)
        refuse(". ".join(refused))

    uploader.on("failed", each(lose), js_handler="(of) => emit(of.files.map(one => one.name))")
    control = ui.element("input").classes("drop").props("type=file")
    if several:
        control.props["multiple"] = ""
    # Neither browsers nor the uploader take what they have already: it is forgotten, so that the
    # same file can be chosen again.
    for beginning in ("click", "dragenter"):
        control.on(beginning, js_handler="(event) => { event.target.value = ''; }")
    control.on(
        "change",
        chosen,
        js_handler="(event) => { const files = [...event.target.files];"
        " emit(files.map(one => [one.name, one.size]));"
        f" const uploader = getElement({uploader.id}).$refs.qRef; uploader.removeUploadedFiles();"
        f" uploader.addFiles(files.filter(one => one.size <= {submit.MOST_BYTES})); }}",
    )
    field(label, control)
