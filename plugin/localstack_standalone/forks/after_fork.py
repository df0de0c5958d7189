"""Where whoever has state that a fork must not share says how it is begun anew.

A hook as LocalStack's own are: ``@after_fork()`` beside the state, and an entry point that names
it. It runs in each fork before that serves, in its only thread; those of higher priority first.
"""

from __future__ import annotations

from typing import Final

from localstack.runtime.hooks import hook_spec

NAMESPACE: Final = "localstack.hooks.standalone_after_fork"

after_fork = hook_spec(NAMESPACE)
