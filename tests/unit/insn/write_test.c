// SPDX-License-Identifier: MIT
/* Every instruction as the kernel's verifier writes it. */
#include "test.h"

#include <skep/insn.h>

#define INSN(code_, dst, src, off_, imm_)                                                         \
	{                                                                                         \
		.code = (code_), .dst_reg = (dst), .src_reg = (src), .off = (off_), .imm = (imm_) \
	}

struct sample {
	struct bpf_insn insn;
	const char *text;
};

static const struct sample samples[] = {
	/* arithmetic of 64 and 32 bits, with a number and a register */
	{ INSN(0x07, 1, 0, 0, -5), "(07) r1 += -5" },
	{ INSN(0x0f, 1, 2, 0, 0), "(0f) r1 += r2" },
	{ INSN(0x04, 1, 0, 0, 5), "(04) w1 += 5" },
	{ INSN(0x0c, 1, 2, 0, 0), "(0c) w1 += w2" },
	{ INSN(0x17, 1, 0, 0, 1), "(17) r1 -= 1" },
	{ INSN(0x27, 1, 0, 0, 1), "(27) r1 *= 1" },
	{ INSN(0x37, 1, 0, 0, 3), "(37) r1 /= 3" },
	{ INSN(0x37, 1, 0, 1, 3), "(37) r1 s/= 3" },
	{ INSN(0x3c, 1, 4, 1, 0), "(3c) w1 s/= w4" },
	{ INSN(0x47, 1, 0, 0, 1), "(47) r1 |= 1" },
	{ INSN(0x57, 1, 0, 0, 255), "(57) r1 &= 255" },
	{ INSN(0x67, 1, 0, 0, 32), "(67) r1 <<= 32" },
	{ INSN(0x77, 1, 0, 0, 32), "(77) r1 >>= 32" },
	{ INSN(0x84, 3, 0, 0, 0), "(84) w3 = -w3" },
	{ INSN(0x87, 3, 0, 0, 0), "(87) r3 = -r3" },
	{ INSN(0x97, 1, 0, 0, 7), "(97) r1 %= 7" },
	{ INSN(0x9f, 1, 2, 1, 0), "(9f) r1 s%= r2" },
	{ INSN(0xa7, 1, 0, 0, 7), "(a7) r1 ^= 7" },
	{ INSN(0xb7, 0, 0, 0, 1), "(b7) r0 = 1" },
	{ INSN(0xb4, 0, 0, 0, -1), "(b4) w0 = -1" },
	{ INSN(0xbf, 10, 1, 0, 0), "(bf) r10 = r1" },
	{ INSN(0xbc, 0, 1, 0, 0), "(bc) w0 = w1" },
	{ INSN(0xc7, 1, 0, 0, 7), "(c7) r1 s>>= 7" },
	/* moves that extend the sign, between address spaces, to this CPU's copy */
	{ INSN(0xbf, 1, 2, 8, 0), "(bf) r1 = (s8)r2" },
	{ INSN(0xbf, 1, 2, 16, 0), "(bf) r1 = (s16)r2" },
	{ INSN(0xbf, 1, 2, 32, 0), "(bf) r1 = (s32)r2" },
	{ INSN(0xbc, 1, 2, 8, 0), "(bc) w1 = (s8)w2" },
	{ INSN(0xbf, 1, 2, 1, 1 << 16), "(bf) r1 = addr_space_cast(r2, 1, 0)" },
	{ INSN(0xbf, 1, 2, 1, 1), "(bf) r1 = addr_space_cast(r2, 0, 1)" },
	{ INSN(0xbf, 0, 0, -1, 0), "(bf) r0 = &(void __percpu *)(r0)" },
	/* byte order */
	{ INSN(0xd4, 1, 0, 0, 16), "(d4) r1 = le16 r1" },
	{ INSN(0xdc, 1, 0, 0, 64), "(dc) r1 = be64 r1" },
	{ INSN(0xd7, 1, 0, 0, 32), "(d7) r1 = bswap32 r1" },
	/* memory */
	{ INSN(0x61, 1, 6, 4, 0), "(61) r1 = *(u32 *)(r6 +4)" },
	{ INSN(0x69, 1, 6, -2, 0), "(69) r1 = *(u16 *)(r6 -2)" },
	{ INSN(0x71, 1, 6, 0, 0), "(71) r1 = *(u8 *)(r6 +0)" },
	{ INSN(0x79, 1, 10, -8, 0), "(79) r1 = *(u64 *)(r10 -8)" },
	{ INSN(0x81, 1, 6, 4, 0), "(81) r1 = *(s32 *)(r6 +4)" },
	{ INSN(0x89, 1, 6, 4, 0), "(89) r1 = *(s16 *)(r6 +4)" },
	{ INSN(0x91, 1, 6, 4, 0), "(91) r1 = *(s8 *)(r6 +4)" },
	{ INSN(0x62, 10, 0, -4, 7), "(62) *(u32 *)(r10 -4) = 7" },
	{ INSN(0x7a, 10, 0, -8, -1), "(7a) *(u64 *)(r10 -8) = -1" },
	{ INSN(0x63, 10, 1, -4, 0), "(63) *(u32 *)(r10 -4) = r1" },
	{ INSN(0x73, 1, 2, 1, 0), "(73) *(u8 *)(r1 +1) = r2" },
	{ INSN(0xc2, 0, 0, 0, 0), "(c2) nospec" },
	/* atomic operations */
	{ INSN(0xc3, 1, 2, 4, 0x00), "(c3) lock *(u32 *)(r1 +4) += r2" },
	{ INSN(0xdb, 1, 2, 0, 0x00), "(db) lock *(u64 *)(r1 +0) += r2" },
	{ INSN(0xdb, 1, 2, 0, 0x50), "(db) lock *(u64 *)(r1 +0) &= r2" },
	{ INSN(0xdb, 1, 2, 0, 0x40), "(db) lock *(u64 *)(r1 +0) |= r2" },
	{ INSN(0xdb, 1, 2, 0, 0xa0), "(db) lock *(u64 *)(r1 +0) ^= r2" },
	{ INSN(0xdb, 1, 2, -8, 0x01), "(db) r2 = atomic64_add((u64 *)(r1 -8), r2)" },
	{ INSN(0xc3, 1, 2, 0, 0x51), "(c3) r2 = atomic_and((u32 *)(r1 +0), r2)" },
	{ INSN(0xc3, 1, 2, 0, 0x41), "(c3) r2 = atomic_or((u32 *)(r1 +0), r2)" },
	{ INSN(0xc3, 1, 2, 0, 0xa1), "(c3) r2 = atomic_xor((u32 *)(r1 +0), r2)" },
	{ INSN(0xdb, 1, 2, 0, 0xe1), "(db) r2 = atomic64_xchg((u64 *)(r1 +0), r2)" },
	{ INSN(0xdb, 1, 2, 0, 0xf1), "(db) r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r2)" },
	{ INSN(0xd3, 1, 2, 6, 0x100), "(d3) r1 = load_acquire((u8 *)(r2 +6))" },
	{ INSN(0xcb, 1, 2, 6, 0x110), "(cb) store_release((u16 *)(r1 +6), r2)" },
	/* packets, the old way */
	{ INSN(0x28, 0, 0, 0, 12), "(28) r0 = *(u16 *)skb[12]" },
	{ INSN(0x50, 0, 3, 0, 2), "(50) r0 = *(u8 *)skb[r3 + 2]" },
	/* jumps */
	{ INSN(0x05, 0, 0, 7, 0), "(05) goto pc+7" },
	{ INSN(0x05, 0, 0, -3, 0), "(05) goto pc-3" },
	{ INSN(0x06, 0, 0, 0, 70000), "(06) gotol pc+70000" },
	{ INSN(0x0d, 4, 0, 0, 0), "(0d) gotox r4" },
	{ INSN(0xe5, 0, 0, 2, 0), "(e5) may_goto pc+2" },
	{ INSN(0x15, 1, 0, 3, 0), "(15) if r1 == 0x0 goto pc+3" },
	{ INSN(0x1d, 1, 2, 3, 0), "(1d) if r1 == r2 goto pc+3" },
	{ INSN(0x16, 1, 0, 3, -1), "(16) if w1 == 0xffffffff goto pc+3" },
	{ INSN(0x1e, 1, 2, -3, 0), "(1e) if w1 == w2 goto pc-3" },
	{ INSN(0x25, 1, 0, 1, 9), "(25) if r1 > 0x9 goto pc+1" },
	{ INSN(0x35, 1, 0, 1, 9), "(35) if r1 >= 0x9 goto pc+1" },
	{ INSN(0x45, 1, 0, 1, 9), "(45) if r1 & 0x9 goto pc+1" },
	{ INSN(0x55, 1, 0, 1, 9), "(55) if r1 != 0x9 goto pc+1" },
	{ INSN(0x65, 1, 0, 1, 9), "(65) if r1 s> 0x9 goto pc+1" },
	{ INSN(0x75, 1, 0, 1, 9), "(75) if r1 s>= 0x9 goto pc+1" },
	{ INSN(0xa5, 1, 0, 1, 9), "(a5) if r1 < 0x9 goto pc+1" },
	{ INSN(0xb5, 1, 0, 1, 9), "(b5) if r1 <= 0x9 goto pc+1" },
	{ INSN(0xc5, 1, 0, 1, 9), "(c5) if r1 s< 0x9 goto pc+1" },
	{ INSN(0xd6, 1, 0, 1, 9), "(d6) if w1 s<= 0x9 goto pc+1" },
	{ INSN(0x95, 0, 0, 0, 0), "(95) exit" },
	/* calls */
	{ INSN(0x85, 0, 0, 0, 1), "(85) call bpf_map_lookup_elem#1" },
	{ INSN(0x85, 0, 0, 0, 99999), "(85) call unknown#99999" },
	{ INSN(0x85, 0, 1, 0, 12), "(85) call pc+12" },
	{ INSN(0x85, 0, 2, 0, 345), "(85) call kernel-function#345" },
	/* what is none */
	{ INSN(0xef, 1, 2, 3, 4), "(ef) unknown 21 0003 00000004" },
	{ INSN(0x8d, 0, 0, 0, 0), "(8d) unknown 00 0000 00000000" },
	{ INSN(0xdb, 1, 2, 0, 0x77), "(db) unknown 21 0000 00000077" },
	{ INSN(0xe5, 0, 1, 2, 0), "(e5) unknown 10 0002 00000000" },
};

