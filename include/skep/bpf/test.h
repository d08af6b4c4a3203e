/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/test.h - tests of BPF programs, written beside them and run by `skep test`.
 *
 * A test is itself a BPF program. It sets maps and variables as it wants them, calls the program
 * under test as the function that it is, and looks at what came of it. It runs in the kernel, by
 * BPF_PROG_TEST_RUN, on a freshly loaded object; nothing is attached. Tests are in a file of their
 * own that includes the program's source, so that what is shipped has none of them:
 *
 *	#include "drop.bpf.c"
 *	#include <skep/bpf/test.h>
 *
 *	SKEP_TEST_PACKET(short_packets_are_dropped, struct ethhdr) = { .h_proto = 8 };
 *
 *	SKEP_TEST("xdp", short_packets_are_dropped, struct xdp_md *ctx)
 *	{
 *		EXPECT_EQ(drop(ctx), XDP_DROP);
 *		EXPECT_EQ(dropped, 1);
 *	}
 *
 * The first argument is the section of the program that the test is, which decides what it can be
 * given. Programs of these can be run by hand: xdp, tc, socket, cgroup_skb/ingress, lwt_in,
 * flow_dissector, netfilter, sk_lookup, raw_tp (arguments of 64 bits) and syscall (Linux 5.14). For
 * programs of kprobes, tracepoints and perf events make it "syscall": its context is what
 * SKEP_TEST_CONTEXT says, and helpers for tracing may be called.
 *
 * Without SKEP_TEST_PACKET a test that takes packets gets 64 zero bytes.
 */
#ifndef SKEP_BPF_TEST_H
#define SKEP_BPF_TEST_H

#include <skep/bpf/helpers.h>

/* How `skep test` finds what belongs to a test: by names, and by sections that are not loaded. */
#define SKEP_TEST_INPUT_SECTION	 ".rodata.skep_test"
#define SKEP_TEST_REPORT_SECTION ".bss.skep_test"
#define SKEP_TEST_TAG		 __attribute__((btf_decl_tag("skep_test")))

#define SKEP_TEST_UNUSED __attribute__((unused))

#define SKEP_TEST_MAX_FAILURES 16

struct skep_test_failure {
	__u32 line;
	__u32 is_signed; /* bit 0: left, bit 1: right; bit 2: it has no values */
	__u64 left, right;
};

/* What a test found, read by `skep test`. */
struct skep_test_report {
	__u32 n_failures; /* more than fit are counted only */
	__u32 n_checks;
	__u32 record; /* the number of the record that is looked at, from 0 */
	__u32 spare_;
	struct skep_test_failure failures[SKEP_TEST_MAX_FAILURES];
};

struct skep_test_report skep_test_report SEC(SKEP_TEST_REPORT_SECTION);

/* The packet (const, of any type) and the context that a test is run with. */
#define SKEP_TEST_PACKET(test, type) \
	const __typeof__(type) test##__packet SEC(SKEP_TEST_INPUT_SECTION)
#define SKEP_TEST_CONTEXT(test, type) \
	const __typeof__(type) test##__context SEC(SKEP_TEST_INPUT_SECTION)

/* A test: SKEP_TEST(section, name, type *ctx) { ... } */
#define SKEP_TEST(section, name, context)                                   \
	static __always_inline void name##__body(context SKEP_TEST_UNUSED); \
	SEC("?" section) SKEP_TEST_TAG int name(void *ctx)                  \
	{                                                                   \
		name##__body(ctx);                                          \
		return 0;                                                   \
	}                                                                   \
	static __always_inline void name##__body(context SKEP_TEST_UNUSED)

/*
 * What is looked at in each record that the test sent over a ring buffer, perf buffer or emit
 * channel; skep_test_report.record is its number. As many must arrive as SKEP_TEST_RECORDS says.
 *
 *	SKEP_TEST_RECORDS(an_open_is_reported, events, 1);
 *	SKEP_TEST_RECORD(an_open_is_reported, events, struct event *e)
 *	{
 *		EXPECT_EQ(e->flags, 2);
 *	}
 */
#define SKEP_TEST_RECORD(test, channel, record)                                              \
	static __always_inline void test##__record_body__##channel(record SKEP_TEST_UNUSED); \
	SEC("?syscall") int test##__record__##channel(void *ctx)                             \
	{                                                                                    \
		test##__record_body__##channel(ctx);                                         \
		return 0;                                                                    \
	}                                                                                    \
	static __always_inline void test##__record_body__##channel(record SKEP_TEST_UNUSED)

