"""Things to do, as chalice has it: an API with tokens, a bucket's events, a schedule."""

import os

import boto3
from chalice import AuthResponse, Chalice, NotFoundError, Rate
from chalicelib import auth

app = Chalice(app_name="todo")
app.debug = True
kept = {}


@app.authorizer()
def jwt_auth(request):
    user = auth.user_of(request.token)
    return AuthResponse(routes=["*"] if user else [], principal_id=user or "nobody")


@app.route("/login", methods=["POST"])
def login():
    body = app.current_request.json_body
    return {"token": auth.token_for(body["username"], body["password"])}


@app.route("/todos", methods=["GET"], authorizer=jwt_auth)
def todos():
    user = app.current_request.context["authorizer"]["principalId"]
    return kept.get(user, [])


@app.route("/todos", methods=["POST"], authorizer=jwt_auth)
def add():
    user = app.current_request.context["authorizer"]["principalId"]
    kept.setdefault(user, []).append(app.current_request.json_body["description"])
    return len(kept[user]) - 1


@app.route("/todos/{which}", methods=["GET"], authorizer=jwt_auth)
def one(which):
    raise NotFoundError(f"no {which}")


@app.on_s3_event(bucket="chalice-uploads", events=["s3:ObjectCreated:*"])
def arrived(event):
    app.log.debug("arrived: %s", event.key)
    copy = {"Bucket": event.bucket, "Key": event.key}
    boto3.client("s3").copy_object(
        Bucket=os.environ["SEEN_BUCKET"], Key=f"{event.key}.seen", CopySource=copy
    )


@app.schedule(Rate(1, unit=Rate.HOURS))
def hourly(event):
    return {"source": event.source, "id": event.event_id}
