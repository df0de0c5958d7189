"""A page from a template that lies beside the code, found by a path relative to it."""

import os

from jinja2 import Environment, FileSystemLoader

pages = Environment(loader=FileSystemLoader("./templates"), autoescape=True)


def handler(event, context):
    with open("words.txt", encoding="utf-8") as file:
        words = file.read().split()
    body = pages.get_template("index.html").render(words=words, pool=os.environ["POOL"])
    return {"statusCode": 200, "headers": {"Content-Type": "text/html"}, "body": body}
