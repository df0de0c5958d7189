"""The page Objects."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Console
from tests.e2e.client import png


@pytest.fixture
def name() -> str:
    # Listed first: other tests' objects may fill more than a page.
    return f"!objects-{uuid.uuid4().hex[:8]} ♣.png"


def test_an_object_is_uploaded_shown_saved_and_deleted(
    page: Page, console: Console, tmp_path: Path, name: str
) -> None:
    """The whole life of an object; a deletion is asked about first, and can be called off."""
    (tmp_path / name).write_bytes(png())
    page.goto("/objects")
    page.get_by_label("Drop images here").set_input_files(tmp_path / name)
    card = page.get_by_role("listitem").filter(has_text=name)
    expect(card.get_by_role("img")).to_have_js_property("naturalWidth", 320)
    with page.expect_download() as saved:
        card.get_by_role("link", name=f"Download {name}").click()
    saved.value.save_as(tmp_path / "saved")
    assert png() == (tmp_path / "saved").read_bytes()
    card.get_by_role("button", name=f"Delete {name}").click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(card).to_be_visible()
    card.get_by_role("button", name=f"Delete {name}").click()
    page.get_by_role("button", name="Delete it").click()
    expect(card).to_be_hidden()
    listed = console.testbed.aws.s3.list_objects_v2(
        Bucket=console.testbed.outputs.original_bucket, Prefix=name
    )
    assert 0 == listed["KeyCount"]


def test_what_is_too_large_is_refused_and_the_others_go(
    page: Page, console: Console, tmp_path: Path, name: str
) -> None:
    """Of several files each is judged by its own size, before it is uploaded."""
    big = tmp_path / "big.jpg"
    with big.open("wb") as file:
        file.truncate(27_000_000)
    (tmp_path / name).write_bytes(png())
    page.goto("/objects")
    page.get_by_label("Drop images here").set_input_files([big, tmp_path / name])
    expect(page.get_by_text("has 27,000,000 bytes, and the function reads")).to_be_visible()
    card = page.get_by_role("listitem").filter(has_text=name)
    expect(card.get_by_role("img")).to_have_js_property("naturalWidth", 320)
    s3, bucket = console.testbed.aws.s3, console.testbed.outputs.original_bucket
    assert "big.jpg" not in {
        one["Key"] for one in s3.list_objects_v2(Bucket=bucket).get("Contents", ())
    }
    s3.delete_object(Bucket=bucket, Key=name)


def test_what_is_no_image_is_told_in_words_and_is_no_error(
    page: Page, console: Console, name: str
) -> None:
    """Nothing in the browser's console says that something was wrong."""
    s3, bucket = console.testbed.aws.s3, console.testbed.outputs.original_bucket
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    s3.put_object(Bucket=bucket, Key=name, Body=b"a letter", ContentType="image/png")
    try:
        page.goto("/objects")
        card = page.get_by_role("listitem").filter(has_text=name)
        expect(card.get_by_text("not an image that browsers show")).to_be_visible()
        assert [] == [text for text in said if "Failed to load" in text]
    finally:
        s3.delete_object(Bucket=bucket, Key=name)


def test_what_is_no_image_is_never_run(page: Page, console: Console, name: str) -> None:
    """A page that calls itself an image is not shown as one; a download is no page."""
    s3, bucket = console.testbed.aws.s3, console.testbed.outputs.original_bucket
    s3.put_object(
        Bucket=bucket, Key=name, Body=b"<script>alert(1)</script>", ContentType="text/html"
    )
    try:
        preview = page.request.get("/files/preview/original", params={"key": name})
        assert (204, b"") == (preview.status, preview.body())
        saved = page.request.get("/files/download/original", params={"key": name})
        assert "application/octet-stream" == saved.headers["content-type"]
        assert saved.headers["content-disposition"].startswith("attachment")
    finally:
        s3.delete_object(Bucket=bucket, Key=name)
    assert 404 == page.request.get("/files/preview/other", params={"key": name}).status
