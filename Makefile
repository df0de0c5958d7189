# The commands people use; `make` alone prints them. Each is one thin line, logic is Python.
# A bundle may have brought one (docs/teaching.md).
PYTHON ?= $(or $(wildcard .bundle/python/bin/python3),python3)
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
# What a command prints may be read by a program, also where another make runs it: `eval "$$(make env)"`.
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help
.PHONY: help bench bundle lessons slides setup up down reset save load snapshots evidence test-docker test-aws bench-targets status outputs env process demo console trace iam fault test-state screenshots logs dev debug provision destroy grade grade-all test-deploy test-labs lint-pipeline lint-docs package doctor test test-browser test-resilience test-install test-samples load-test soak fuzz bench-thumbnail bench-persistence bench-sandbox conformance test-conformance engines check format settings-docs sam-template locks clean

# A command that there is not.
.DEFAULT:
	@$(PYTHON) dev/unknown_goal.py

help:  ## Print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@$(PYTHON) dev/settings_help.py

demo: setup  ## Start the testbed, send samples/club2.png through it, show what happened
	@$(PY) -m scripts.demo

up: setup  ## Start the testbed and wait until a request would succeed (TARGET=auto|embedded|docker|aws, PORT, STATE_DIR)
	@$(PY) -m scripts.up

# What was never set up has nothing to stop.
down:  ## Stop the testbed with everything that it started; with TARGET=aws remove the pipeline
	@test ! -x $(PY) || $(PY) -m scripts.down

reset: setup  ## Empty the running testbed: no images, no executions, same target and port
	@$(PY) -m scripts.reset

save: setup  ## Keep the running testbed's state as one file (NAME=lesson-1 [FILE=path])
	@$(PY) -m scripts.save

load: setup  ## Go on with a state that was saved; what is there is saved first (NAME=lesson-1 | FILE=path)
	@$(PY) -m scripts.load

lessons: setup  ## Make the states that the sessions of docs/teaching.md begin with, for `make load`
	@$(PY) -m scripts.lessons

slides: setup  ## Write the course's slides, pages that need no network, to reports/slides
	@$(PY) -m dev.slides

snapshots: setup  ## List the states that were saved
	@$(PY) -m scripts.snapshots

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

iam: setup  ## For each role what it was allowed, used and lacked (POLICY=least JSON=1)
	@$(PY) -m scripts.iam

fault: setup  ## Have calls or functions fail, or list what does (SCENARIO=… | OPERATION=… KIND=… [RATE=…] … | OFF=1)
	@$(PY) -m scripts.fault

test-state: setup  ## Run one state alone (STATE=… [INPUT=…] [MOCK=…|ERROR=…] [RETRIES=…] [LEVEL=…] [JSON=1])
	@$(PY) -m scripts.test_state

logs: setup  ## Show the emulator's log (FOLLOW=1 goes on)
	@$(PY) -m scripts.logs

dev: setup  ## Have the testbed's function run the files in lambda/ as they are saved
	@$(PY) -m scripts.dev

debug: setup  ## Run the function under debugpy and wait for an editor (IMAGE=…, DEBUG_PORT=5678)
	@$(PYTHON) dev/bootstrap.py debug
	@$(PY) -m scripts.debug

provision: setup  ## Bring the cloud resources to what the definitions say (PLAN=1 only shows what would change)
	@$(PY) -m scripts.provision

destroy: setup  ## Remove the cloud resources that `provision` made, and nothing else
	@$(PY) -m scripts.destroy

grade: setup  ## Grade a lab: points, what was seen, hints (LAB=3 [FOLDER=…] [HIDDEN=…] [JSON=1] [GRADESCOPE=file] [CLASSROOM=file])
	@$(PY) -m scripts.grade

grade-all: setup  ## Grade each folder in FOLDER, as a table, CSV and pages (LAB=3 FOLDER=submissions [HIDDEN=…] [RESUME=1])
	@$(PY) -m scripts.grade_all

lint-pipeline: setup  ## Find what works here and fails on AWS (JSON=1, SARIF=1)
	@$(PY) -m scripts.lint_pipeline

lint-docs: setup  ## Write the page of the linter's codes, docs/lint.md, anew
	@$(PY) -m dev.lint_docs

package: setup  ## Build the function's zip (ARCH=x86_64|arm64)
	@$(PY) -m scripts.package

doctor:  ## Check what this machine has (JSON=1 for machines)
	@$(PYTHON) dev/doctor.py

test: setup  ## Run the tests: unit, contract, integration and end to end (RUNNING=1, REPORT=reports/junit.xml)
	@$(PY) -m dev.run_tests test

test-docker: setup  ## Run the end-to-end tests against the container that is up, else one of their own, and those of the container itself
	@$(PY) -m dev.run_tests test-docker

test-aws: setup  ## Run the end-to-end tests against what `make up TARGET=aws` made
	@$(PY) -m dev.run_tests test-aws

evidence: setup  ## Put what a failed CI job should keep into reports/evidence: logs, histories, images
	@$(PY) -m scripts.evidence

test-browser: setup  ## Run the tests in a real Chromium: the console's, and attacks by web pages (RUNNING=1)
	@$(PY) -m dev.run_tests test-browser

test-resilience: setup  ## Do what goes wrong: kills, full disks, faults, clocks that are set
	@$(PY) -m dev.run_tests test-resilience

test-labs: setup  ## Grade reference and wrong solutions of every lab, and submissions that cheat
	@$(PY) -m dev.run_tests test-labs

test-deploy: setup  ## Deploy examples/ with SAM and the CDK as people do, use them and remove them
	@$(PYTHON) dev/bootstrap.py deploy
	@$(PY) -m dev.run_tests test-deploy

test-install: setup  ## Do what newcomers do: README's commands in an empty clone; the plugin's wheel in a project of its own
	@$(PY) -m dev.run_tests test-install

test-samples: setup  ## Deploy functions that others wrote, or their like, and see them do what they do on AWS
	@$(PY) -m dev.run_tests test-samples

screenshots: setup  ## Take every page of the console, light and dark, to reports/screenshots
	@$(PY) -m dev.screenshots

load-test: setup  ## Send many requests at once and account for each (N=1000 C=16 [KILL=1] [CRASH=1] [FAULTS=s3:5%] [SEED=1])
	@$(PY) -m scripts.load_test

soak: setup  ## Run many invocations and cold starts and look for what they leave (COUNT=1000)
	@$(PY) -m dev.run_tests soak

fuzz: setup  ## Mutate images for a while and look for crashes, hangs and unmapped errors (SECONDS=60)
	@$(PY) -m tests.fuzz

bench: setup  ## Measure the pipeline tuned, untuned, in a peer and alone, as ratios (QUICK=1)
	@$(PYTHON) dev/bootstrap.py bench ministack
	@.envs/bench/bin/python -m bench.pipeline

bench-targets: setup  ## Measure the embedded and the docker target side by side, as ratios
	@$(PY) -m bench.targets

bench-persistence: setup  ## Measure what keeping state costs, as ratios, and how fast a start with much of it is
	@$(PY) -m bench.persistence

bench-sandbox: setup  ## Measure what a sandbox costs a function: cold, warm, under load and in memory, as ratios
	@$(PY) -m bench.sandbox

bench-thumbnail: setup  ## Measure our thumbnail against libvips': time and memory, as ratios
	@$(PY) -m bench.thumbnail

conformance: setup  ## Ask an emulator whether it does what AWS does (ENDPOINT=url FEATURES=S3,Lambda JSON=1 HTML=file)
	@$(PY) -m scripts.conformance

test-conformance: setup  ## Ask our emulator all of that, and servers that answer wrongly
	@$(PY) -m dev.run_tests test-conformance

engines: setup  ## Ask every engine that this machine can start, and write docs/engines.md anew
	@$(PYTHON) dev/bootstrap.py localemu ministack moto
	@$(PY) -m dev.engines

check: setup  ## Check format, lint, types, import directions and shell scripts
	@$(PY) -m dev.check

format: setup  ## Format the code
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

settings-docs:  ## Write the README's table of settings and .env.example anew
	@$(PYTHON) dev/settings_help.py --readme

sam-template: setup  ## Write the stack as a SAM template, docs/template.yaml, anew
	@$(PY) -m dev.sam_template

bundle: setup  ## Pack checkout and packages into one archive, for machines without network
	@$(PY) -m dev.bundle

locks: setup  ## Resolve the requirements anew
	@$(PY) -m dev.locks

clean:  ## Stop the testbed and delete all that these commands made
	@test ! -x $(PY) || $(PY) -m scripts.clean

setup:
	@command -v $(PYTHON) >/dev/null || { echo "error: no $(PYTHON) on PATH; install Python 3 (any recent version), or say where it is: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) dev/bootstrap.py
