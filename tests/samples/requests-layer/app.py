"""Asks a web address, by a library from a layer."""

import os

import requests


def handler(event, context):
    answer = requests.get(os.environ["ADDRESS"], timeout=5)
    print("requests", requests.__version__)
    return {"statusCode": answer.status_code, "body": answer.text}
