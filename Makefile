# Everything a person types. Each command sets up what is missing first; a second run finds it there.

.DEFAULT_GOAL := help
.PHONY: help setup demo up test check bench bench-lists bench-dispositions bench-ocr bench-uploads bench-gateway measure-suggestions client lock clean

VENV := .venv/bin
UV := uv
# A run of the tests starts some hundreds of programs: what was compiled once is kept, whatever the environment says.
export PYTHONDONTWRITEBYTECODE :=

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what the project needs into .venv and var/ (done by the others by themselves)
	@python="$$(sh deploy/setup/find-python.sh)" && "$$python" -m deploy.setup

demo: setup ## Carry a scanned letter through the whole system and print its track
	@$(VENV)/lontar demo

up: setup ## Serve the system at http://localhost:8080 until stopped
	@$(VENV)/lontar up

test: check ## Run every check and every test
	@$(VENV)/python -m pytest -n 3 --dist loadfile

# Those that take longest first; two at a time, for none of them writes what another reads.
CHECKS := check-types check-openapi check-layers check-format check-contracts check-asyncapi
.PHONY: $(CHECKS)

check: setup ## Format, lint, types, rules of the house, contracts, OpenAPI, AsyncAPI
	@$(MAKE) --no-print-directory --jobs 2 $(CHECKS)

check-types:
	@$(VENV)/mypy

check-openapi:
	@$(VENV)/python -m deploy.openapi check

check-layers:
	@$(VENV)/lint-imports --no-logo

check-format:
	@$(VENV)/ruff format --check --quiet .
	@$(VENV)/ruff check --quiet .

check-contracts:
	@$(VENV)/python -m services.contracts.check

check-asyncapi:
	@$(VENV)/python -m deploy.asyncapi check

bench: setup ## Measure the system against the floor its parts allow
	@$(VENV)/python -m tests.load.bench

bench-lists: setup ## Compare lists, track and search of 200,000 letters with those of 5,000 (half an hour)
	@$(VENV)/python -m tests.load.lists

bench-dispositions: setup ## Compare issuing with its floor, boxes of 200,000 dispositions with those of 5,000 (half an hour)
	@$(VENV)/python -m tests.load.dispositions

bench-ocr: setup ## Compare making the copies of scans with bare Tesseract and OCRmyPDF (three minutes)
	@$(VENV)/python -m tests.load.ocr

measure-suggestions: setup ## Make letters, recognise them, and tell how right what is suggested of them is (ten minutes)
	@$(VENV)/python -m tests.intake.suggestions.measure

bench-uploads: setup ## Send 200 MB through the gateway and watch the memory of what it passes (two minutes)
	@$(VENV)/python -m tests.load.uploads

bench-gateway: setup ## Measure the gateway beside a bare proxy and Caddy, with a gigabyte, and with a service failing (six minutes)
	@$(VENV)/python -m tests.load.gateway

client: setup ## Generate the Python client of the API as a wheel in var/client/dist
	@$(VENV)/python -m deploy.client

lock: ## Lock the dependencies anew (needs uv)
	$(UV) pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-config --no-header \
	    --no-annotate --no-emit-index-url requirements.in --output-file requirements.lock
	$(UV) pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-config --no-header \
	    --no-annotate --no-emit-index-url --constraint requirements.lock requirements-dev.in \
	    --output-file requirements-dev.lock
	$(UV) pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-config --no-header \
	    --no-annotate --no-emit-index-url deploy/client/requirements.in --output-file deploy/client/requirements.lock

clean: ## Remove what set-up made (.venv, caches); the data in var/ stay
	rm -rf .venv var/setup var/client var/rabbitmq-dist var/tools build *.egg-info .mypy_cache .ruff_cache .pytest_cache \
	    .import_linter_cache .hypothesis
