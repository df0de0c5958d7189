"""Named placeholders, ``${Name}``, in the files that describe resources.

The same notation as CloudFormation's DefinitionSubstitutions, and as strict: a name without a
value and a value without a name are errors, so that a misspelling cannot reach the cloud.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from testbed.errors import ProvisioningError

_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


def substitute(text: str, values: Mapping[str, str], *, where: str) -> str:
    """*text* with each ``${Name}`` replaced by its value, inserted as it is.

    Args:
        text: the file's content.
        values: exactly the names that *text* uses.
        where: the file, for the error.

    Raises:
        ProvisioningError: *text* uses a name that has no value, or *values* a name not in *text*.
    """
    used = set(_PLACEHOLDER.findall(text))
    if unknown := used - values.keys():
        raise ProvisioningError(f"{where}: no value for {_listed(unknown)}")
    if unused := values.keys() - used:
        raise ProvisioningError(f"{where}: no placeholder named {_listed(unused)}")
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)


def _listed(names: set[str]) -> str:
    return ", ".join(f"${{{name}}}" for name in sorted(names))
