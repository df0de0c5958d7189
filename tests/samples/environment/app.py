"""Tells where it runs, by the variables alone."""

import os

REGION = os.environ["AWS_REGION"]


def handler(event, context):
    print("variables:", dict(os.environ))
    return {"region": REGION, "variables": sorted(os.environ), "folder": os.getcwd()}
