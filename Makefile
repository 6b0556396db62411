# `make run` and `make test` are all a newcomer needs; everything else is listed by `make help`.
SHELL := /bin/bash
BIN := .venv/bin
PORT ?= 8000
# What laying out a report needs: Pango with its fonts, and letters for Chinese and Korean.
RUN_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk
TEST_PACKAGES := chromium fonts-noto-cjk postgresql poppler-utils r-base-core r-cran-survey r-cran-haven r-cran-foreign \
	r-cran-jsonlite r-cran-mass

.DEFAULT_GOAL := help
.PHONY: help run test lint tests texts pictures clean

help: ## Show what can be made
	@grep -hE '^[a-z%-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

run: .venv/.run ## Build, load a simulated wave and serve on http://127.0.0.1:8000
	$(BIN)/survey prepare
	$(BIN)/survey serve --port $(PORT)

test: lint tests ## Lint, types, import contracts and every test: the gate

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/numpydoc lint $$(git ls-files 'survey/analysis/*.py')

tests: .venv/.test .venv/axe.min.js
	@tools/debian-packages $(RUN_PACKAGES) $(TEST_PACKAGES)
	$(BIN)/pytest

texts: .venv/.test ## Bring translations/*/messages.po up to date with the texts in code and templates
	$(BIN)/python tools/texts.py

bench-%: .venv/.bench ## Measure: statistics, coverage, page, interview, results (prints a table, keeps it in benchmarks/)
	$(BIN)/python benchmarks/$*.py

pictures: .venv/.test ## Take the pictures of the documents (docs/pictures) of a simulated survey
	@tools/debian-packages $(RUN_PACKAGES) chromium
	$(BIN)/python tools/pictures.py

clean: ## Remove the virtual environment; data under var/ stays
	rm -rf .venv

# A stamp is written last, so that an interrupted installation is taken up again; pip's script is what venv makes last.
.venv/bin/pip:
	@tools/debian-packages python3 python3-venv
	python=$$(command -v /usr/bin/python3.11 || command -v python3.11 || command -v python3) && $$python -m venv --clear .venv

.venv/.run: pyproject.toml setup.py | .venv/bin/pip
	@tools/debian-packages $(RUN_PACKAGES)
	$(BIN)/python -m pip install --progress-bar on -e .
	@touch $@

.venv/.test: pyproject.toml setup.py | .venv/bin/pip
	$(BIN)/python -m pip install --progress-bar on -e '.[test]'
	@touch $@ .venv/.run

# What looks for barriers in the pages: of the registry of npm, since Python's has no copy.
.venv/axe.min.js: | .venv/bin/pip
	@command -v npm >/dev/null || tools/debian-packages nodejs npm
	cd .venv && npm pack --silent axe-core@4 && tar -xzf axe-core-4.*.tgz --strip-components=1 package/axe.min.js
	@rm -f .venv/axe-core-4.*.tgz && touch $@

.venv/.bench: .venv/.test
	$(BIN)/python -m pip install --progress-bar on -e '.[bench]'
	@touch $@
