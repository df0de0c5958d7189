"""A PDF that arrives in a bucket is locked with a password, and put into a second bucket."""

import uuid
from urllib.parse import unquote_plus

import boto3
from pypdf import PdfReader, PdfWriter

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        plain, locked = f"/tmp/{uuid.uuid4()}.pdf", f"/tmp/locked-{uuid.uuid4()}.pdf"
        s3.download_file(bucket, key, plain)
        writer = PdfWriter()
        for page in PdfReader(plain).pages:
            writer.add_page(page)
        writer.encrypt("open sesame")
        with open(locked, "wb") as file:
            writer.write(file)
        stem, _, ending = key.rpartition(".")
        s3.upload_file(locked, f"{bucket}-encrypted", f"{stem}_encrypted.{ending}")
