"""Draws a table as a picture and puts it into a bucket."""

import json
import os

import boto3
import matplotlib.pyplot as plt


def handler(event, context):
    figure = plt.figure(figsize=(4, 3))
    plt.plot(event["x"], event["y"], marker="o")
    plt.title("Sample")
    plt.grid(visible=True)
    figure.savefig("/tmp/sample.png")
    plt.close(figure)
    boto3.client("s3").upload_file("/tmp/sample.png", os.environ["BUCKET"], "sample.png")
    return {"statusCode": 200, "body": json.dumps({"backend": plt.get_backend()})}
