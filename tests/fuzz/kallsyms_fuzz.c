// SPDX-License-Identifier: MIT
/* Any bytes as the kernel's list of symbols: read to the end, or refused. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/glob.h"
#include "fuzz/fuzz.h"
#include "kernel/kallsyms.h"

#define MAX_NAME 256 /* a pattern of stars takes its length times the text's */

static int look(const struct skep_kallsym *symbol, void *context)
{
	size_t *n = context;

	FUZZ_ASSERT(*symbol->name && (!symbol->module || strlen(symbol->module) < 65536));
	*n += skep_glob_matches("*a?b*", symbol->name);
	/* Whatever stands in a name, as a pattern it matches itself. */
	FUZZ_ASSERT(strlen(symbol->name) > MAX_NAME ||
		    skep_glob_matches(symbol->name, symbol->name));
	return 0;
}

static void read_symbols(const char *before, const uint8_t *data, size_t len)
{
	struct skep_kallsyms_query queries[] = { { .name = "a" }, { .name = "bpf_map_put" } };
	int fd = memfd_create("kallsyms", MFD_CLOEXEC);
	struct skep_error err = { 0 };
	size_t n = 0;
	int ret;

	FUZZ_ASSERT(fd >= 0 && write(fd, before, strlen(before)) == (ssize_t)strlen(before) &&
		    write(fd, data, len) == (ssize_t)len);
	lseek(fd, 0, SEEK_SET);
	ret = skep_kallsyms_walk(fd, look, &n, &err);
	FUZZ_ASSERT(!ret || ret == -err.code);
	lseek(fd, 0, SEEK_SET);
	skep_kallsyms_look_up(fd, queries, 2, &err);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	read_symbols("", data, len);
	/* Most bytes begin no symbol; behind this they are names and modules. */
	read_symbols("0 T ", data, len);
	read_symbols("ffffffffc0000000 t a\t[", data, len);
	return 0;
}
