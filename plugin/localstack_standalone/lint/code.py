"""Python code of functions, read as a syntax tree and never run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from localstack_standalone.lint.finding import Finding

_HERE: Final = re.compile(
    r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal|localstack"
    r"|(?:[\w.-]+\.)?localhost\.localstack\.cloud)\b|^(?:[\w.-]+\.)?localhost\.localstack\.cloud\b"
)
# Extensions of Lambda that serve functions there: AppConfig, and Parameters and Secrets (AWS's
# user guides).
# The header is the second's; where it is sent, the port may come from a variable.
_EXTENSION: Final = re.compile(r"https?://localhost:277[23]\b")
_EXTENSIONS_PORT: Final = "http://localhost:"
_EXTENSIONS_HEADER: Final = "X-Aws-Parameters-Secrets-Token"
_ENDPOINT: Final = "endpoint_url"
_KEYS: Final = frozenset({"aws_access_key_id", "aws_secret_access_key"})
_VARIABLES: Final = ("LOCALSTACK_", "LOCAL_STACK_")
_ACCOUNT: Final = re.compile(r"(?<!\d)0{12}(?!\d)")
_WRITING: Final = frozenset("wax+")
_WRITERS: Final = frozenset({"write_text", "write_bytes", "mkdir", "touch"})
_MAKERS: Final = frozenset({"makedirs", "mkdir"})
_ENTRY_ARGUMENTS: Final = 2
TMP_BYTES: Final = 512 * 1024 * 1024
MB: Final = 1024 * 1024


class UnparsedError(Exception):
    """A file is no Python.

    Attributes:
        line: where, from 1.
    """

    def __init__(self, words: str, line: int) -> None:
        super().__init__(words)
        self.line = line


def parse(path: Path) -> ast.Module:
    """The tree of *path*.

    Raises:
        UnparsedError: it is no Python.
    """
    try:
        with warnings.catch_warnings():
            # Doubts of Python's own, such as an escape that is none, are no findings.
            warnings.simplefilter("ignore")
            return ast.parse(path.read_bytes(), str(path))
    except SyntaxError as error:
        raise UnparsedError(f"no Python: {error.msg}", error.lineno or 1) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise UnparsedError(f"no Python: {error}", 1) from None


def is_handler(tree: ast.Module) -> bool:
    """Whether a module has what Lambda calls: a function of an event and a context."""
    return any(
        isinstance(node, ast.FunctionDef)
        and [argument.arg.lstrip("_") for argument in node.args.args[:2]] == ["event", "context"]
        for node in tree.body
    )


def findings(path: Path, tree: ast.Module, tmp_bytes: int = TMP_BYTES) -> Iterator[Finding]:
    """What the module at *path* does that AWS takes otherwise."""
    documented = _docstrings(tree) | set(_of_extensions(tree))
    for node in ast.walk(tree):
        for code, message in _of(node, documented, tmp_bytes):
            line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
            yield Finding(path, line, column + 1, code, message)


def calls(tree: ast.Module) -> Iterator[tuple[str, str, int]]:
    """Service, method and line of each call by a client of boto3 that the module makes."""
    services = dict(_clients(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            service = _made(owner) or services.get(ast.unparse(owner))
            if service:
                yield service, node.func.attr, node.lineno


def imported(tree: ast.Module, package: str) -> Iterator[str]:
    """The modules that a module of *package* names in its imports, dotted."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                parents = package.split(".")[: len(package.split(".")) - level + 1] if level else []
                base = ".".join(filter(None, [*parents, module]))
                yield base
                yield from (f"{base}.{one.name}".lstrip(".") for one in names)


