"""`python -m localstack_standalone`: the command where it is not on PATH."""

import sys

from localstack_standalone import cli

sys.exit(cli.main())
