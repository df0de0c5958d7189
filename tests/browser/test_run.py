"""The page Run: an image goes through, station by station."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from testbed import names
from tests.browser.conftest import Console

# Each station's lights in the order in which they were shown.
RECORD = """() => {
  window.lights = {};
  const look = () => document.querySelectorAll('[data-station]').forEach(one => {
    const seen = window.lights[one.dataset.station] ??= [];
    if (seen.at(-1) !== one.dataset.status) seen.push(one.dataset.status);
  });
  new MutationObserver(look).observe(
    document.body, {subtree: true, childList: true, attributes: true});
}"""
ALL_THE_WAY = ["waiting", "working", "done"]


@pytest.fixture
def own_image(console: Console, tmp_path: Path) -> Iterator[Path]:
    """A picture of 24 megapixels, so that the function has some work with it."""
    path = tmp_path / f"own-{uuid.uuid4().hex[:8]}.png"
    Image.radial_gradient("L").resize((6000, 4000)).save(path)
    yield path
    s3, where = console.testbed.aws.s3, console.testbed.outputs
    s3.delete_object(Bucket=where.original_bucket, Key=path.name)
    s3.delete_object(Bucket=where.resized_bucket, Key=names.thumbnail_key(path.name))


def test_an_image_of_ones_own_is_seen_at_every_station(page: Page, own_image: Path) -> None:
    """Each lights up when the request reaches it, in order, and is done at last.

    One that answers before the page is drawn again is done at once, on a machine with much to do.
    """
    page.goto("/")
    page.get_by_label("one of your own").set_input_files(own_image)
    expect(page.get_by_role("status").get_by_text(own_image.name)).to_be_visible()
    page.evaluate(RECORD)
    page.get_by_role("button", name="Send").click()
    for station in ("API", "MACHINE", "FUNCTION", "STORAGE"):
        expect(page.locator(f"[data-station={station}]")).to_have_attribute("data-status", "done")
    lights = page.evaluate("() => window.lights")
    assert {"API", "MACHINE", "FUNCTION", "STORAGE"} == set(lights)
    assert ALL_THE_WAY == lights["MACHINE"] == lights["FUNCTION"]
    for seen in lights.values():
        assert seen in (ALL_THE_WAY, ["waiting", "done"])


def test_each_station_tells_what_it_did(page: Page) -> None:
    """Request, answer and rendered template; the graph; the invocation; both objects."""
    page.goto("/")
    page.get_by_role("button", name="emblem.png").click()
    page.get_by_role("button", name="Send").click()
    api = page.locator("[data-station=API]")
    expect(api.get_by_label("Request", exact=True)).to_contain_text('"key": "emblem.png"')
    expect(api.get_by_label("Answer")).to_contain_text('"executionArn"')
    api.get_by_text("Rendered mapping template").click()
    expect(api.get_by_label("Rendered mapping template")).to_contain_text('"stateMachineArn"')
    machine = page.locator("[data-station=MACHINE]")
    expect(machine.locator("[data-state=ResizeImage]")).to_have_class(re.compile("SUCCEEDED"))
    expect(machine.locator("[data-state=FailState]")).not_to_have_class(re.compile("FAILED"))
    function = page.locator("[data-station=FUNCTION]")
    expect(function.get_by_label("Log lines")).to_contain_text("REPORT RequestId")
    expect(function).to_contain_text(re.compile("warm|cold start, init"))
    storage = page.locator("[data-station=STORAGE]")
    expect(storage).to_contain_text("thumb-emblem.png")
    expect(page.get_by_role("img", name="Before: emblem.png")).to_be_visible()
    after = page.get_by_role("img", name="After: thumb-emblem.png")
    expect(after).to_have_js_property("naturalWidth", 256)
    expect(page.locator("figcaption").nth(1)).to_contain_text("256\u00d7256 pixels")


def test_options_reach_the_function(page: Page) -> None:
    """A size and a format that are chosen are those of the thumbnail."""
    page.goto("/")
    page.get_by_text("Options").click()
    page.get_by_label("Longest side in pixels").fill("100")
    page.get_by_label("Format").select_option("webp")
    page.get_by_role("button", name="Send").click()
    caption = page.locator("figcaption").nth(1)
    expect(caption).to_contain_text("WEBP · 100\u00d767 pixels")


def test_a_bad_image_shows_its_refusal_where_it_arose(page: Page, letter: Path) -> None:
    """The API took it; the function did not: code and cause stand at the function."""
    page.goto("/")
    page.get_by_label("one of your own").set_input_files(letter)
    page.get_by_role("button", name="Send").click()
    function = page.locator("[data-station=FUNCTION]")
    expect(function.get_by_role("alert")).to_contain_text("UNSUPPORTED_FORMAT")
    expect(function).to_have_attribute("data-status", "failed")
    expect(page.locator("[data-station=API]")).to_have_attribute("data-status", "done")
    expect(page.locator("[data-station=STORAGE]")).to_have_attribute("data-status", "not_reached")
    expect(page.get_by_role("heading", name="Refused at Lambda")).to_be_visible()


UPLOADS = re.compile("/_nicegui/client/.*/upload/")


class Held:
    """Uploads that the browser has sent and that wait on their way."""

    def __init__(self, page: Page) -> None:
        self._held: list[Route] = []
        page.route(UPLOADS, self._hold)

    def _hold(self, route: Route) -> None:
        self._held.append(route)

    def let_go(self) -> None:
        """All go on."""
        while self._held:
            self._held.pop().continue_()


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A file that is no picture, whatever its name says."""
    path = tmp_path / "letter.png"
    path.write_bytes(b"no picture at all " * 40)
    return path


