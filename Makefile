# Everything that is done with the project has a name here. Nothing has to be installed first but Python 3.11 and make:
# the targets make their own virtual environment, from the versions that constraints.txt pins.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
RUNS := $(VENV)/.runs
TESTERS ?= auto
CASES ?= 200
SEEDS ?= 1
EXAMPLES := docker/github-actions.yml examples/ci/github-actions.yml

.PHONY: help demo demo-replicas test coverage matrix laws nightly attacks run check ruby-clients docs release-check workflows bench parity parity-ruby differences \
  image proto format constraints clean

help:  ## Show what can be made
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 16

demo: $(RUNS)  ## Play the whole way once: start, create, call, verify, write, clean up
	$(BIN)/python examples/demo.py

demo-replicas: $(RUNS)  ## The same through three replicas that share a Redis, of which one is killed
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[redis]'
	$(BIN)/python -m examples.demo_replicas

test: $(STAMP)  ## Run the tests
	$(BIN)/python -m pytest -q -n $(TESTERS)

coverage: $(STAMP)  ## Run the tests, and fail when less of the code is run than before
	$(BIN)/coverage erase
# Measuring makes everything slower, so tests with a limit of time may fail here: what passes is up to `make test`.
	-$(BIN)/coverage run -m pytest -q -n $(TESTERS)
# Processes that a test kills leave half a file behind, which is passed over.
	$(BIN)/python -W ignore -m coverage combine --quiet
	$(BIN)/coverage report

matrix:  ## Run the tests on Python 3.11, 3.12 and 3.13, as far as they are installed
	.ci/matrix

laws: $(STAMP)  ## Try every law of the tests with 2,000 examples
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -q -n $(TESTERS) -m hypothesis --timeout 1800

nightly: $(STAMP)  ## What takes long: laws with 2,000 examples, long lives, all attacks, random pacts at length
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -q -n $(TESTERS) -m "hypothesis or nightly" --timeout 3600
	$(BIN)/python -m attacks
	@if [ -n "$$PACTMOCK_PACT_CLI" ]; then $(MAKE) parity CASES=2000 SEEDS="1 2 3"; \
	else echo "PACTMOCK_PACT_CLI names no Rust server: no random pacts are compared"; fi

attacks: $(STAMP)  ## Attack a fresh service in every way that once fooled, hung or filled it
	$(BIN)/python -m attacks

run: $(RUNS)  ## Start the service on port 8080
	$(BIN)/pactmock start --port 8080 --output pacts

check: $(STAMP)  ## Style, types, and that nothing imports upwards
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

docs: $(VENV)/.docs  ## Make the site from the pages and docstrings, in build/docs; fails where a link leads nowhere
	rm -rf build/docs
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -c docs . build/docs

release-check: $(VENV)/.release  ## Build what would be released; install, play and test it in new environments
	VENV=$(VENV) .ci/release-check

workflows: $(VENV)/.release  ## Check the files for GitHub Actions, GitLab, Compose and pre-commit
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml $(EXAMPLES)
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci examples/ci/gitlab-ci.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker/compose.yaml docker/compose.replicas.yaml
	$(BIN)/zizmor --offline --no-progress --persona pedantic .github/workflows action.yml $(EXAMPLES)
	$(BIN)/pre-commit validate-config

ruby-clients:  ## Install clients of the Ruby service where PACTMOCK_RUBY_CLIENTS says, for tests/ruby_api/test_clients.py
	.ci/ruby-clients tests/ruby_api/clients

bench: $(STAMP)  ## Measure, side by side with peers that are installed
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python -m benchmarks

parity: $(STAMP)  ## Play random pacts on the Rust server and on ours, and compare
	$(BIN)/python -m parity --cases $(CASES) $(addprefix --seed ,$(SEEDS))

parity-ruby: $(STAMP)  ## Play the scenarios for the Ruby mock service on ours, and on that where it is installed, and compare
	$(BIN)/python -m parity.ruby

differences: $(STAMP)  ## Write the tables of docs/matching.md and docs/ruby.md from docs/*differences.toml
	$(BIN)/python -m parity.differences
	$(BIN)/python -m parity.ruby.differences

image:  ## Build the Docker image
	docker build --file docker/Dockerfile --build-arg VERSION=$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' pactmock/__init__.py) \
	  --tag pactmock:latest .

proto:  ## Make the classes of the plugin protocol anew; needs protoc 3.21, whose classes every newer runtime takes
	protoc -I . --python_out=. pactmock/plugins/proto/plugin_v1.proto pactmock/plugins/proto/plugin_v2.proto

format: $(STAMP)  ## Bring the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

constraints: $(VENV)/.docs $(VENV)/.release  ## Pin the versions that are installed now
	$(BIN)/python -m pip freeze --exclude-editable | grep -v '^pactmock' > constraints.txt

clean:  ## Remove what was made
	rm -rf $(VENV) .venv-3.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage* build dist

# What is only needed for one thing is only installed for it.
$(VENV)/.docs $(VENV)/.release: $(VENV)/.%: $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[$*]'
	@touch $@

$(STAMP): $(RUNS)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

$(RUNS): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "pactmock needs Python 3.11 or newer: name one with 'make PYTHON=python3.11 ...'"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(MAKE) --no-print-directory venv-package
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $(RUNS)

# Debian keeps the venv module in a package of its own.
.PHONY: venv-package
venv-package:
	@if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; \
	else \
	  echo "Python's venv module is missing: install it with 'sudo apt-get install python3-venv'"; exit 1; \
	fi
