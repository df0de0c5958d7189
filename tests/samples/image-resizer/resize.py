"""Halves an image that arrives, for the bucket that a parameter names."""

import os
import uuid
from urllib.parse import unquote_plus

import boto3
from PIL import Image

s3 = boto3.client("s3")
ssm = boto3.client("ssm")


def handler(event, context):
    wanted = ssm.get_parameter(Name=os.environ["RESIZED"])["Parameter"]["Value"]
    for record in event["Records"]:
        key = unquote_plus(record["s3"]["object"]["key"])
        flat = key.replace("/", "")
        original, resized = f"/tmp/{uuid.uuid4()}{flat}", f"/tmp/resized-{flat}"
        s3.download_file(record["s3"]["bucket"]["name"], key, original)
        with Image.open(original) as image:
            image.thumbnail((image.width // 2, image.height // 2))
            image.save(resized)
        s3.upload_file(resized, wanted, key)
