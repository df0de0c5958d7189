"""Files in, findings out."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from localstack_standalone.lint import api, archive, code, document, machine, template
from localstack_standalone.lint.document import Document
from localstack_standalone.lint.finding import Finding, Remark

_DOCUMENTS: Final = frozenset({".json", ".yaml", ".yml", ".template"})
# What is no source of anybody's: environments, what was built, what others wrote.
_PASSED_OVER: Final = frozenset(
    {"node_modules", "site-packages", "cdk.out", "__pycache__", "tests", "test"}
)
_TEST: Final = re.compile(r"(test_.*|.*_test|conftest)\.py$")
_DEFINITION: Final = re.compile(r"\.asl\.(json|ya?ml)$")
_IGNORE: Final = re.compile(r"lint-ignore\[(LS\d{3})\](.*)")
# A member that a document of ours has. To parse others, such as a package's lock of a megabyte,
# takes seconds each.
_SIGN: Final = re.compile(rb"""\b(StartAt|Resources|openapi|swagger)["']?\s*:""")
_COMMENTS: Final = ("Comment", "Description", "description")
_REASON: Final = re.compile(r"\w{2}")


class NothingThereError(Exception):
    """A path that was given leads nowhere."""


def check(paths: Iterable[Path], *, architecture: str = "", runtime: str = "") -> list[Finding]:
    """What is found in *paths*, files or folders, in order of file and line.

    Args:
        paths: what to look at.
        architecture: of archives that no template speaks of; not looked at if it is empty.
        runtime: likewise.

    Raises:
        NothingThereError: one of them is not there.
    """
    files = sorted({file.resolve() for path in paths for file in _files(path)})
    documents, found = _documents(files)
    found += _in_documents(documents)
    found += _in_code(files, documents)
    found += _in_archives(files, documents, architecture=architecture, runtime=runtime)
    return sorted({*_spoken(found), *_without_reason(files)})


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise NothingThereError(f"{path} is not there")
    for folder, folders, names in os.walk(path):
        if "pyvenv.cfg" in names:
            folders.clear()
            continue
        passed_over = _PASSED_OVER | _installed(Path(folder), folders)
        folders[:] = [
            name for name in folders if not name.startswith(".") and name not in passed_over
        ]
        yield from (Path(folder, name) for name in names if name not in passed_over)


def _installed(folder: Path, folders: list[str]) -> set[str]:
    """What others wrote and pip put into *folder*."""
    return {
        line.partition("/")[0].partition(",")[0]
        for name in folders
        if name.endswith(".dist-info") and (folder / name / "RECORD").is_file()
        for line in (folder / name / "RECORD").read_text("utf-8", "replace").splitlines()
    }


def _documents(files: list[Path]) -> tuple[list[Document], list[Finding]]:
    documents, found = [], []
    for path in files:
        if path.suffix in _DOCUMENTS and path.is_file() and _may_be_ours(path):
            try:
                documents.append(document.read(path))
            except document.UnreadableError as error:
                # Others may be no document of ours: a chart's template, a list of several.
                if _DEFINITION.search(path.name):
                    found.append(Finding(path, error.line, error.column, "LS001", str(error)))
    return documents, found


def _may_be_ours(path: Path) -> bool:
    return bool(_DEFINITION.search(path.name) or _SIGN.search(path.read_bytes()))


def _in_documents(documents: list[Document]) -> list[Finding]:
    express = {
        path
        for each in _templates(documents)
        for path, is_express in template.definition_files(each.data, each.path.parent)
        if is_express
    }
    found = []
    for each in documents:
        for remark in _remarks(each, express=each.path in express):
            if not _silenced(each, remark):
                line, column = each.place(remark.at)
                found.append(Finding(each.path, line, column, remark.code, remark.message))
    return found


def _remarks(each: Document, *, express: bool) -> Iterator[Remark]:
    data = each.data
    if not isinstance(data, dict):
        return
    if template.is_template(data):
        yield from template.remarks(data, each.path.parent)
    elif ("StartAt" in data and "States" in data) or _DEFINITION.search(each.path.name):
        text = each.text if each.path.suffix == ".json" else ""
        yield from machine.remarks(data, (), text=text, express=express)
        yield from template.accounts(data, ())
    elif ("openapi" in data or "swagger" in data) and "paths" in data:
        yield from api.remarks(data, ())
        yield from template.accounts(data, ())


def _templates(documents: list[Document]) -> Iterator[Document]:
    return (each for each in documents if template.is_template(each.data))


