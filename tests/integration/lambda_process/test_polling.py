"""Who polls for a version's events ends when it is told to, and the queue serves the next one."""

from __future__ import annotations

import json
import subprocess

from testbed import settings

BEGINNING = """
import json, os, sys, threading, types
from localstack.services.lambda_.invocation import event_manager, internal_sqs_queue
from localstack.services.lambda_.invocation.internal_sqs_queue import FakeSqsClient
from localstack_standalone.lambda_process.engine import polling

if sys.argv[1] == "patched":
    polling.patch()
client = internal_sqs_queue.get_fake_sqs_client()
event_manager.get_sqs_client = lambda *_, **__: client
client.create_queue(QueueName="events")
ask = FakeSqsClient.receive_message
config = types.SimpleNamespace(timeout=3)
named = types.SimpleNamespace(function_name="f", qualifier="1")
version = types.SimpleNamespace(id=named, config=config, qualified_arn="arn")
manager = types.SimpleNamespace(function_version=version)

def left():
    got = ask(client, QueueUrl="events", WaitTimeSeconds=1, MaxNumberOfMessages=10)["Messages"]
    return [one["Body"] for one in got or []]

def tell(what):
    print(json.dumps(what), flush=True)
    os._exit(0)
"""
# A poller that would look, or LocalStack's that would ask, for a minute.
ASKING = (
    BEGINNING
    + """
waits = threading.Event()
polling.LOOKS_EVERY_S = 60

def receive_message(self, **named):
    asks = named.pop("WaitTimeSeconds", None)
    return ask(self, WaitTimeSeconds=asks and 60, **named)

FakeSqsClient.receive_message = receive_message
not_empty = client.queue_manager.queues["events"].visible.not_empty
wait = not_empty.wait

def noted(timeout=None):
    waits.set()  # with the lock, which who wakes it needs: so it does wait by then
    return wait(timeout)

not_empty.wait = noted

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
    told.append(left())
tell(told)
"""
)
# A poller that is told to stop when it has an event already, and has not handed it on yet.
RECEIVED = (
    BEGINNING
    + """
handled = []
client.send_message(QueueUrl="events", MessageBody="received")
poller = event_manager.Poller(manager, "events")
poller.handle_message = lambda message: handled.append(message["Body"])

def receive_message(self, **named):
    got = ask(self, **named)
    poller.stop()
    client.send_message(QueueUrl="events", MessageBody="sent meanwhile")
    return got

FakeSqsClient.receive_message = receive_message
poller.run()
poller.invoker_pool.shutdown(wait=True)
tell(handled + left())
"""
)


def poll(program: str, *arguments: str) -> object:
    done = subprocess.run(
        [settings.ENVS / "emulator" / "bin" / "python", "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_a_poller_ends_at_once_and_the_next_gets_the_events() -> None:
    """Though its question would last a minute: an update starts another on the same queue."""
    assert [True, True, ["kept"]] == poll(ASKING, "patched", "20")


def test_localstack_s_own_goes_on() -> None:
    """Which is why it is patched."""
    assert [False] == poll(ASKING, "own", "3")


def test_an_event_that_it_had_already_is_not_held_back() -> None:
    """It is there for the next poller at once, as is what is sent while this one ends."""
    assert ["received", "sent meanwhile"] == poll(RECEIVED, "patched")


def test_localstack_s_own_holds_it_back() -> None:
    """For as long as the function may run, and a minute; longer where events wait their turn."""
    assert ["sent meanwhile"] == poll(RECEIVED, "own")
