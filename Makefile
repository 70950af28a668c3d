# Every command sets up what it needs; `make` alone lists them.
.PHONY: help setup demo test soak web dist install bench yardstick doc fmt clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: ## find or fetch HiGHS, tell cargo where it is (done by all the others)
	@sh scripts/setup.sh

demo: setup ## build the command and ask: what if node A of a two-node device fails?
	@sh scripts/demo.sh

test: setup ## format, lints, tests, wasm, browser, Python, documentation: what CI runs
	@sh scripts/test.sh

soak: setup ## property tests and fuzzers for SOAK=10 minutes, for the night and before a release
	@sh scripts/soak.sh

web: setup ## the browser page: web/dist, shown on loopback (needs Node 20.19+)
	@sh scripts/web.sh serve

dist: setup ## dist/podfit: one stripped file with HiGHS inside (built from source, 10 to 15 minutes)
	@sh scripts/dist.sh

install: setup ## cargo install the command podfit (it keeps using the HiGHS found by setup)
	@sh scripts/cargo.sh install --locked --path crates/podfit-cli

bench: setup ## criterion benches (ARGS=what-if: those alone)
	@sh scripts/cargo.sh bench --locked -p podfit-benches -- $(ARGS)

yardstick: setup ## public suites, podfit beside its peers (PODFIT_DATA; ARGS="--suites cloud-balancing --limits 10")
	@sh scripts/yardstick.sh $(ARGS)

doc: setup ## the documentation of the crates, in target/doc
	@sh scripts/cargo.sh doc --workspace --lib --no-deps --locked

fmt: ## format the code
	@cargo fmt --all

clean: ## forget the build, the fetched HiGHS and the settings of setup
	@sh scripts/clean.sh
