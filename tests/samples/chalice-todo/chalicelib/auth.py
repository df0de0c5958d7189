"""Passwords and tokens."""

import hashlib
import hmac
import os
import time

import jwt
from chalice import UnauthorizedError

SECRET = os.environ.get("JWT_SECRET", "")
SALT, ROUNDS = b"salt", 1000
USERS = {"ann": hashlib.pbkdf2_hmac("sha256", b"hunter2", SALT, ROUNDS)}


def token_for(name, password):
    given = hashlib.pbkdf2_hmac("sha256", password.encode(), SALT, ROUNDS)
    if not hmac.compare_digest(given, USERS.get(name, b"")):
        raise UnauthorizedError("Invalid password")
    return jwt.encode({"sub": name, "iat": int(time.time())}, SECRET, algorithm="HS256")


def user_of(token):
    try:
        return jwt.decode(token, SECRET, algorithms=["HS256"])["sub"]
    except jwt.InvalidTokenError:
        return None
