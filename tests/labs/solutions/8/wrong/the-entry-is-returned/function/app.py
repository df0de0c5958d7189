"""Enters an image into the catalogue: what it is called, how long it is, its SHA-256."""

import hashlib
import json
import os

import boto3

ORIGINALS, RESIZED = os.environ["ORIGINAL_BUCKET"], os.environ["RESIZED_BUCKET"]

s3 = boto3.client("s3")


def handler(event, context):
    key = event["key"]
    print(f"an entry for {key}")
    image = s3.get_object(Bucket=ORIGINALS, Key=key)["Body"].read()
    entry = {
        "key": key,
        "bytes": len(image),
        "sha256": hashlib.sha256(image).hexdigest(),
    }
    place = f"catalogue/{key}.json"
    body = json.dumps(entry)
    s3.put_object(Bucket=RESIZED, Key=place, Body=body, ContentType="application/json")
    return {"success": True, **entry}
