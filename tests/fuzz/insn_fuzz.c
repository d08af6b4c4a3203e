// SPDX-License-Identifier: MIT
/* Any bytes as instructions: each has a text, and all are in some block. */
#include <skep/insn.h>
#include <string.h>

#include "fuzz/fuzz.h"

#define MAX_INSNS 96 /* so that an input takes microseconds */

static void check_flow(const struct bpf_insn *insns, size_t n)
{
	struct skep_insn_flow *flow = skep_insn_flow_new(insns, n, NULL);
	uint32_t at = 0;

	FUZZ_ASSERT(flow && flow->n && flow->blocks[0].begins_function);
	for (size_t i = 0; i < flow->n; i++) {
		FUZZ_ASSERT(flow->blocks[i].first == at && flow->blocks[i].n);
		FUZZ_ASSERT(flow->blocks[i].next < (int64_t)flow->n);
		FUZZ_ASSERT(flow->blocks[i].jump < (int64_t)flow->n);
		at += flow->blocks[i].n;
	}
	FUZZ_ASSERT(at == n);
	skep_insn_flow_free(flow);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t n = len / sizeof(struct bpf_insn);
	struct bpf_insn *insns;
	struct skep_text out = { 0 };

	n = n < MAX_INSNS ? n : MAX_INSNS;
	if (!n)
		return 0;
	/* Aligned, and not a byte more. */
	insns = malloc(n * sizeof(*insns));
	FUZZ_ASSERT(insns);
	memcpy(insns, data, n * sizeof(*insns));
	for (size_t i = 0; i < n;) {
		size_t before = out.len, slots = skep_insn_write(insns, n, i, NULL, &out);

		FUZZ_ASSERT(slots >= 1 && slots <= 2 && i + slots <= n && out.len > before + 5);
		FUZZ_ASSERT(skep_insn_target(insns, n, i) < (int64_t)n);
		i += slots;
	}
	check_flow(insns, n);
	skep_text_free(&out);
	free(insns);
	return 0;
}
