"""Checks a user's token against the pool's keys, which are fetched when the environment starts."""

import json
import os
import time
import urllib.request

from jose import jwk, jwt
from jose.utils import base64url_decode

with urllib.request.urlopen(os.environ["KEYS_URL"]) as answer:
    KEYS = json.loads(answer.read())["keys"]


def handler(event, context):
    token = event["token"]
    wanted = jwt.get_unverified_headers(token)["kid"]
    found = [key for key in KEYS if key["kid"] == wanted]
    if not found:
        return False
    message, _, signature = token.rpartition(".")
    if not jwk.construct(found[0]).verify(message.encode(), base64url_decode(signature.encode())):
        return False
    claims = jwt.get_unverified_claims(token)
    return claims if time.time() < claims["exp"] else False
