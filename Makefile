# Everything a developer types. `make` alone says what there is.
CONTROLLER_GEN = go run sigs.k8s.io/controller-tools/cmd/controller-gen@v0.21.0
GOLANGCI_LINT  = go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME      ?= 5s
GENERATED      = api docs/policies docs/pocdr.md docs/summary.md webhook/manifests

export CGO_ENABLED = 0

.PHONY: help
help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

.PHONY: build
build: ## build bin/pocdr
	go build -trimpath -o bin/pocdr ./cmd/pocdr

.PHONY: demo
demo: build ## show the maturity chart of the example
	@bin/pocdr maturity examples/payments

.PHONY: test
test: controlplane ## run all tests
	CONTROLPLANE=required go test -timeout 30m ./...

.PHONY: controlplane
controlplane: ## build the API server that tests run: once a machine, into the user's cache
	@testdata/controlplane/build.sh >/dev/null

.PHONY: faults
faults: controlplane ## do to the webhook what befalls servers, under load, while a real API server asks it
	FAULTS=yes CONTROLPLANE=required go test ./cmd/pocdr -run '^TestFaults$$' -count=1

PARITY ?= 5
.PHONY: parity
parity: controlplane ## ask all entrances about more changes: PARITY times as many as a test does
	PARITY=$(PARITY) CONTROLPLANE=required go test ./cmd/pocdr -run '^TestParity$$' -count=1 -timeout 1h -v

.PHONY: race
race: ## run the tests of what serves many at once under the race detector; needs a C compiler
	CGO_ENABLED=1 go test -race ./webhook/...

.PHONY: check
check: generated lint ## what must hold beside the tests: formatting, lint, generated files
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w on these files"; exit 1; }
	go vet ./...

.PHONY: lint
lint: ## run the linter
	$(GOLANGCI_LINT) run ./...

.PHONY: generate
generate: ## make generated files anew; the CRDs first, since policies are checked against them
	$(CONTROLLER_GEN) object crd paths=./api/... output:crd:dir=api/v1alpha1/crds
	$(MAKE) docs

.PHONY: docs
docs: build ## make anew what follows from the policies: the reference of checks, what other pages take from it, the webhook's manifests
	bin/pocdr docs docs/policies --into docs/pocdr.md --into docs/summary.md
	bin/pocdr manifests webhook/manifests

.PHONY: generated
generated: generate ## fail where a generated file is stale
	@git diff --exit-code -- $(GENERATED) && test -z "$$(git status --porcelain -- $(GENERATED))" || { echo "generated files are stale: commit what 'make generate' made"; exit 1; }

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME
	@set -e; for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "== $$package $$target"; go test $$package -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x; \
		done; done

.PHONY: bench
bench: build controlplane ## measure reading, facts, judging, serving and the whole, with a reference in the same run
	GOBIN=$(CURDIR)/bin go install github.com/open-policy-agent/conftest@v0.71.1
	GOBIN=$(CURDIR)/bin go install github.com/open-policy-agent/opa@v1.22.2
	go test ./... -run '^$$' -bench . -benchmem
	READY=10000 go test ./cmd/pocdr -run '^TestReady$$' -count=1 -v | grep ready_test.go
	go run ./bench
