# What can be done here. `make setup` is called by every other target.
.PHONY: setup demo test nightly lint bench peers mutants clean
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never

setup: .venv/.ready

.venv/.ready: pyproject.toml uv.lock
	@test -x $(BIN)/python || python3 -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv sync --quiet --locked --inexact
	@touch $@

demo: setup            ## a made-up company on a local Slack; ARGS=--once ends by itself
	@$(BIN)/bandstand demo $(ARGS)

test: setup            ## the tests, on SQLite and PostgreSQL
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

nightly: setup         ## the tests that count, at full size: a million deliveries, 10,000 odd bodies a door, long histories
	@BANDSTAND_DELIVERIES=1000000 BANDSTAND_FUZZ=10000 BANDSTAND_HISTORIES=10000 BANDSTAND_KILLS=40 $(BIN)/pytest -s \
		tests/service/test_deliveries.py tests/service/test_fuzz.py tests/service/test_killed.py tests/bot/hooks/test_histories.py \
		$(ARGS)
	@$(BIN)/pytest -n auto --hypothesis-profile=thorough tests/scoring tests/bot/hooks/otlp/test_histories.py \
		tests/db/test_one_fact_one_count.py

lint: setup            ## format, lint and types
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy

bench: setup           ## speed, as ratios measured side by side
	@$(BIN)/uv sync --quiet --locked --inexact --group bench
	@$(BIN)/python -m benchmarks $(ARGS)

peers: setup           ## tests against programs that are not ours; .ci/run installs them
	@$(BIN)/pytest -n 2 --dist loadfile tests/peers -m peer $(ARGS)

mutants: setup         ## faults planted in a copy of scoring/, and whether a test finds each; ARGS="--sample 400"
	@$(BIN)/uv sync --quiet --locked --inexact --group mutants
	@$(BIN)/python -m tests.mutation $(ARGS)

clean:
	rm -rf .venv .venv-litellm .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants
