# Everything that is done with the project has a name here. Nothing has to be installed first but Python 3.11 and make:
# the targets make their own virtual environment, from the versions that constraints.txt pins.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TESTERS ?= auto
CASES ?= 200
SEEDS ?= 1

.PHONY: help demo test laws nightly attacks run check bench parity image proto format constraints clean

help:  ## Show what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/'

demo: $(STAMP)  ## Play the whole way once: start, create, call, verify, write, clean up
	$(BIN)/python examples/demo.py

test: $(STAMP)  ## Run the tests
	$(BIN)/python -m pytest -q -n $(TESTERS)

laws: $(STAMP)  ## Try every law of the tests with 2,000 examples
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -q -n $(TESTERS) -m hypothesis --timeout 1800

nightly: $(STAMP)  ## What takes long: laws with 2,000 examples, long lives, all attacks, random pacts at length
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -q -n $(TESTERS) -m "hypothesis or nightly" --timeout 3600
	$(BIN)/python -m attacks
	@if [ -n "$$PACTMOCK_PACT_CLI" ]; then $(MAKE) parity CASES=2000 SEEDS="1 2 3"; \
	else echo "PACTMOCK_PACT_CLI names no Rust server: no random pacts are compared"; fi

attacks: $(STAMP)  ## Attack a fresh service in every way that once fooled, hung or filled it
	$(BIN)/python -m attacks

run: $(STAMP)  ## Start the service on port 8080
	$(BIN)/pactmock start --port 8080 --output pacts

check: $(STAMP)  ## Style, types, and that nothing imports upwards
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(STAMP)  ## Measure, side by side with peers that are installed
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python -m benchmarks

parity: $(STAMP)  ## Play random pacts on the Rust server and on ours, and compare
	$(BIN)/python -m parity --cases $(CASES) $(addprefix --seed ,$(SEEDS))

image:  ## Build the Docker image
	docker build --file docker/Dockerfile --build-arg VERSION=$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' pactmock/__init__.py) \
	  --tag pactmock:latest .

proto:  ## Make the classes of the plugin protocol anew; needs protoc 3.21, whose classes every newer runtime takes
	protoc -I . --python_out=. pactmock/plugins/proto/plugin_v1.proto pactmock/plugins/proto/plugin_v2.proto

format: $(STAMP)  ## Bring the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

constraints: $(STAMP)  ## Pin the versions that are installed now
	$(BIN)/python -m pip freeze --exclude-editable | grep -v '^pactmock' > constraints.txt

clean:  ## Remove what was made
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "pactmock needs Python 3.11 or newer: name one with 'make PYTHON=python3.11 ...'"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(MAKE) --no-print-directory venv-package
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

# Debian keeps the venv module in a package of its own.
.PHONY: venv-package
venv-package:
	@if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; \
	else \
	  echo "Python's venv module is missing: install it with 'sudo apt-get install python3-venv'"; exit 1; \
	fi
