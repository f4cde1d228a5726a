# One word per promise. `make` alone lists them.
# The first run of any word makes .venv from requirements.lock; later runs reuse it.

PYTHON ?= python3
BIN    := .venv/bin
READY  := .venv/.ready
PAGE_JS := site/node_modules/.ready
# jsonschema does without these two, and every Python that reads a notebook starts 1.5 seconds sooner: they build
# 39 grammars when they are imported, for a check of addresses that nothing here asks for.
LEFT_OUT := --no-emit-package rfc3987-syntax --no-emit-package lark

export PYTHONPATH := $(CURDIR)/book:$(CURDIR)
export PYTHONUNBUFFERED := 1
# Each of some hundred processes of a test run would compile our modules anew.
unexport PYTHONDONTWRITEBYTECODE
# Jupyter's, IPython's and matplotlib's own directories, so that a reader's settings never change a build.
export JUPYTER_CONFIG_DIR := $(CURDIR)/.venv/etc/jupyter-private
export JUPYTER_PLATFORM_DIRS := 1
export IPYTHONDIR := $(CURDIR)/.venv/etc/ipython
export MPLCONFIGDIR := $(CURDIR)/.venv/etc/matplotlib

.PHONY: help setup book test refresh check lock lab offline pdf epub student instructor lms verify cards slides grade places canary links colab hub record-places publish-colab canary-issue release lite measures format benchmark coverage clean

help:
	@echo 'make book       build the site and say where to open it'
	@echo 'make test       run every test, nbval included'
	@echo 'make coverage   the same, and say which lines no test runs: twice as slow, and at least 95 % must run'
	@echo 'make refresh    re-execute the chapters, rewrite what is derived from data/ and exercises/'
	@echo 'make check      say what is out of date or out of form, without changing anything'
	@echo 'make lab        open the chapters in JupyterLab'
	@echo 'make offline    pack the site into one zip file that opens from disk'
	@echo 'make pdf        print the book into one PDF, without the part on teaching'
	@echo 'make epub       pack the same pages into one EPUB for e-readers'
	@echo 'make student    make what students get: notebooks, site and PDF without solutions, packed to hand out'
	@echo 'make instructor make what those who teach get: the same with solutions, and the answer key'
	@echo 'make lms        write what learning platforms import: cartridge, quizzes, a course for nbgrader'
	@echo 'make verify     say for whom completion codes are valid: make verify STUDENTS=class.txt CODES=codes.txt'
	@echo 'make cards      print the cards of the simulation, one PDF each and one of all'
	@echo 'make slides     make slides of every chapter from its own figures and questions'
	@echo 'make places     run every chapter in every place (desktop, newest versions, Binder, Colab, browser): a table'
	@echo 'make canary     the same with the newest versions only; make record-places notes the seconds for the buttons'
	@echo 'make links      ask every address that the pages name whether it still answers'
	@echo 'make colab      write the chapters for Google Colab; make hub HUB=https://... prints links for a JupyterHub'
	@echo 'make lite       build the chapters for the reader'"'"'s own browser, beside the book (PYODIDE=release, registry or a folder)'
	@echo 'make measures   print what the site weighs, asks for and breaks, beside a stock Jupyter Book'
	@echo 'make benchmark  time the build and the tests, with the floor beside them'
	@echo 'make grade      grade a folder of submissions: make grade SUBMISSIONS=folder'
	@echo 'make format     format and lint the code, notebook cells included'
	@echo 'make lock       renew requirements.lock from requirements.txt'
	@echo 'make clean      remove everything that was generated'

setup: $(READY) $(PAGE_JS)

$(READY): requirements.lock
	@echo 'Making .venv and installing the locked packages (one to two minutes, once) ...'
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else "Python %d.%d found; this book needs 3.11, 3.12 or 3.13. Try: make PYTHON=python3.12" % v)'
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on --no-deps --require-hashes --requirement requirements.lock
	@touch $(READY)