static const char *text_of(const struct bpf_insn *insns, size_t n,
			   const struct skep_insn_opts *opts, size_t slots)
{
	static char line[256];
	struct skep_text text = { 0 };

	assert_int_equal(skep_insn_write(insns, n, 0, opts, &text), slots);
	assert_int_equal(skep_insn_slots(insns, n, 0), slots);
	snprintf(line, sizeof(line), "%s", skep_text_string(&text));
	skep_text_free(&text);
	return line;
}

static void instructions_are_written_as_the_verifier_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		assert_string_equal(text_of(&samples[i].insn, 1, NULL, 1), samples[i].text);
}

/* Every code has a text, and only those without a meaning are unknown. */
static void every_code_is_known_or_said_to_be_unknown(void **state)
{
	size_t known = 0;

	(void)state;
	for (int code = 0; code < 256; code++) {
		const struct bpf_insn insn = { .code = (uint8_t)code };
		const char *text = text_of(&insn, 1, NULL, 1);

		assert_true(strlen(text) > 5 && !strstr(text, "(null)"));
		known += !strstr(text, "unknown");
	}
	/*
	 * 14 operations on 64 and 32 bits by number and register (not of byte order: 4), 12 loads,
	 * stores and barriers, atomics of four sizes, jumps
	 */
	assert_true(known > 130 && known < 190);
}