def _in_code(files: list[Path], documents: list[Document]) -> Iterator[Finding]:
    """What functions do: those of templates, and modules that have a handler."""
    trees: dict[Path, ast.Module] = {}
    sizes: dict[Path, int] = {}
    for each in _templates(documents):
        for function in template.functions(each.data):
            folder = (each.path.parent / function.code).resolve()
            if not function.code or not folder.is_dir():
                continue
            for path in _sources(folder):
                yield from _parsed(path, trees)
                sizes[path] = function.tmp_mb * code.MB
            yield from _lacking(function, folder, trees)
    for path in files:
        if path.suffix == ".py" and path not in trees and not _TEST.match(path.name):
            try:
                tree = code.parse(path)
            except code.UnparsedError:  # whoever's it is: no function's that is known
                continue
            if code.is_handler(tree):
                trees[path] = tree
    for path, tree in trees.items():
        yield from code.findings(path, tree, sizes.get(path, code.TMP_BYTES))


def _lacking(
    function: template.DeclaredFunction, folder: Path, trees: dict[Path, ast.Module]
) -> Iterator[Finding]:
    """Calls that the role of *function* does not allow, in its handler and what that imports."""
    if function.allowed is None:
        return
    waiting, seen = [function.handler.rpartition(".")[0].replace("/", ".")], set[str]()
    while waiting:
        name = waiting.pop()
        paths = [folder.joinpath(*name.split(".")).with_suffix(".py")]
        paths.append(folder.joinpath(*name.split("."), "__init__.py"))
        path = next((one for one in paths if one in trees), None)
        if not name or name in seen or path is None:
            continue
        seen.add(name)
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        waiting.extend(code.imported(trees[path], package))
        for service, method, line in code.calls(trees[path]):
            for action in template.lacking(function.allowed, service, method):
                message = f"{function.at[1]} needs {action} for {method}"
                yield Finding(path, line, 1, "LS306", message)


def _parsed(path: Path, trees: dict[Path, ast.Module]) -> Iterator[Finding]:
    if path not in trees:
        try:
            trees[path] = code.parse(path)
        except code.UnparsedError as error:
            yield Finding(path, error.line, 1, "LS001", str(error))


def _sources(folder: Path) -> Iterator[Path]:
    """The modules of a function."""
    return (path for path in _files(folder) if path.suffix == ".py" and not _TEST.match(path.name))


def _in_archives(
    files: list[Path], documents: list[Document], *, architecture: str, runtime: str
) -> Iterator[Finding]:
    known = {
        (each.path.parent / function.code).resolve(): function
        for each in _templates(documents)
        for function in template.functions(each.data)
        if function.code
    }
    for path in sorted({*files, *(path for path in known if path.is_file())}):
        if path.suffix == ".zip":
            function = known.get(path)
            yield from archive.findings(
                path,
                architecture=function.architecture if function else architecture,
                runtime=function.runtime if function else runtime,
            )


def _silenced(each: Document, remark: Remark) -> bool:
    """Whether an object around it says in its comment why it may stand."""
    values: list[Any] = [each.data]
    for step in remark.at:
        try:
            values.append(values[-1][step])
        except (KeyError, IndexError, TypeError):
            break
    return any(
        _names(str(value.get(field)), remark.code)
        for value in values
        if isinstance(value, dict)
        for field in _COMMENTS
    )


def _names(comment: str, code_: str) -> bool:
    return any(
        match[1] == code_ and _REASON.search(match[2]) for match in _IGNORE.finditer(comment)
    )


def _spoken(found: Iterable[Finding]) -> Iterator[Finding]:
    """Without those that a comment on their line, or on the one before, silences."""
    lines: dict[Path, list[str]] = {}
    for each in found:
        if each.path not in lines:
            lines[each.path] = _lines(each.path)
        around = lines[each.path][max(each.line - 2, 0) : each.line]
        if not any(_names(line, each.code) for line in around):
            yield each


def _without_reason(files: list[Path]) -> Iterator[Finding]:
    for path in files:
        for number, line in enumerate(_lines(path), 1):
            for match in _IGNORE.finditer(line):
                if not _REASON.search(match[2]):
                    yield Finding(path, number, match.start() + 1, "LS002", match[0].strip())


def _lines(path: Path) -> list[str]:
    if path.suffix not in _DOCUMENTS | {".py"} or path.stat().st_size > document.MOST_BYTES:
        return []
    return path.read_text(encoding="utf-8", errors="replace").splitlines()
