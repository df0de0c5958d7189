"""LocalStack's own state after a fork: it knows nothing of forks, so its renewal stands here.

Threads end in a fork, and what they waited for would wait for ever: a queue wakes the thread that
asked first, which is gone. Everything that owns a thread is therefore made anew, service by service
that was loaded; and whatever remembers the parent's port is told the fork's.
"""

from __future__ import annotations

import shutil
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from localstack import config
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.utils import threads

from localstack_standalone.forks.after_fork import after_fork


@after_fork(name="threads", priority=20)
def threads_of_localstack() -> None:
    """Nothing of what it remembers of its threads is there."""
    threads.TMP_THREADS.clear()


@after_fork(name="lambda_service")
def lambda_service() -> None:
    """The queues of asynchronous events, their pollers, and the pools of threads."""
    provider = _loaded("lambda")
    if provider is None:
        return
    from localstack.services.lambda_.invocation import internal_sqs_queue

    service = provider.lambda_service
    service.lambda_version_manager_lock = threading.RLock()
    service.task_executor = ThreadPoolExecutor(thread_name_prefix="lambda-service-task")
    service.assignment_service.provisioning_pool = ThreadPoolExecutor(
        thread_name_prefix="lambda-provisioning-pool"
    )
    client: Any = internal_sqs_queue.get_fake_sqs_client()
    client.queue_manager = internal_sqs_queue.QueueManager()
    client.queue_manager.start()
    for manager in service.event_managers.values():
        manager.lifecycle_lock = threading.RLock()
        manager.poller = manager.poller_thread = None
        manager.start()


@after_fork(name="s3_objects")
def s3_objects() -> None:
    """Objects in files: a descriptor that is shared has one position for all."""
    provider = _loaded("s3")
    if provider is None:
        return
    from localstack.services.s3.storage.ephemeral import (
        S3_MAX_FILE_SIZE_BYTES,
        LockedSpooledTemporaryFile,
    )

    storage = provider._storage_backend  # noqa: SLF001 - there is no other way to it
    for bucket, content in storage._filesystem.items():  # noqa: SLF001 - likewise
        for key, file in content["keys"].items():
            own = LockedSpooledTemporaryFile(
                dir=f"{storage.root_directory}/{bucket}", max_size=S3_MAX_FILE_SIZE_BYTES
            )
            own.internal_last_modified = file.internal_last_modified
            position = file.tell()
            file.seek(0)
            shutil.copyfileobj(file, own)
            file.seek(position)
            content["keys"][key] = own


@after_fork(name="alarms")
def alarms() -> None:
    """CloudWatch's scheduler."""
    provider = _loaded("cloudwatch")
    if provider is not None:
        provider.alarm_scheduler = type(provider.alarm_scheduler)()
        provider.alarm_scheduler.start()


@after_fork(name="docker_client")
def docker_client() -> None:
    """LocalStack asks an engine that answers as it starts, and keeps the connection."""
    utils = sys.modules.get("localstack.utils.docker_utils")
    client = getattr(utils and utils.DOCKER_CLIENT, "docker_client", None)
    if client is not None:
        client.close()  # it connects again where it is asked


@after_fork(name="addresses", priority=10)
def addresses() -> None:
    """What was computed from the port when a module was loaded."""
    port = config.GATEWAY_LISTEN[0].port
    execute = "localstack.services.apigateway.next_gen.execute_api.integrations"
    if execute in sys.modules:
        for integration in sys.modules[execute].REST_API_INTEGRATIONS.values():
            if hasattr(integration, "_base_domain"):
                integration._base_domain = config.internal_service_url()  # noqa: SLF001 - likewise
    if "localstack.services.s3.presigned_url" in sys.modules:
        sys.modules["localstack.services.s3.presigned_url"].PORT_REPLACEMENT[2] = f":{port}"
    sys.modules["localstack.aws.handlers.cors"].__dict__["_ALLOWED_INTERNAL_PORTS"] = {port}


def _loaded(service: str) -> Any:
    """The provider of *service*; None where it was not used yet."""
    if not SERVICE_PLUGINS.is_running(service):
        return None
    return SERVICE_PLUGINS.get_service(service)._provider  # noqa: SLF001 - likewise
