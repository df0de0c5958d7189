"""Who polls for a version's events ends when it is told to, and the queue serves the next one."""

from __future__ import annotations

import json
import subprocess

from testbed import settings

# A poller whose question would last a minute; the engine's own is asked by its patches alone.
PROGRAM = """
import json, sys, threading, types
from localstack.services.lambda_.invocation import event_manager, internal_sqs_queue
from localstack.services.lambda_.invocation.internal_sqs_queue import FakeSqsClient
from localstack_standalone.lambda_process.engine import polling

if sys.argv[1] == "patched":
    polling.patch()
ask, waits = FakeSqsClient.receive_message, threading.Event()

def receive_message(self, **named):
    return ask(self, **{**named, "WaitTimeSeconds": 60})

FakeSqsClient.receive_message = receive_message
client = internal_sqs_queue.get_fake_sqs_client()
event_manager.get_sqs_client = lambda *_, **__: client
client.create_queue(QueueName="events")
not_empty = client.queue_manager.queues["events"].visible.not_empty
wait = not_empty.wait

def noted(timeout=None):
    waits.set()  # with the lock, which who shuts the queue needs: so it does wait by then
    return wait(timeout)

not_empty.wait = noted
config = types.SimpleNamespace(timeout=3)
named = types.SimpleNamespace(function_name="f", qualifier="1")
version = types.SimpleNamespace(id=named, config=config, qualified_arn="arn")
manager = types.SimpleNamespace(function_version=version)

def ends():
    poller = event_manager.Poller(manager, "events")
    thread = threading.Thread(target=poller.run, daemon=True)
    waits.clear()
    thread.start()
    assert waits.wait(10)
    poller.stop()
    thread.join(float(sys.argv[2]))
    return not thread.is_alive()

told = [ends(), ends()] if sys.argv[1] == "patched" else [ends()]
if sys.argv[1] == "patched":
    client.send_message(QueueUrl="events", MessageBody="kept")
    got = ask(client, QueueUrl="events", WaitTimeSeconds=5)["Messages"]
    told.append([one["Body"] for one in got or []])
print(json.dumps(told), flush=True)
import os
os._exit(0)
"""


def poll(*arguments: str) -> object:
    done = subprocess.run(
        [settings.ENVS / "emulator" / "bin" / "python", "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_a_poller_ends_at_once_and_the_next_gets_the_events() -> None:
    """Though its question would last a minute: an update starts another on the same queue."""
    assert [True, True, ["kept"]] == poll("patched", "20")


def test_localstack_s_own_goes_on() -> None:
    """Which is why it is patched."""
    assert [False] == poll("own", "3")
