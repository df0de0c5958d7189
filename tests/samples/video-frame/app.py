"""A picture of a video, by ffmpeg, whose program is in a layer."""

import os
import subprocess
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    record = event["Records"][0]["s3"]
    bucket, key = record["bucket"]["name"], unquote_plus(record["object"]["key"])
    work = f"/tmp/{context.aws_request_id}"
    video, frame = work + os.path.splitext(key)[1], work + ".jpg"
    s3.download_file(bucket, key, video)
    scale = f"thumbnail,scale={os.environ['THUMB_WIDTH']}:-1"
    command = ["ffmpeg", "-loglevel", "error", "-y", "-i", video, "-vf", scale, "-frames:v", "1"]
    subprocess.run([*command, frame], check=True, cwd="/tmp")
    s3.upload_file(frame, os.environ["OUTPUT_BUCKET"], os.path.splitext(key)[0] + ".jpg")
    return subprocess.run(["which", "ffmpeg"], capture_output=True, text=True).stdout.strip()