$(PAGE_JS): site/package-lock.json | $(READY)
	@echo 'Fetching the JavaScript that the pages ship (once) ...'
	@cd site && ../$(BIN)/npm ci --no-audit --no-fund --ignore-scripts
	@touch $(PAGE_JS)

book: setup
	@$(BIN)/python -m tools.build

test: setup
	@$(BIN)/python -m tools.debian
	@$(BIN)/python -m tools.build
	@$(BIN)/python -m pytest

# Not in every run: counting lines doubles the time of Python code.
coverage: setup
	@$(BIN)/python -m tools.debian
	@$(BIN)/python -m tools.build
	@$(BIN)/python -m pytest --cov=book/casebook --cov=tools --cov-report=term-missing:skip-covered --cov-fail-under=95

refresh: setup
	@$(BIN)/python -m tools.refresh

check: setup
	@$(BIN)/python -m tools.refresh --check

lab: setup
	@cd book && ../$(BIN)/python -m jupyterlab

offline: setup
	@$(BIN)/python -m tools.offline

pdf: setup
	@$(BIN)/python -m tools.pdf

epub: setup
	@$(BIN)/python -m tools.epub

student: setup
	@$(BIN)/python -m tools.editions student

instructor: setup
	@$(BIN)/python -m tools.editions instructor

lms: setup
	@$(BIN)/python -m tools.exchange

verify: setup
	@$(BIN)/python -m tools.exchange.codes verify --students '$(STUDENTS)' --codes '$(CODES)'

cards: setup
	@$(BIN)/python -m tools.cards

slides: setup
	@$(BIN)/python -m tools.slides

places: lite
	@$(BIN)/python -m tools.debian
	@$(BIN)/python -m tools.places
	@$(BIN)/python -m pytest -n0 --no-cov tests_places

record-places: lite
	@$(BIN)/python -m tools.debian
	@$(BIN)/python -m tools.places --record
	@$(BIN)/python -m tools.places.start_up --record

canary: setup
	@$(BIN)/python -m tools.debian
	@$(BIN)/python -m tools.places newest

links: setup
	@$(BIN)/python -m tools.links

colab: setup
	@$(BIN)/python -m tools.colab

hub: setup
	@$(BIN)/python -m tools.hub $(HUB)

# What only a workflow on GitHub runs: GH_TOKEN and the names of repository and tag come from there.
publish-colab: colab
	@cd _build/colab && git init --quiet --initial-branch colab && git add . && git -c user.name=github-actions -c user.email=github-actions@users.noreply.github.com commit --quiet --message 'Chapters for Colab'
	@cd _build/colab && git push --quiet --force "https://x-access-token:$${GH_TOKEN}@github.com/$${GITHUB_REPOSITORY}" colab

canary-issue:
	@gh issue create --title "Chapters differ with the newest versions ($$(date +%F))" --body-file _build/places.md

release: offline pdf epub student
	@gh release create "$${GITHUB_REF_NAME}" --verify-tag --generate-notes _build/book-offline.zip _build/*.pdf _build/*.epub _build/student/*.zip

# Where the browser's Python comes from: upstream's release, a package of the registry, or a folder.
PYODIDE ?= release

lite: setup
	@$(BIN)/python -m tools.lite --pyodide $(PYODIDE)

measures: setup
	@$(BIN)/python -m tools.debian
	@$(BIN)/python -m tools.measures

# Further words go into OPTIONS: make grade SUBMISSIONS=folder OPTIONS='--chapter timeline --site https://...'
grade: setup
	@$(BIN)/python -m tools.grading $(if $(SUBMISSIONS),"$(SUBMISSIONS)") $(OPTIONS)

format: setup
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

benchmark: setup
	@$(BIN)/python -m tools.benchmark

lock: $(READY)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links $(LEFT_OUT) --custom-compile-command 'make lock' --upgrade --output-file requirements.lock requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --upgrade --output-file site/lite/requirements.lock site/lite/requirements.txt

clean:
	rm -rf _build .pytest_cache .ruff_cache .coverage site/node_modules .venv
