# Words of daily work; `uv run make WORD` runs them in the project's environment.
.PHONY: help check test slow accept bench
.DEFAULT_GOAL := help

help: ## list these words
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

check: ## style, types, import directions, generated files
	ruff check .
	ruff format --check .
	python -m pplc.grammar.tables --check
	python editors/generate.py --check
	python -m pplc.reference --check
	python -m pplc.runtime.kernels --check
	.ci/assembled lint-imports
	.ci/assembled mypy -p pplc

test: ## the tests that are run before every commit
	pytest

slow: ## the tests that need minutes
	pytest -m slow

accept: ## write again what is generated (the parser's tables, editors, docs/functions, code of kernels, tests/golden), to be looked at in the diff
	python -m pplc.grammar.tables
	python editors/generate.py
	python -m pplc.reference
	python -m pplc.runtime.kernels
	pytest -n 0 tests/golden --update

bench: ## measurements; PDB=path/to/posteriordb and STANC=path/to/stanc3
	python -m benchmarks.nuts_overhead
	$(if $(PDB),python -m benchmarks.posteriordb $(PDB))
	$(if $(STANC),python -m benchmarks.stanc3 $(STANC))