#define SKEP_TEST_RECORDS(test, channel, n) \
	const __u32 test##__records__##channel SEC(SKEP_TEST_INPUT_SECTION) = (n)

/*
 * All that the test logs with skep/bpf/log.h, a pattern (* ?) for each line, with its level:
 *
 *	SKEP_TEST_LOG(an_open_is_reported, "info: open of /etc/hostname by *\n"
 *					   "warn: 3 lines are lost");
 *
 * Lines above the level that the object is built with, SKEP_LOG_LEVEL, are not logged.
 */
#define SKEP_TEST_LOG(test, lines) const char test##__log[] SEC(SKEP_TEST_INPUT_SECTION) = lines

#define SKEP_TEST_FN static __always_inline __attribute__((unused))

SKEP_TEST_FN void skep_test_fail(__u32 line, __u32 is_signed, __u64 left, __u64 right)
{
	__u32 n = skep_test_report.n_failures++;

	if (n >= SKEP_TEST_MAX_FAILURES)
		return;
	skep_test_report.failures[n].line = line;
	skep_test_report.failures[n].is_signed = is_signed;
	skep_test_report.failures[n].left = left;
	skep_test_report.failures[n].right = right;
}

#define SKEP_TEST_IS_SIGNED(x) ((__typeof__(x))-1 < (__typeof__(x))1)

/* True if it holds. Values are compared as C compares them, and told as 64 bits. */
#define SKEP_TEST_COMPARE(a, op, b)                                                             \
	({                                                                                      \
		__typeof__(a) left_ = (a);                                                      \
		__typeof__(b) right_ = (b);                                                     \
		_Bool holds_ = left_ op right_;                                                 \
                                                                                                \
		skep_test_report.n_checks++;                                                    \
		if (!holds_)                                                                    \
			skep_test_fail(__LINE__,                                                \
				       SKEP_TEST_IS_SIGNED(left_) | SKEP_TEST_IS_SIGNED(right_) \
									    << 1,               \
				       (__u64)left_, (__u64)right_);                            \
		holds_;                                                                         \
	})

#define SKEP_TEST_HOLDS(condition)                         \
	({                                                 \
		_Bool holds_ = !!(condition);              \
                                                           \
		skep_test_report.n_checks++;               \
		if (!holds_)                               \
			skep_test_fail(__LINE__, 4, 0, 0); \
		holds_;                                    \
	})

SKEP_TEST_FN _Bool skep_test_same_bytes(const void *a, const void *b, __u32 len)
{
	for (__u32 i = 0; i < len; i++)
		if (((const __u8 *)a)[i] != ((const __u8 *)b)[i])
			return 0;
	return 1;
}

/* A test goes on after an EXPECT that does not hold, and ends at a REQUIRE. */
#define EXPECT_EQ(a, b)		((void)SKEP_TEST_COMPARE(a, ==, b))
#define EXPECT_NE(a, b)		((void)SKEP_TEST_COMPARE(a, !=, b))
#define EXPECT_LT(a, b)		((void)SKEP_TEST_COMPARE(a, <, b))
#define EXPECT_LE(a, b)		((void)SKEP_TEST_COMPARE(a, <=, b))
#define EXPECT_GT(a, b)		((void)SKEP_TEST_COMPARE(a, >, b))
#define EXPECT_GE(a, b)		((void)SKEP_TEST_COMPARE(a, >=, b))
#define EXPECT(condition)	((void)SKEP_TEST_HOLDS(condition))
#define EXPECT_BYTES(a, b, len) EXPECT(skep_test_same_bytes(a, b, len))

#define SKEP_TEST_OR_END(holds) \
	do {                    \
		if (!(holds))   \
			return; \
	} while (0)

#define REQUIRE_EQ(a, b)   SKEP_TEST_OR_END(SKEP_TEST_COMPARE(a, ==, b))
#define REQUIRE_NE(a, b)   SKEP_TEST_OR_END(SKEP_TEST_COMPARE(a, !=, b))
#define REQUIRE(condition) SKEP_TEST_OR_END(SKEP_TEST_HOLDS(condition))

#endif
