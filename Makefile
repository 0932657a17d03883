# Wattbook. `make` lists the targets. Every target prepares what it needs; what is done already isn't done again.
# Copyright Wattbook contributors. SPDX-License-Identifier: MIT

SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help setup compile abi web test test-contracts test-python test-clique test-web test-tools test-e2e chromium demo \
	geth deploy gas bench audit symbolic fuzz lint format screenshot lock clean distclean

PYTHON ?=
ARGS ?=
CHAIN ?= anvil
LONG ?=
TOOL := $(if $(PYTHON),PYTHON='$(PYTHON)' )PYTHONDONTWRITEBYTECODE=1 $(or $(PYTHON),python3) -m tools
VENV := .venv/bin
# What the demo and its like read from the environment, passed on only if given.
PASSED := $(foreach name,SEED FAULT PERIODS,$(if $($(name)),$(name)='$($(name))'))
RUN := PATH="$(CURDIR)/tools/bin:$(CURDIR)/.venv/bin:$$PATH" $(PASSED) $(VENV)/python -m

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

setup: ## Python environment, npm packages, forge and anvil, Solidity compiler (PYTHON=python3.12)
	@$(TOOL).setup

compile: setup ## compile the contracts with forge and Brownie and write wattbook/abi/*.json
	@$(TOOL).compile

abi: setup ## forge only: write wattbook/abi/*.json, without waiting for Brownie
	@$(TOOL).compile --abi-only

web: setup ## build the web page
	@$(TOOL).web

test: compile web ## all suites, side by side where that is safe, at most 20 minutes
	@$(TOOL).run_tests contracts python web tools e2e

test-contracts: compile ## forge fmt, forge tests and Brownie's tests of the contracts
	@$(TOOL).run_tests contracts

test-python: compile ## ruff, mypy and pytest of wattbook, oracle and api
	@$(TOOL).run_tests python

test-clique: compile ## the tests on a network of three go-ethereum signers (needs Go)
	@$(TOOL).run_tests clique

test-web: web ## type check and unit tests of the web page
	@$(TOOL).run_tests web

test-tools: compile ## self-tests of this tool chain
	@$(TOOL).run_tests tools

test-e2e: compile web chromium ## browser and demo tests
	@$(TOOL).run_tests e2e

chromium: ## install Chromium for the browser tests (Debian, as root; else says which package is missing)
	@sh tools/chromium.sh

demo: compile web ## the whole system on this machine (ARGS= SEED= FAULT= PERIODS=)
	@$(RUN) scripts.demo $(ARGS)

geth: ## build go-ethereum for CHAIN=geth-clique, once (needs Go)
	@$(TOOL).engines geth

deploy: compile $(if $(filter geth-clique,$(CHAIN)),geth) ## deploy the contracts (CHAIN=anvil, ganache or geth-clique, ARGS=)
	@$(RUN) scripts.launch --chain $(CHAIN) $(ARGS)

gas: compile ## gas of the contract calls beside their reach, against the snapshot (ARGS=--write keeps new figures)
	@$(RUN) bench.gas $(ARGS)

bench: compile ## side-by-side measurements (ARGS=)
	@$(RUN) bench $(ARGS)

screenshot: compile web chromium ## screenshots of the web page for the docs (ARGS=)
	@$(RUN) scripts.screenshot $(ARGS)

audit: setup ## slither's findings explained, 200 wrong lines noticed by tests (SEED= draws others, LONG=1 all and resumes)
	@LONG='$(LONG)' SEED='$(SEED)' $(VENV)/python -m tools.audit $(ARGS)

fuzz: compile ## random inputs, invariants (tried with planted wrong lines), 10,000 steps against the model (SEED= STEPS= LONG=1)
	@LONG='$(LONG)' SEED='$(SEED)' STEPS='$(STEPS)' $(VENV)/python -m tools.fuzz

symbolic: setup ## prove the money rules with Halmos, and that wrong lines are found (LONG=1 without time limit, ARGS=)
	@LONG='$(LONG)' $(VENV)/python -m tools.symbolic $(ARGS)

lint: setup ## all linters and type checkers, no tests
	@$(TOOL).run_tests lint

format: setup ## format Python and Solidity
	@$(VENV)/ruff check -q --fix-only . && $(VENV)/ruff format -q .
	@if [ -d contracts ]; then tools/bin/forge fmt; fi

lock: setup ## resolve the dependencies anew into requirements-dev.txt and package-lock.json
	@$(TOOL).lock

clean: ## remove what was built, keep what was installed
	@rm -rf build out .cache/forge .cache/mypy .cache/pytest .cache/ruff .cache/brownie* .cache/logs \
		.cache/stamps/abi .cache/stamps/brownie .cache/stamps/web web/dist api/static

distclean: clean ## remove what was installed as well
	@rm -rf .venv node_modules .cache tools/bin/forge tools/bin/anvil tools/bin/cast *.egg-info
