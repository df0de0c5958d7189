"""A Flask application behind API Gateway; its image is bytes."""

import struct
import zlib

import awsgi
from flask import Flask, Response, jsonify

app = Flask(__name__)


@app.route("/")
def index():
    return jsonify(status=200, message="OK")


@app.route("/dot.png")
def dot():
    def chunk(kind, content):
        crc = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\x80")
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return Response(b"\x89PNG\r\n\x1a\n" + parts, mimetype="image/png")


def handler(event, context):
    return awsgi.response(app, event, context, base64_content_types={"image/png"})
