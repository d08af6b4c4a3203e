// SPDX-License-Identifier: MIT
/* Any bytes as an object to be linked, alone and twice: refused, or linked into what can be read.
 */
#include <skep/linker.h>
#include <stdlib.h>

#include "fuzz/fuzz.h"

static void link(const uint8_t *data, size_t len, int times)
{
	struct skep_linker *linker = skep_linker_new(NULL);
	struct skep_text out = { 0 }, again = { 0 };
	struct skep_error err = { 0 };
	int ret = 0;

	for (int i = 0; i < times && !ret; i++)
		ret = skep_linker_add(linker, data, len, "input", &err);
	ret = ret ? ret : skep_linker_finish(linker, &out, &err);
	FUZZ_ASSERT(!ret == !err.code);
	FUZZ_ASSERT(!ret || !out.len);
	skep_linker_free(linker);
	if (!ret) {
		linker = skep_linker_new(NULL);
		FUZZ_ASSERT(!skep_linker_add(linker, out.data, out.len, "linked", &err));
		skep_linker_finish(linker, &again, NULL);
		skep_linker_free(linker);
	}
	skep_text_free(&out);
	skep_text_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	link(data, len, 1);
	link(data, len, 2);
	return 0;
}
