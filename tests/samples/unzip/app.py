"""Unpacks a zip that arrives in a bucket beside it, and removes it."""

import io
import zipfile
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    source = event["Records"][0]["s3"]
    bucket, key = source["bucket"]["name"], unquote_plus(source["object"]["key"])
    packed = io.BytesIO(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    with zipfile.ZipFile(packed) as archive:
        for member in archive.infolist():
            s3.put_object(Bucket=bucket, Key=member.filename, Body=archive.read(member))
    s3.delete_object(Bucket=bucket, Key=key)
