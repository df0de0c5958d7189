# The commands people use; `make` alone prints them. Each is one thin line, logic is Python.
PYTHON ?= python3
PY := .envs/tools/bin/python
# Settings reach the commands as variables, as they were typed: no shell reads them, and make, which
# would expand a `$$` in them (and run a shell for some), is kept from it. Their names are told, without
# those that a make of ours around this one was given, and so is the command: so a name that is
# misspelt, or that is another command's, is found.
COMMAND_LINE := $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name)))
$(foreach name,$(COMMAND_LINE),$(eval override $(name) := $$(value $(name))))
TESTBED_GIVEN := $(filter-out $(TESTBED_GIVEN),$(COMMAND_LINE))
TESTBED_GOALS := $(or $(MAKECMDGOALS),help)
export TESTBED_GIVEN TESTBED_GOALS $(COMMAND_LINE)
export PYTHONDONTWRITEBYTECODE = 1

.DEFAULT_GOAL := help
.PHONY: help bench setup up down reset evidence test-docker bench-targets status outputs env process demo console trace screenshots logs dev debug provision destroy package doctor test test-browser load-test soak fuzz bench-thumbnail check format settings-docs locks clean

help:  ## Print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@$(PYTHON) scripts/settings_help.py

demo: setup  ## Start the testbed, send samples/club2.png through it, show what happened
	@$(PY) -m scripts.demo

up: setup  ## Start the testbed and wait until a request would succeed (TARGET=auto|embedded|docker|aws, PORT, STATE_DIR)
	@$(PY) -m scripts.up

# What was never set up has nothing to stop.
down:  ## Stop the testbed with everything that it started
	@test ! -x $(PY) || $(PY) -m scripts.down

reset: setup  ## Start the running testbed anew: no images, no executions, same target and port
	@$(PY) -m scripts.reset

status: setup  ## Show what is up, where, and whether it is well
	@$(PY) -m scripts.status

outputs: setup  ## Print the addresses of the pipeline as JSON
	@$(PY) -m scripts.outputs

env: setup  ## Print what a shell needs for awslocal and curl: eval "$$(make env)"
	@$(PY) -m scripts.env

process: setup  ## Send an image through the pipeline (IMAGE=path [KEY=…] [SIZE=…] [FORMAT=…] [MODE=…])
	@$(PY) -m scripts.process

console: setup  ## Look inside in a browser: runs, executions, objects, resources (CONSOLE_PORT)
	@$(PY) -m scripts.console

trace: setup  ## Show one request as a tree (ID=<execution name or ARN, or last> [JSON=1] [HTML=file])
	@$(PY) -m scripts.trace

logs: setup  ## Show the emulator's log (FOLLOW=1 goes on)
	@$(PY) -m scripts.logs

dev: setup  ## Have the testbed's function run the files in lambda/ as they are saved
	@$(PY) -m scripts.dev

debug: setup  ## Run the function under debugpy and wait for an editor (IMAGE=…, DEBUG_PORT=5678)
	@$(PYTHON) scripts/bootstrap.py debug
	@$(PY) -m scripts.debug

provision: setup  ## Bring the cloud resources to what the definitions say; a second time changes nothing
	@$(PY) -m scripts.provision

destroy: setup  ## Remove the cloud resources that `provision` made, and nothing else
	@$(PY) -m scripts.destroy

package: setup  ## Build the function's zip (ARCH=x86_64|arm64)
	@$(PY) -m scripts.package

doctor:  ## Check what this machine has (JSON=1 for machines)
	@$(PYTHON) scripts/doctor.py

test: setup  ## Run the tests: unit, contract, integration and end to end (REPORT=reports/junit.xml)
	@$(PY) -m scripts.run_tests test

test-docker: setup  ## Run the end-to-end tests against a container, and those of the container itself
	@$(PY) -m scripts.run_tests test-docker

evidence: setup  ## Put what a failed CI job should keep into reports/evidence: logs, histories, images
	@$(PY) -m scripts.evidence

test-browser: setup  ## Run the tests in a real Chromium: the console's, and attacks by web pages
	@$(PY) -m scripts.run_tests test-browser

screenshots: setup  ## Take every page of the console, light and dark, to reports/screenshots
	@$(PY) -m scripts.screenshots

load-test: setup  ## Send many requests at once and account for each (N=1000 C=16 [KILL=1 [SEED=1]])
	@$(PY) -m scripts.load_test

soak: setup  ## Run many invocations and cold starts and look for what they leave (COUNT=1000)
	@$(PY) -m scripts.run_tests soak

fuzz: setup  ## Mutate images for a while and look for crashes, hangs and unmapped errors (SECONDS=60)
	@$(PY) -m tests.fuzz

bench: setup  ## Measure the pipeline tuned, untuned, in a peer and alone, as ratios (QUICK=1)
	@$(PYTHON) scripts/bootstrap.py bench ministack
	@.envs/bench/bin/python -m bench.pipeline

bench-targets: setup  ## Measure the embedded and the docker target side by side, as ratios
	@$(PY) -m bench.targets

bench-thumbnail: setup  ## Measure our thumbnail against libvips': time and memory, as ratios
	@$(PY) -m bench.thumbnail

check: setup  ## Check format, lint, types, import directions and shell scripts
	@$(PY) -m scripts.check

format: setup  ## Format the code
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

settings-docs:  ## Write the README's table of settings and .env.example anew
	@$(PYTHON) scripts/settings_help.py --readme

locks: setup  ## Resolve the requirements anew
	@$(PY) -m scripts.locks

clean:  ## Stop the testbed and delete all that these commands made
	@test ! -x $(PY) || $(PY) -m scripts.clean

setup:
	@command -v $(PYTHON) >/dev/null || { echo "error: no $(PYTHON) on PATH; install Python 3 (any recent version), or say where it is: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) scripts/bootstrap.py
