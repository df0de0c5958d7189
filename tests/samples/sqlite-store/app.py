"""A database that is a file in a bucket: fetched to /tmp, changed there, put back."""

import os
import sqlite3

import boto3
from botocore.exceptions import ClientError

PATH = "/tmp/default.sqlite"
place = {"Bucket": os.environ["BUCKET"], "Key": "default.sqlite"}
s3 = boto3.client("s3")


def handler(event, context):
    if not os.path.exists(PATH):
        try:
            s3.download_file(Filename=PATH, **place)
        except ClientError:
            print("a new database")
    with sqlite3.connect(PATH) as database:
        database.execute("create table if not exists test (name text, age integer)")
        for row in event.get("insert", []):
            database.execute("insert into test values (:name, :age)", row)
        rows = database.execute("select name, age from test order by age").fetchall()
    database.close()
    s3.upload_file(Filename=PATH, **place)
    return rows
