# The commands people use; `make` alone prints them. Each is one thin line, logic is Python.
PYTHON ?= python3
PY := .envs/tools/bin/python
# Settings reach the commands as variables, so that odd characters in them need no quoting.
export TARGET PORT STATE_DIR IMAGE KEY SIZE FORMAT MODE ARCH FOLLOW SECONDS ID JSON
export PYTHONDONTWRITEBYTECODE = 1

.DEFAULT_GOAL := help
.PHONY: help setup up down status outputs env process demo logs provision destroy package doctor test fuzz check format locks clean

help:  ## Print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup  ## Start the testbed, send samples/club2.png through it, show what happened
	@$(PY) -m scripts.demo

up: setup  ## Start the testbed and wait until a request would succeed (TARGET=auto|embedded|aws, PORT, STATE_DIR)
	@$(PY) -m scripts.up

# What was never set up has nothing to stop.
down:  ## Stop the testbed with everything that it started
	@test ! -x $(PY) || $(PY) -m scripts.down

status: setup  ## Show what is up, where, and whether it is well
	@$(PY) -m scripts.status

outputs: setup  ## Print the addresses of the pipeline as JSON
	@$(PY) -m scripts.outputs

env: setup  ## Print what a shell needs for awslocal and curl: eval "$$(make env)"
	@$(PY) -m scripts.env

process: setup  ## Send an image through the pipeline (IMAGE=path [KEY=…] [SIZE=…] [FORMAT=…] [MODE=…])
	@$(PY) -m scripts.process

logs: setup  ## Show the emulator's log (FOLLOW=1 goes on)
	@$(PY) -m scripts.logs

provision: setup  ## Bring the cloud resources to what the definitions say; a second time changes nothing
	@$(PY) -m scripts.provision

destroy: setup  ## Remove the cloud resources that `provision` made, and nothing else
	@$(PY) -m scripts.destroy

package: setup  ## Build the function's zip (ARCH=x86_64|arm64)
	@$(PY) -m scripts.package

doctor:  ## Check what this machine has (JSON=1 for machines)
	@$(PYTHON) scripts/doctor.py

test: setup  ## Run the tests: unit, contract, integration and end to end
	@$(PY) -m pytest

fuzz: setup  ## Mutate images for a while and look for crashes, hangs and unmapped errors (SECONDS=60)
	@$(PY) -m tests.fuzz --seconds $(or $(SECONDS),60)

check: setup  ## Check format, lint, types, import directions and shell scripts
	@$(PY) -m scripts.check

format: setup  ## Format the code
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

locks: setup  ## Resolve the requirements anew
	@$(PY) -m scripts.locks

clean:  ## Stop the testbed and delete all that these commands made
	@test ! -x $(PY) || $(PY) -m scripts.clean

setup:
	@command -v $(PYTHON) >/dev/null || { echo "error: no $(PYTHON) on PATH; install Python 3 (any recent version), or say where it is: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) scripts/bootstrap.py
