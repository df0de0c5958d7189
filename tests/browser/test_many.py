"""The page Many images, and what it leaves in the list of executions."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from console import batch
from testbed import names
from tests.browser.conftest import Console, violations
from tests.e2e.client import png

SENT = re.compile(r"/batches/[^/]+/files/\d+$")
WITHIN_MS = 120_000

DROP = """async ([selector, names, content]) => {
  const transfer = new DataTransfer();
  for (const name of names) {
    transfer.items.add(new File([new TextEncoder().encode(content)], name));
  }
  document.querySelector(selector).dispatchEvent(
    new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def folder(console: Console, tmp_path: Path) -> Iterator[Path]:
    """A folder with a name that no other test uses; what is sent of it is deleted."""
    made = tmp_path / f"many-{uuid.uuid4().hex[:8]}"
    (made / "inner").mkdir(parents=True)
    yield made
    s3, where = console.testbed.aws.s3, console.testbed.outputs
    for bucket, prefix in (
        (where.original_bucket, made.name),
        (where.resized_bucket, names.thumbnail_key(made.name)),
    ):
        while found := s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents"):
            for one in found:
                s3.delete_object(Bucket=bucket, Key=one["Key"])


def group(page: Page) -> str:
    name = page.locator("[data-batch]").get_attribute("data-batch")
    assert name is not None
    return name


def choose(page: Page, folder: Path) -> None:
    page.get_by_label("A whole folder").set_input_files(folder)


def test_a_folder_fills_a_grid_and_its_failures_are_grouped(page: Page, folder: Path) -> None:
    """Thumbnails as they come; what failed by its cause, with a sentence; hidden files not sent."""
    for number in range(5):
        (folder / f"{number}.png").write_bytes(png())
    (folder / "inner" / "six.png").write_bytes(png())
    (folder / "letter.png").write_bytes(b"Dear pipeline, " * 9)
    (folder / "empty.png").write_bytes(b"")
    (folder / ".hidden").write_bytes(b"a")
    page.goto("/many")
    choose(page, folder)
    over = page.get_by_role("status").get_by_text("All are through: 6 made, 2 failed")
    expect(over).to_be_visible(timeout=WITHIN_MS)
    expect(page.get_by_text("1 left out")).to_be_visible()
    grid = page.get_by_label("Images of this batch").get_by_role("listitem")
    expect(grid).to_have_count(8)
    inner = page.get_by_role("img", name=f"Thumbnail of {folder.name}/inner/six.png")
    inner.scroll_into_view_if_needed()
    expect(inner).to_have_js_property("naturalWidth", 256)
    expect(page.get_by_role("heading", name="UNSUPPORTED_FORMAT · 1")).to_be_visible()
    expect(page.get_by_role("heading", name="EMPTY_OBJECT · 1")).to_be_visible()
    expect(page.get_by_text("The object has no bytes")).to_be_visible()
    assert [] == violations(page)


def test_what_failed_runs_again_when_it_is_mended(
    page: Page, folder: Path, console: Console
) -> None:
    """The object is there, so that nothing is uploaded; the failure is gone from the page."""
    (folder / "a.png").write_bytes(b"no picture")
    page.goto("/many")
    choose(page, folder)
    again = page.get_by_role("button", name="Run the 1 failed again")
    expect(again).to_be_visible(timeout=WITHIN_MS)
    console.testbed.aws.s3.put_object(
        Bucket=console.testbed.outputs.original_bucket, Key=f"{folder.name}/a.png", Body=png()
    )
    again.click()
    expect(page.get_by_text("All are through: 1 made, 0 failed")).to_be_visible(timeout=WITHIN_MS)
    expect(page.get_by_role("heading", name="What failed")).to_be_hidden()


def test_a_file_that_did_not_arrive_is_sent_again(page: Page, folder: Path) -> None:
    """The browser still has it."""
    (folder / "a.png").write_bytes(png())
    page.goto("/many")
    page.route(SENT, lambda route: route.abort())
    choose(page, folder)
    expect(page.get_by_role("heading", name="NOT_SENT · 1")).to_be_visible(timeout=WITHIN_MS)
    page.unroute(SENT)
    page.get_by_role("button", name="Run the 1 failed again").click()
    expect(page.get_by_text("All are through: 1 made, 0 failed")).to_be_visible(timeout=WITHIN_MS)


def test_files_are_dropped(page: Page, folder: Path) -> None:
    """Anywhere in the field; nothing else of the page opens them."""
    page.goto("/many")
    expect(page.get_by_label("Images", exact=True)).to_be_visible()
    page.evaluate(DROP, ["[data-drop] h2", [f"{folder.name}-1", f"{folder.name}-2"], "text"])
    expect(page.get_by_role("heading", name="UNSUPPORTED_FORMAT · 2")).to_be_visible(
        timeout=WITHIN_MS
    )


def test_what_is_too_large_is_not_sent(page: Page, folder: Path) -> None:
    """It is told at once; not a byte of it leaves the browser."""
    with (folder / "big.png").open("wb") as file:
        file.truncate(batch.MOST_BYTES + 1)
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one) if SENT.search(one.url) else None)
    page.goto("/many")
    choose(page, folder)
    expect(page.get_by_text("larger than the 25 MB that the function reads")).to_be_visible()
    expect(page.get_by_role("button", name="failed again")).to_be_hidden()
    assert [] == sent


def test_four_are_under_way_at_once(page: Page, folder: Path) -> None:
    """The others wait in the browser."""
    for number in range(9):
        (folder / f"{number}.png").write_bytes(png())
    held: list[Route] = []
    page.route(SENT, lambda route: held.append(route))  # noqa: PLW0108 - it is marked
    page.goto("/many")
    choose(page, folder)
    expect(page.get_by_text("0 of 9 through")).to_be_visible()
    seen = 0
    while seen < 9:
        page.wait_for_function("() => true")
        assert len(held) <= 4
        if held:
            seen += 1
            held.pop(0).continue_()
    expect(page.get_by_text("All are through: 9 made, 0 failed")).to_be_visible(timeout=WITHIN_MS)


def test_two_hundred_are_one_row_of_the_list(page: Page, folder: Path) -> None:
    """Which opens into its executions, by keyboard too, and closes again."""
    for number in range(200):
        (folder / f"{number}.png").write_bytes(png() if number % 50 else b"no picture")
    page.goto("/many")
    name = group(page)
    choose(page, folder)
    expect(page.get_by_text("All are through: 196 made, 4 failed")).to_be_visible(timeout=WITHIN_MS)
    page.goto("/executions")
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Batch of 200")
    expect(row).to_contain_text(re.compile(r"196\s*SUCCEEDED.*4\s*FAILED", re.DOTALL))
    opener = page.get_by_role("button", name="Batch of 200")
    opener.focus()
    page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(opener).to_be_focused()
    expect(page.get_by_role("link", name=re.compile(rf"{name}-\d+"))).to_have_count(24)
    assert [] == violations(page)
    page.keyboard.press("Enter")
    expect(row).to_have_count(1)
