from __future__ import annotations

import os
import threading

from localstack_standalone import locks


def test_a_lock_that_another_thread_holds_is_free_in_a_fork() -> None:
    """The thread is not there, so nobody would ever release it."""
    lock, held, done = locks.fork_safe(), threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    pid = os.fork()
    if pid == 0:
        os._exit(0 if lock.acquire(blocking=False) else 1)
    done.set()
    thread.join()
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
