// SPDX-License-Identifier: MIT
#include "symbol/kernel.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "kernel/file.h"
#include "kernel/kallsyms.h"

#define SECOND 1000000000ll

/* Reading again costs tens of milliseconds: then one percent of the time at most. */
#define BPF_PATIENCE   (60 * SECOND)
#define LEAST_PATIENCE (SECOND)
#define MOST_PATIENCE  (60 * SECOND)

struct reading {
	struct skep_kernel_names *kernel;
	bool has_addresses; /* one that is not 0 was seen */
};

static int add(const struct skep_kallsym *symbol, void *context)
{
	struct reading *reading = context;
	struct skep_kernel_names *kernel = reading->kernel;

	reading->has_addresses |= symbol->address != 0;
	if (!symbol->address || !strchr("tTwW", symbol->type))
		return 0;
	if (!symbol->module) {
		if (!kernel->first || symbol->address < kernel->first)
			kernel->first = symbol->address;
		if (symbol->address > kernel->last)
			kernel->last = symbol->address;
	}
	/* As the kernel itself does when it prints addresses, the first of several is taken. */
	return skep_names_add(&kernel->names, symbol->address, 0, SKEP_NAME_GLOBAL, symbol->name,
			      strlen(symbol->name), symbol->module ?: "");
}

int skep_kernel_names_read(struct skep_kernel_names *kernel, int fd, struct skep_error *err)
{
	struct reading reading = { .kernel = kernel };
	int ret;

	skep_names_free(&kernel->names);
	kernel->first = kernel->last = 0;
	ret = skep_kallsyms_walk(fd, add, &reading, err);
	if (ret == -ENOMEM)
		skep_error_nomem(err, SKEP_STAGE_RESOLVE);
	else if (ret == -E2BIG)
		skep_error_set(err, SKEP_STAGE_RESOLVE, E2BIG, "the kernel has too many symbols");
	else if (!ret && !reading.has_addresses)
		ret = skep_kallsyms_hidden(err);
	if (ret)
		skep_names_free(&kernel->names);
	skep_names_finish(&kernel->names);
	return ret;
}

/*
 * Which modules there are, and where: "veth 49152 0 - Live 0xffffffffc0001000". How many use one
 * changes all the time and is left out.
 */
uint32_t skep_kernel_names_hash_modules(char *text)
{
	uint32_t hash = 0;
	char *line, *state;

	while ((line = strsep(&text, "\n"))) {
		size_t name = strcspn(line, " ");

		state = strstr(line, " Live ");
		hash = hash * 31 + skep_hash_bytes(line, name);
		if (state)
			hash = hash * 31 + skep_hash_bytes(state, strcspn(state, "("));
	}
	return hash;
}

static uint32_t hash_modules(void)
{
	SKEP_SCOPED(skep_scoped_free) char *text = malloc(1 << 18);
	int len = text ? skep_file_read("/proc/modules", text, 1 << 18) : 0;

	return len > 0 ? skep_kernel_names_hash_modules(text) : 0;
}

static int read_again(struct skep_kernel_names *kernel, int64_t now, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_kallsyms_open(err);

	kernel->modules = hash_modules();
	kernel->failed = fd < 0 ? fd : skep_kernel_names_read(kernel, fd, err);
	kernel->read = kernel->checked = now;
	return kernel->failed;
}

static bool modules_changed(struct skep_kernel_names *kernel, int64_t now)
{
	if (now - kernel->checked < SECOND)
		return false;
	kernel->checked = now;
	return hash_modules() != kernel->modules;
}

/* What there is among the addresses: of no name, and of programs. */
static void look_over(const struct skep_kernel_names *kernel, const uint64_t *addresses, size_t n,
		      size_t *unknown, size_t *programs, size_t *outside)
{
	*unknown = *programs = *outside = 0;
	for (size_t i = 0; i < n; i++) {
		const struct skep_name *name;

		if (addresses[i] >= kernel->first && addresses[i] <= kernel->last)
			continue;
		++*outside;
		name = skep_names_find(&kernel->names, addresses[i]);
		*unknown += !name;
		*programs += name && !strcmp(skep_names_module(&kernel->names, name), "bpf");
	}
}

int skep_kernel_names_refresh(struct skep_kernel_names *kernel, const uint64_t *addresses, size_t n,
			      struct skep_error *err)
{
	int64_t now = skep_clock_now(CLOCK_MONOTONIC), age = now - kernel->read;
	size_t unknown, programs, outside;
	int ret = 0;

	if (!kernel->read || (kernel->failed && age > MOST_PATIENCE))
		return read_again(kernel, now, err);
	if (kernel->failed)
		return skep_error_set(err, SKEP_STAGE_RESOLVE, -kernel->failed,
				      "the kernel's symbols could not be read");
	look_over(kernel, addresses, n, &unknown, &programs, &outside);
	if (!outside)
		return 0;
	if (unknown && age > (kernel->patience ?: LEAST_PATIENCE)) {
		ret = read_again(kernel, now, err);
		look_over(kernel, addresses, n, &unknown, &programs, &outside);
		/* Looking for what nobody tells is given up step by step. */
		kernel->patience = !unknown			     ? 0 :
				   kernel->patience < LEAST_PATIENCE ? 2 * LEAST_PATIENCE :
				   kernel->patience < MOST_PATIENCE  ? 2 * kernel->patience :
								       kernel->patience;
		return ret;
	}
	if ((programs && age > BPF_PATIENCE) || modules_changed(kernel, now))
		ret = read_again(kernel, now, err);
	return ret;
}

void skep_kernel_names_free(struct skep_kernel_names *kernel)
{
	skep_names_free(&kernel->names);
}