def _clients(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Names of clients and their services."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as target], value=value):
                if service := _made(value):
                    yield ast.unparse(target), service
            case ast.AnnAssign(
                target=ast.Name() | ast.Attribute() as target, value=ast.expr() as value
            ):
                if service := _made(value):
                    yield ast.unparse(target), service


def _made(value: ast.expr) -> str | None:
    """The service of ``boto3.client("s3")`` and the like."""
    match value:
        case ast.Call(
            func=ast.Attribute(attr="client"), args=[ast.Constant(value=str() as service), *_]
        ):
            return service
    return None


def _of(node: ast.AST, documented: set[int], tmp_bytes: int) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Constant(value=str() as text) if id(node) not in documented:
            if found := _HERE.search(text):
                yield "LS301", f"{found[0]} is this machine, or an emulator's name"
            elif text.startswith(_VARIABLES):
                yield "LS301", f"{text} is set by an emulator alone"
            elif _ACCOUNT.search(text):
                yield "LS305", "000000000000 is an emulator's account"
        case ast.keyword(arg="endpoint_url", value=ast.Constant(value=str() as text)):
            if not _HERE.search(text) and "amazonaws." not in text:
                yield "LS301", f"{_ENDPOINT} is {text!r}"
        case ast.keyword(arg=str() as name, value=ast.Constant(value=str())) if name in _KEYS:
            yield "LS304", f"{name} is written in the code"
        case ast.Call():
            yield from _of_call(node, tmp_bytes)


def _of_call(call: ast.Call, tmp_bytes: int) -> Iterator[tuple[str, str]]:
    match call:
        case ast.Call(func=ast.Name(id="open"), args=[target, *rest]):
            mode = _mode(rest, call.keywords)
            if set(mode) & _WRITING and _is_beside(target):
                yield "LS302", f"open({ast.unparse(target)}, {mode!r})"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr=name), args=[target, *_]):
            if name in _MAKERS and _is_beside(target):
                yield "LS302", f"os.{name}({ast.unparse(target)})"
        case ast.Call(func=ast.Attribute(value=target, attr=name)) if name in _WRITERS:
            if _is_beside(target):
                yield "LS302", f"{ast.unparse(target)}.{name}(…)"
        case ast.Call(func=ast.Attribute(attr="truncate" | "write"), args=[amount, *_]):
            length = _length(amount)
            if length is not None and length > tmp_bytes:
                yield (
                    "LS303",
                    f"{length // MB:,} MB are written; /tmp has {tmp_bytes // MB:,} MB",
                )


def _mode(rest: list[ast.expr], keywords: list[ast.keyword]) -> str:
    given = [*rest[:1], *(one.value for one in keywords if one.arg == "mode")]
    return next(
        (
            one.value
            for one in given
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ),
        "r",
    )


def _is_beside(target: ast.expr) -> bool:
    """Whether *target* is a path in the folder of the code, which is read-only on AWS."""
    match target:
        case ast.Constant(value=str() as text):
            return not text.startswith(("/tmp", "/dev/", "/mnt/", "/proc/"))  # noqa: S108 - Lambda's
        case ast.JoinedStr(values=[ast.Constant(value=str() as text), *_]):
            return not text.startswith("/")
        case ast.Call(func=ast.Name(id="Path"), args=[inner, *_]):
            return _is_beside(inner) or "__file__" in ast.unparse(inner)
        case ast.Call() | ast.BinOp():
            return "__file__" in ast.unparse(target)
    return False


def _length(amount: ast.expr) -> int | None:
    """How much ``write(b"x" * N)`` or ``truncate(N)`` asks for, in bytes."""
    match amount:
        case ast.Constant(value=int() as number):
            return number
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            first, second = _length(left), _length(right)
            return None if first is None or second is None else first * second
        case ast.Constant(value=bytes() | str() as content):
            return len(content)
        case ast.BinOp(
            op=ast.LShift(),
            left=ast.Constant(value=int() as base),
            right=ast.Constant(value=int() as bits),
        ) if bits < 64:  # noqa: PLR2004 - sizes of files
            return base << bits
    return None


def _docstrings(tree: ast.Module) -> set[int]:
    """Texts that nobody reads at run time."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _of_extensions(tree: ast.Module) -> Iterator[int]:
    """Texts that name what Lambda itself serves a function at localhost."""
    texts = [
        (id(node), node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    sends = any(text.lower() == _EXTENSIONS_HEADER.lower() for _, text in texts)
    for known, text in texts:
        if _EXTENSION.match(text) or (sends and text == _EXTENSIONS_PORT):
            yield known
