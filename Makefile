# SPDX-License-Identifier: MIT
# The front door. What builds is meson and ninja, in $(BUILD).
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
KERNEL ?= all
# For tests/run, the benchmarks and the fuzzers: make test ARGS='--only unit'
ARGS ?=

# The newest kernel's linux/bpf.h, and its name in vm/kernels: make headers
HEADER ?= /usr/include/linux/bpf.h
NEWEST ?= 7.2

.DEFAULT_GOAL := build
.PHONY: build run test test-vm bench check fuzz headers install clean help

build:
	@scripts/deps build
	@scripts/build $(BUILD)

# Installs what is missing, builds, compiles an example and runs it, traces a command.
run: build
	@scripts/demo $(BUILD)

test:
	@scripts/deps build vm test
	@tests/run --build $(BUILD) $(ARGS)

test-vm:
	@scripts/deps build vm test
	@tests/run --build $(BUILD) --kernel $(KERNEL) $(ARGS)

bench:
	@scripts/deps build bench
	@scripts/build $(BUILD) bench
	@bench/run.py $(BUILD) $(ARGS)

check: build
	@scripts/deps check
	@scripts/check $(BUILD)

fuzz:
	@scripts/deps build fuzz
	@scripts/fuzz $(BUILD) $(ARGS)

headers:
	@scripts/headers '$(HEADER)' '$(NEWEST)'

install:
	@scripts/deps build
	@scripts/build $(BUILD) install '$(PREFIX)' '$(DESTDIR)'

clean:
	rm -rf $(BUILD)

help:
	@echo 'make            build libskep and the command, into $(BUILD)/'
	@echo 'make run        install what is missing, build, run an example, trace a command'
	@echo 'make test       all tests, in all variants; ARGS="--help" lists what can be chosen'
	@echo 'make test-vm    kernel tests in virtual machines; KERNEL=6.12, a list or all'
	@echo 'make bench      compare with libbpf and strace'
	@echo 'make check      format, lint, docs/features.md; seconds, before each commit'
	@echo 'make fuzz       every fuzz target for a while; ARGS="-t SECONDS TARGET..."'
	@echo 'make headers    make include/skep/bpf/*_gen.h of a newer kernel: HEADER=linux/bpf.h NEWEST=7.2'
	@echo 'make install    PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)'
	@echo 'make clean      remove $(BUILD)/; downloads stay in the cache'
