# Every command a person or CI needs. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help run build test pilot chaos healing interleavings fuzz mutants test-compose test-contract bench screenshots lint fmt up down

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start everything on this machine with two simulated phones; Ctrl-C stops it; PASSKEY=web.whatsapp.com asks for passkeys
	@tools/run.sh

build: ## compile every service and the simulator
	@tools/check-tools.sh
	cargo build --workspace --bins

test: ## run every test, on SQLite, on a private PostgreSQL and in a real browser
	@tools/check-tools.sh openssl
	@tools/browser-for-tests.sh
	tools/with-postgres.sh tools/run-tests.sh

pilot: ## guide a person with two phones through linking, writing, announcing and linking again; PILOT_TOKEN=…, BY="your name" records it
	@tools/check-tools.sh
	PILOT_BY="$(BY)" cargo run --quiet --package pilot

chaos: ## kill services at random while WAHA misbehaves, and compare phones and rows; SEED=1 KILLS=100, FROM=the round to continue with
	@tools/check-tools.sh
	tools/chaos.sh "$(SEED)" "$(KILLS)" "$(FROM)"

healing: ## fill the volumes of the database and of /tmp, and end the database, under load; as root; ROUNDS=10 SEED=1, ONLY=sqlite runs a part
	@tools/check-tools.sh
	tools/healing.sh "$(SEED)" "$(ROUNDS)" "$(ONLY)"

interleavings: ## hold and release the statements of concurrent store calls in orders drawn from a seed; RUNS=10000 SEED=0
	@tools/check-tools.sh
	INTERLEAVINGS=$(or $(RUNS),10000) INTERLEAVINGS_SEED=$(or $(SEED),0) \
		tools/with-postgres.sh cargo test --workspace --test behaviour -- --nocapture interleavings

fuzz: ## run each fuzz target for some minutes on mutations of its corpus; MINUTES=10 SEED=1, ONLY=webhooks runs a part
	@tools/check-tools.sh
	tools/fuzz.sh "$(MINUTES)" "$(SEED)" "$(ONLY)"

mutants: ## change the rules in one place at a time and check that tests fail; ONLY=windows runs a part, RESUME=1 continues an interrupted run
	@tools/check-tools.sh
	tools/mutants.sh "$(ONLY)" "$(RESUME)"

test-contract: ## send requests drawn from docs/openapi*.json to a running system and check each answer; REQUESTS=20000 SEED=1
	@tools/check-tools.sh
	tools/test-contract.sh "$(REQUESTS)" "$(SEED)"

test-compose: ## start the containers with simulated phones, restart each under load, and check that each message arrived once
	tools/test-compose.sh

bench: ## measure speed and memory, stored in docs/benchmarks.md; ONLY=claim,memory measures a part
	tools/bench.sh $(ONLY)

screenshots: ## take a picture of every page in a real browser; docs/screenshots has those of the README
	@tools/check-tools.sh
	@tools/browser-for-tests.sh
	tools/screenshots.sh

lint: ## check formatting, clippy with warnings denied, shell scripts, links of the documents, and dependencies
	@tools/check-tools.sh
	tools/check-scripts.sh
	tools/check-links.sh
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	tools/supply-chain.sh

fmt: ## format the code
	cargo fmt --all

up: ## start the containers for real phones; writes .env with fresh secrets when there is none
	@tools/up.sh

down: ## stop the containers; the queue and the logins stay on their volumes
	docker compose down
