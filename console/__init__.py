"""The web console: what happens inside the pipeline, in a browser. One page a module in `pages`."""

from typing import Final

HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8765


def address(port: int = DEFAULT_PORT) -> str:
    """Where a browser finds the console."""
    return f"http://{HOST}:{port}/"
