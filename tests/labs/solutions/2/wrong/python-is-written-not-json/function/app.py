"""Writes down how long an image is, and its SHA-256."""

import hashlib
import os

import boto3

S3 = boto3.client("s3")


def handler(event, context):
    key, bucket = event["key"], os.environ["BUCKET"]
    try:
        content = S3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except S3.exceptions.NoSuchKey:
        return {"key": key, "error": "NOT_FOUND"}
    facts = {"key": key, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    S3.put_object(Bucket=bucket, Key=f"catalogue/{key}.json", Body=str(facts))
    return facts