def test_what_was_chosen_is_sent_though_it_is_still_on_its_way(page: Page, letter: Path) -> None:
    """Send, pressed before the file is here, waits for it: it is not the sample that goes."""
    held = Held(page)
    page.goto("/")
    page.get_by_label("one of your own").set_input_files(letter)
    expect(page.get_by_role("status").get_by_text("letter.png is on its way")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Send")).to_be_disabled()
    expect(page.locator("[data-station=API]")).to_have_attribute("data-status", "waiting")
    held.let_go()
    refusal = page.locator("[data-station=FUNCTION]").get_by_role("alert")
    expect(refusal).to_contain_text("UNSUPPORTED_FORMAT")


def test_a_file_that_does_not_arrive_is_told_and_nothing_is_sent(page: Page, letter: Path) -> None:
    """The line broke: the page says so, and does not send the sample in its place."""
    page.route(UPLOADS, lambda route: route.abort())
    page.goto("/")
    page.get_by_label("one of your own").set_input_files(letter)
    told = page.get_by_role("status").get_by_text("letter.png did not arrive")
    expect(told).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Send")).to_be_enabled()
    expect(told).to_be_visible()
    expect(page.locator("[data-station=API]")).to_have_attribute("data-status", "waiting")
    page.get_by_role("button", name="emblem.png").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("img", name="After: thumb-emblem.png")).to_be_visible()


def test_what_is_too_large_is_refused_before_it_is_uploaded(page: Page, tmp_path: Path) -> None:
    """By its size: no byte of it leaves the browser, and the sample does not go in its place."""
    big = tmp_path / "big.jpg"
    with big.open("wb") as file:
        file.truncate(27_000_000)
    uploads = []
    page.on("request", lambda request: uploads.extend(UPLOADS.findall(request.url)))
    page.goto("/")
    page.get_by_label("one of your own").set_input_files(big)
    told = page.get_by_role("status").get_by_text("has 27,000,000 bytes, and the function reads")
    expect(told).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(told).to_be_visible()
    expect(page.locator("[data-station=API]")).to_have_attribute("data-status", "waiting")
    page.get_by_role("button", name="emblem.png").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("img", name="After: thumb-emblem.png")).to_be_visible()
    assert [] == uploads


def test_the_last_choice_is_what_is_sent(page: Page, letter: Path) -> None:
    """A sample chosen while a file comes, and then that file again."""
    held = Held(page)
    page.goto("/")
    status = page.get_by_role("status")
    page.get_by_label("one of your own").set_input_files(letter)
    expect(status.get_by_text("letter.png is on its way")).to_be_visible()
    page.get_by_role("button", name="emblem.png").click()
    expect(status.get_by_text("emblem.png, ")).to_be_visible()
    with page.expect_response(UPLOADS):
        held.let_go()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("img", name="After: thumb-emblem.png")).to_be_visible()
    page.unroute(UPLOADS)
    with page.expect_file_chooser() as chooser:
        page.get_by_label("one of your own").click()
    chooser.value.set_files(letter)
    expect(status.get_by_text("letter.png, 720 bytes")).to_be_visible()


def test_a_size_that_is_no_number_is_told_at_once(page: Page) -> None:
    """Nothing is sent, and the page says why."""
    page.goto("/")
    page.get_by_text("Options").click()
    size = page.get_by_label("Longest side in pixels")
    size.fill("12.5")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("'12.5' is not a whole number")).to_be_visible()
    expect(page.locator("[data-station=API]")).to_have_attribute("data-status", "waiting")


def test_the_keyboard_is_enough(page: Page) -> None:
    """From the address to the thumbnail without a mouse; the first stop skips the navigation."""
    page.goto("/")
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.textContent") == "moon.gif":
            break
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="moon.gif")).to_have_attribute("aria-pressed", "true")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.textContent") == "Send":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="After: thumb-moon.gif")).to_be_visible()
