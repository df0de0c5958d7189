"""A function's URL, opened as a page: what its address leads to in a real browser."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Console
from tests.support import functions

PAGE = '''
HTML = """<!doctype html><title>Tea</title><h1>A page of a function's</h1>
<button onclick="fetch('pot', {method: 'POST', body: 'green'}).then(answer => answer.text())
  .then(text => document.querySelector('output').textContent = text)">Brew</button>
<output></output>"""

def handler(event, context):
    if event["requestContext"]["http"]["method"] == "POST":
        return {"body": f"{event['rawPath']}: {event['body']}"}
    return {"statusCode": 200, "headers": {"Content-Type": "text/html"}, "body": HTML}
'''


def test_it_is_a_page_that_speaks_to_its_function(
    context: BrowserContext, console: Console
) -> None:
    """As CreateFunctionUrlConfig answers it; a path of the page's own reaches the function too."""
    aws, page = console.testbed.aws, context.new_page()
    name = functions.make(aws, PAGE)
    try:
        made = aws.lambda_.create_function_url_config(FunctionName=name, AuthType="NONE")
        page.goto(made["FunctionUrl"])
        expect(page.get_by_role("heading")).to_have_text("A page of a function's")
        page.get_by_role("button", name="Brew").click()
        expect(page.get_by_role("status")).to_have_text("/pot: green")
    finally:
        aws.lambda_.delete_function(FunctionName=name)