static void loads_of_64_bits_take_two_slots(void **state)
{
	struct bpf_insn pair[2] = { INSN(0x18, 1, 0, 0, 0x55667788), INSN(0, 0, 0, 0, 0x11223344) };

	(void)state;
	assert_string_equal(text_of(pair, 2, NULL, 2), "(18) r1 = 0x1122334455667788");
	assert_string_equal(text_of(pair, 1, NULL, 1), "(18) unknown 01 0000 55667788");
	pair[0].src_reg = BPF_PSEUDO_MAP_FD;
	assert_string_equal(text_of(pair, 2, NULL, 2), "(18) r1 = map[id:1432778632]");
	pair[0].src_reg = BPF_PSEUDO_MAP_VALUE;
	pair[0].imm = 7;
	pair[1].imm = 16;
	assert_string_equal(text_of(pair, 2, NULL, 2), "(18) r1 = map[id:7][0]+16");
	pair[0].src_reg = 4;
	assert_string_equal(text_of(pair, 2, NULL, 2), "(18) r1 = subprog[+7]");
	assert_int_equal(skep_insn_write(pair, 2, 2, NULL, NULL), 0);
	assert_int_equal(skep_insn_slots(NULL, 2, 0), 0);
}

static bool name_calls(void *ctx, const struct bpf_insn *insns, size_t index, struct skep_text *out)
{
	if (insns[index].code != 0x85)
		return false;
	skep_text_str(out, ctx);
	return true;
}

static void what_is_called_can_be_named(void **state)
{
	char name[] = "counts_packets";
	const struct skep_insn_opts opts = { .size = sizeof(opts),
					     .name = name_calls,
					     .ctx = name };
	struct bpf_insn pair[2] = { INSN(0x85, 0, 1, 0, 5) };

	(void)state;
	assert_string_equal(text_of(pair, 1, &opts, 1), "(85) call counts_packets");
	pair[0] = (struct bpf_insn)INSN(0x18, 1, 0, 0, 1);
	assert_string_equal(text_of(pair, 2, &opts, 2), "(18) r1 = 0x1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instructions_are_written_as_the_verifier_does),
		cmocka_unit_test(every_code_is_known_or_said_to_be_unknown),
		cmocka_unit_test(loads_of_64_bits_take_two_slots),
		cmocka_unit_test(what_is_called_can_be_named),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
