# `make` lists what there is. Every target installs the system packages it needs.
.DEFAULT_GOAL := help
.PHONY: help demo test benchmark format packages clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: packages ## log in to a real PostgreSQL with a token, step by step
	@bash Tests/Demo/demo.sh

test: packages ## check the format, build everything, run every test
	@bash Tests/all.sh

benchmark: packages ## measure what logins cost, beside what else does the same
	@bash Tests/Benchmarks/run.sh
	@bash Tests/Benchmarks/run.sh tool

format: ## bring the sources into the project's format
	swift format --in-place --recursive --parallel Package.swift Sources Tests

packages: ## install the system packages that are missing
	@bash Tests/packages.sh

clean: ## remove what was built
	rm -rf .build Tests/Leaks/.build Tests/Benchmarks/.build Tests/Linkage/*/.build Tests/Linkage/*/Package.resolved
