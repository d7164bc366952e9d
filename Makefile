# Every target does its own set-up. All it needs is Go and a module proxy.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Nested modules: their dependencies never reach users of this one.
MODULES := . pkg/apiservertest/crd test/apiserver test/bench test/codegen test/compat test/differential test/e2e test/faultmatrix test/foreign test/projects test/wire

# A local toolchain is used as it is; go.mod says which version is needed.
GO := go

# demo: embedded is an API server within the program, real the one that is built
# from its sources (the first build takes minutes), kubeconfig the cluster that
# KUBECONFIG names.
SERVER ?= embedded

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: go
go:
	@command -v $(GO) >/dev/null || { echo "make: go is not on PATH: install Go $$(awk '$$1 == "go" { print $$2 }' go.mod) or later, see https://go.dev/doc/install" >&2; exit 1; }

# How the demo comes by a server.
CRONTABS := $(GO) run ./examples/crontabs
RUN_ON_embedded := $(CRONTABS) -in-process
RUN_ON_real := $(GO) run -C test/apiserver ./cmd/apiserver-up -dir "$(CURDIR)" -- $(CRONTABS)
RUN_ON_kubeconfig := env KUBECONFIG="$$KUBECONFIG" $(CRONTABS)

.PHONY: demo
demo: go ## Generate the code for apis/ and use it on an API server (SERVER=embedded, real or kubeconfig)
	@case "$(SERVER)" in \
		embedded|real) ;; \
		kubeconfig) : "$${KUBECONFIG:?is not set: SERVER=kubeconfig runs on the cluster of the file that it names}" ;; \
		*) echo "make: SERVER=$(SERVER) is not known: use embedded, real, or kubeconfig with KUBECONFIG set" >&2; exit 1 ;; \
	esac
	@echo "==> generating the code for apis/ with cmd/kubewright (the first run downloads and compiles: a minute or two)"
	@$(GO) generate ./apis
	@echo "==> running examples/crontabs"
	@$(RUN_ON_$(SERVER))

.PHONY: test
test: go ## Run all tests: unit with the race detector, golden, end to end
	@echo "==> tests of this module, with the race detector (the first run downloads and compiles: some minutes of silence)"
	@$(GO) vet ./...
	@$(GO) test -race ./... | { grep -v 'no test files' || true; }
	@for module in $(filter-out . test/faultmatrix,$(MODULES)); do echo "==> tests of $$module"; (cd $$module && $(GO) vet ./... && $(GO) test -race -timeout 30m ./...); done
	@echo "==> tests of test/faultmatrix (a minute or two)"
	@cd test/faultmatrix && $(GO) vet ./... && $(GO) test -race ./check/... && $(GO) test -race -timeout 30m # which shows the table, as no package is named

.PHONY: generate
generate: go ## Generate all that is generated
	hack/update-codegen.sh

.PHONY: verify
verify: go ## Check that generated code, formatting and go.mod are up to date
	hack/verify-codegen.sh
	@echo "==> gofmt"
	@unformatted=$$(git ls-files -co --exclude-standard '*.go' | grep -v /testdata/ | xargs gofmt -l); \
		if [[ -n "$$unformatted" ]]; then echo "not formatted, run gofmt -w:" >&2; echo "$$unformatted" >&2; exit 1; fi
	@for module in $(MODULES); do echo "==> go mod tidy -diff in $$module"; $(GO) mod -C $$module tidy -diff; done

.PHONY: lint
lint: go ## Run the linters of .golangci.yml
	@echo "==> building golangci-lint (once per version, some minutes)"
	@for module in $(MODULES); do echo "==> lint $$module"; (cd $$module && $(GO) tool -modfile="$(CURDIR)/hack/tools/go.mod" golangci-lint run --config "$(CURDIR)/.golangci.yml" ./...); done

# matrix: how many seeds each case is played with, and soak: how long it lasts.
SEEDS ?= 3
SOAK ?= 20m

.PHONY: matrix
matrix: go ## Play the fault matrix with all kinds of informers, SEEDS seeds, and the cases that take minutes (about half an hour)
	@cd test/faultmatrix && $(GO) test -race -timeout 120m -run '^TestMatrix$$' -kinds=0 -seeds=$(SEEDS) -slow
	@echo "==> a million events, a million objects (without the race detector, and with 12 GB)"
	@cd test/faultmatrix && GOMEMLIMIT=10GiB $(GO) test -count=1 -timeout 60m -run '^TestMatrix$$/^row-39$$/^a-million-' -slow

.PHONY: soak
soak: go ## Put informers under random faults for SOAK, and see that memory and goroutines stay flat
	@cd test/faultmatrix && $(GO) test -count=1 -timeout 0 -v -run '^TestSoak$$' -soak=$(SOAK)

.PHONY: bench
bench: go ## Run the benchmarks, then those side by side with client-go and code-generator (about half an hour)
	$(GO) test -run '^$$' -bench . -benchmem ./pkg/...
	cd test/bench && $(GO) run ./cmd/ratio
	cd test/bench && $(GO) run ./cmd/generators
