# Every verb a developer or a machine needs; `make help` lists them. Each works from a fresh clone, as root, on Debian 12.

SHELL     := /bin/bash
BIN       := out/bin
PREFIX    ?= /usr/local
DESTDIR   ?=
PEER      ?=
# Quiet, the same on every machine, and no build server that outlives the build when a machine runs it.
export DOTNET_NOLOGO = 1
export DOTNET_CLI_TELEMETRY_OPTOUT = 1
export DOTNET_SKIP_FIRST_TIME_EXPERIENCE = 1

SOURCES := $(shell find cli libs protos services deploy/layout Directory.Build.props Directory.Packages.props global.json \
	deploy/executables.proj \( -name '*.cs' -o -name '*.csproj' -o -name '*.proto' -o -name '*.props' -o -name '*.proj' -o -name '*.json' -o -name '*.order' \) -not -path '*/obj/*' -not -path '*/bin/*')

.DEFAULT_GOAL := help
.PHONY: help deps test-deps build demo test test-vm bench bench-registry lint format install uninstall clean

help: ## List the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

deps: ## Install what is missing: a linker, zlib's headers, busybox, libseccomp (Debian packages, root)
	@deploy/install-deps.sh

test-deps:
	@deploy/install-deps.sh --tests

build: $(BIN)/.built ## Publish the executables to out/bin as native code
	@:

# One MSBuild session for all: what they share is compiled once, and its own incremental build skips what did not change.
$(BIN)/.built: $(SOURCES)
	@mkdir -p $(BIN)
	@echo "publishing the executables to $(BIN) (minutes when cold, seconds after)"
	@dotnet build deploy/executables.proj --nologo -v q -clp:NoSummary
	@touch $@

demo: deps build ## From nothing to a running container, step by step, and nothing left behind
	@deploy/demo.sh

test: test-deps build ## Run every test: unit, contract, architecture, root, e2e, vm
	@tests/run

test-vm: test-deps build ## Run the tests that need another kernel (cgroup v2, device mapper) in a virtual machine
	@tests/run vm

bench: deps build ## Measure pods, containers, exec and pull; PEER=containerd runs Debian's beside it; bench-registry: the registry
	@tests/bench/run $(PEER)

# The registry beside Debian's docker-registry; LARGE is a blob of so many GiB that passes through at the end.
LARGE ?= 10
bench-registry: deps build
	@tests/bench/run registry --large $(LARGE)

lint: ## Say what `make format` would change
	@dotnet format Suite.sln --verify-no-changes --severity warn

format: ## Bring the sources into the style of .editorconfig
	@dotnet format Suite.sln --severity warn

install: build ## Install to PREFIX (/usr/local), with systemd units and configuration
	@DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" deploy/install.sh

uninstall: ## Remove what `make install` installed; state in /var/lib/suite stays
	@DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" deploy/install.sh --remove

clean: ## Remove everything that was built
	rm -rf out
