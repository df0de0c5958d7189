"""Books an image to a customer's account: one entry in the ledger for each that was asked for."""

import hashlib
import json
import os
import uuid

import boto3

ORIGINALS, LEDGER = os.environ["ORIGINAL_BUCKET"], os.environ["RESIZED_BUCKET"]

s3 = boto3.client("s3")


def handler(event, context):
    key, customer = event["key"], event["customer"]
    image = s3.get_object(Bucket=ORIGINALS, Key=key)["Body"].read()
    entry = {"key": key, "sha256": hashlib.sha256(image).hexdigest()}
    place = f"ledger/{customer}/{uuid.uuid4()}.json"
    s3.put_object(Bucket=LEDGER, Key=place, Body=json.dumps(entry))
    return {"success": True, "entry": place}
