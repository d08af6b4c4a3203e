// SPDX-License-Identifier: MIT
/* The skeleton of any object that can be read is written, or refused, and no longer than its BTF.
 */
#include <skep/spec.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "package/skeleton.h"

/* All bytes of a file are written alike. */
#define MAX_BYTES 512

static void write_skeleton(const struct skep_spec *spec, const uint8_t *data, size_t len,
			   const struct skep_skeleton_opts *opts)
{
	struct skep_error err = { 0 };
	struct skep_text out = { 0 };

	if (skep_skeleton_write(spec, data, len < MAX_BYTES ? len : MAX_BYTES, opts, &out, &err))
		FUZZ_ASSERT(err.code);
	else
		FUZZ_ASSERT(out.len > 6 && !memcmp(out.data + out.len - 7, "#endif\n", 7));
	for (size_t i = 0; i < out.len; i++)
		FUZZ_ASSERT(out.data[i] == '\n' || out.data[i] == '\t' ||
			    (out.data[i] >= ' ' && out.data[i] <= '~'));
	skep_text_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct skep_skeleton_opts own = { .name = "own" },
					view = { .name = "view", .view = true },
					types = { .name = "types", .types = "types.h" };
	struct skep_error err = { 0 };
	struct skep_spec *spec = skep_spec_read(data, len, NULL, &err);

	if (!spec)
		return 0;
	write_skeleton(spec, data, len, &own);
	write_skeleton(spec, data, len, &view);
	write_skeleton(spec, data, len, &types);
	skep_spec_free(spec);
	return 0;
}
