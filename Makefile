# Tributary. `make help` lists the targets.

SWIFT ?= swift
SOURCES := Sources Tests Benchmarks Package.swift
RELEASE := -c release --static-swift-stdlib
# How many tests run in parallel. Scenarios with several programs need a share of a small machine.
TEST_WIDTH ?= 8
# How long each reader is fuzzed.
FUZZ_SECONDS ?= 60
# The tests of the libraries that work with several tasks. CONCURRENT=ScenarioTests looks at whole operators.
CONCURRENT ?= ^(KubeClient|KubeRuntime|Observability|ConfigReload|WriteRelay|ClientIdentity|LocalCluster|StatusPage|HashringController|Operator)Tests\.

# Tests that start the program as it is installed.
INSTALLED := ^ScenarioTests\..*(RunningExample|Disturbance|Restart|ExposedMetrics)

RUN_TESTS = SWIFT=$(SWIFT) SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(TEST_WIDTH) .ci/test

.DEFAULT_GOAL := help
.PHONY: help deps swift build test test-release test-tsan test-asan fuzz demo playground image push test-image test-node bench soak format lint layers crds tools clean

help: ## Lists the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: swift ## Checks for the libraries and tools that are needed, and installs missing ones if it has the permission.
	@.ci/deps

swift:
	@command -v $(SWIFT) >/dev/null || { echo "swift not found: install Swift 6.2 or later (swift.org/install) and put its usr/bin folder on PATH, or set SWIFT" >&2; exit 1; }

build: deps ## Builds .build/release/tributary, which runs on machines without Swift.
	$(SWIFT) build $(RELEASE) --product tributary

test: deps ## Builds and runs all tests.
	$(SWIFT) build --build-tests
	@$(RUN_TESTS)

test-release: build ## Runs the tests that start the program with the optimized one, which is what is installed.
	$(SWIFT) build --build-tests
	@TRIBUTARY_BIN=$(CURDIR)/.build/release/tributary $(RUN_TESTS) --filter '$(INSTALLED)'

test-tsan: deps ## Runs the tests of everything concurrent with the thread sanitizer.
	$(SWIFT) build --build-tests --sanitize thread --scratch-path .build-tsan
	@TSAN_OPTIONS=suppressions=$(CURDIR)/.ci/tsan-suppressions $(RUN_TESTS) \
		--sanitize thread --scratch-path .build-tsan --filter '$(CONCURRENT)'

test-asan: deps ## Runs all tests with the address sanitizer.
	$(SWIFT) build --build-tests --sanitize address --scratch-path .build-asan
	@# Freed memory stays in quarantine, so the tests that measure memory cannot pass; Swift keeps metadata for ever.
	@ASAN_OPTIONS=detect_leaks=0 $(RUN_TESTS) --sanitize address --scratch-path .build-asan --skip 'LeakTests'

fuzz: deps ## Fuzzes every reader of what comes from outside, each for FUZZ_SECONDS (60), or with FUZZ_RUNS inputs.
	@FUZZ_SECONDS=$(FUZZ_SECONDS) FUZZ_RUNS=$(FUZZ_RUNS) SWIFT=$(SWIFT) .ci/fuzz

demo: build ## Runs the demo with a small API server on this machine.
	@.build/release/tributary demo

playground: build ## Starts a small API server and the operator on this machine, to try things with kubectl.
	@.build/release/tributary local --operator -f examples/thanos

image: build ## Makes the image of the operator as an OCI archive, without a registry, a daemon or root.
	@.ci/image .build/release/tributary "$$(.ci/release archive)"

push: ## Copies the image into a registry by skopeo: IMAGE=registry.example/tributary:0.1.0.
	@skopeo copy "oci-archive:$$(.ci/release archive)" "docker://$${IMAGE:?is not set: IMAGE=registry.example/tributary:$$(.ci/release version)}"

test-image: image ## Checks the image, and runs it by runc or crun.
	@.ci/image-test .build/release/tributary "$$(.ci/release archive)"

test-node: ## Installs the image on a real node, where TRIBUTARY_NODE names a folder with kubelet and its peers.
	@.ci/node-test

bench: build ## Runs all benchmarks, or some: BENCH="latency agent" (see Benchmarks/README.md).
	$(SWIFT) build $(RELEASE) --product Benchmarks
	.build/release/Benchmarks $(BENCH)

soak: build ## Runs an hour of the operator's life in four minutes, and fails if anything grows.
	$(SWIFT) build $(RELEASE) --product Benchmarks
	.build/release/Benchmarks soak

format: swift ## Formats all Swift files.
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

lint: swift ## Checks the format of all Swift files.
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

layers: deps ## Checks that arrows between folders point downward.
	@.ci/layers

crds: deps ## Generates crds/ and docs/api/ from the Swift types.
	$(SWIFT) run tributary crds --output crds --docs docs/api

tools: ## Fetches newer versions of Prometheus into .tools, for the tests that run them.
	@.ci/tools

clean: ## Removes everything that was built, but keeps fetched tools.
	rm -rf .build .build-tsan .build-asan .build-fuzz
