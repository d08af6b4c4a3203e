/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/log.h - lines of text from a program: checked when it is compiled, written out by the
 * reader (skep/log.h), so that the program sends the arguments' bytes and nothing else.
 *
 *	skep_info("connect %pI4:%pP by %s", &addr, &port, comm);
 *	skep_warn("no entry for %u: %pe", key, err);
 *
 * Five levels: skep_error, skep_warn, skep_info, skep_debug, skep_trace. The reader sees with each
 * line its level, time, CPU, process, file, line, function and program. At most eight arguments;
 * a wrong number or type of them is an error of the compiler. The format is a literal:
 *
 *	%d %i %u %x %X %o %c	integers, with the flags, widths and h, l, z of printf(3)
 *	%s	a char array, or a pointer to a string in kernel memory, of which SKEP_LOG_STRING
 *		bytes are taken; %pks is the same, %pus takes a pointer to a process's string
 *	%p	an address; %ps the kernel's symbol there, %pS with its offset
 *	%pI4 %pI6 %pM %pP	IPv4 and IPv6 address, MAC, port, all in the order of the network
 *	%ph	the bytes of an array in hexadecimal; %*ph takes an int first, which says how many,
 *		and an array or a pointer to kernel memory; %phC, %phD and %phN separate them
 *		with colons, dashes and not at all
 *	%pe	an error number, of either sign, by its name
 *	%pT	a time of bpf_ktime_get_ns(), shown as the time of day; %pt a number of nanoseconds
 *	%%	a percent sign
 *
 * %pI4, %pI6, %pM and %pP take the address of what is shown, which the program must be allowed to
 * read (what it must not, it copies first), or an array; IPv4 and ports also the value.
 *
 * Levels above skep_log_level, a constant set before loading (skep_spec_set_log_level()), are taken
 * out of the program by the verifier. Levels above skep_log_limit, a variable, are passed over
 *while the program runs. The buffer is a ring of SKEP_LOG_RING bytes for all CPUs, a channel of
 * skep/bpf/emit.h named skep_log: what finds no room is counted for each CPU.
 *
 * Any kernel with ring buffers (5.8), in programs that may use them. Strings and bytes by pointer
 * need bpf_probe_read_kernel(): a GPL-compatible license and CAP_PERFMON.
 */
#ifndef SKEP_BPF_LOG_H
#define SKEP_BPF_LOG_H

#include <skep/bpf/emit.h>
#include <skep/bpf/log_format.h>

#define SKEP_LOG_ERROR 1
#define SKEP_LOG_WARN  2
#define SKEP_LOG_INFO  3
#define SKEP_LOG_DEBUG 4
#define SKEP_LOG_TRACE 5

#define skep_error(fmt, args...) SKEP_LOG(SKEP_LOG_ERROR, fmt, ##args)
#define skep_warn(fmt, args...)	 SKEP_LOG(SKEP_LOG_WARN, fmt, ##args)
#define skep_info(fmt, args...)	 SKEP_LOG(SKEP_LOG_INFO, fmt, ##args)
#define skep_debug(fmt, args...) SKEP_LOG(SKEP_LOG_DEBUG, fmt, ##args)
#define skep_trace(fmt, args...) SKEP_LOG(SKEP_LOG_TRACE, fmt, ##args)

/* The level that an object is built with. */
#ifndef SKEP_LOG_LEVEL
#define SKEP_LOG_LEVEL SKEP_LOG_INFO
#endif

/* Bytes of the ring, a power of two. */
#ifndef SKEP_LOG_RING
#define SKEP_LOG_RING (256 * 1024)
#endif

/* What each record begins with. */
struct skep_log_header {
	__u64 time; /* bpf_ktime_get_ns() */
	__u64 site;
	__u64 pid; /* bpf_get_current_pid_tgid() */
	__u32 cpu;
	__u32 bytes; /* of the record, with this header */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, SKEP_LOG_RING);
} skep_log SEC(".maps") __weak;

struct skep_log__value {
	struct skep_emit_cpu cpu;
	struct skep_log_header record[0];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 0);
	__type(key, __u32);
	__type(value, struct skep_log__value);
} skep_log__cpu SEC(".maps") __weak;

const volatile __u64 skep_log__size __weak = SKEP_LOG_RING;
const volatile __u32 skep_log_level __weak = SKEP_LOG_LEVEL;
__u32 skep_log_limit SEC(".data.skeplog") __weak = SKEP_LOG_TRACE;

/*
 * One line of the source that logs. It is described by a constant among the object's others, in a
 * map that the reader finds: the format, the file and a number, which is all that a record carries.
 * The numbers are hashes of place and file, so that they differ in objects that are linked.
 */
#define SKEP_LOG_MAGIC 0x6c70656b

#define SKEP_LOG(level, fmt, args...)                                                    \
	do {                                                                             \
		if ((level) <= skep_log_level && (level) <= READ_ONCE(skep_log_limit)) { \
			SKEP_LOG_LINE(level, fmt, SKEP_LOG_NARGS(args), ##args)          \
		}                                                                        \
	} while (0)

#define SKEP_LOG_LINE(level, fmt, n, rest...) SKEP_LOG_LINE_(level, fmt, n, ##rest)
#define SKEP_LOG_LINE_(level, fmt, n, rest...)                                                    \
	SKEP_LOG_PARSE##n("" fmt, ##rest)                                                         \
		SKEP_LOG_PRINTF(fmt, SKEP_LOG_SEEN##n(rest)) static const struct {                \
		SKEP_LOG_SITE_HEAD;                                                               \
		struct skep_log_arg args[n];                                                      \
		char function[32];                                                                \
		char text[sizeof(fmt "\0" __FILE_NAME__)];                                        \
	} skep_log_site_ SKEP_LOG_TABLE = { SKEP_LOG_MAGIC,                                       \
					    sizeof(skep_log_site_),                               \
					    level,                                                \
					    n,                                                    \
					    SKEP_LOG_ID,                                          \
					    __LINE__,                                             \
					    sizeof(struct skep_log_header) + SKEP_LOG_BYTES##n,   \
					    { SKEP_LOG_ARGS##n },                                 \
					    SKEP_LOG_FUNCTION,                                    \
					    fmt "\0" __FILE_NAME__ };                             \
	__u8 *skep_log_at_ = skep_log_begin(&skep_log_site_.id,                                   \
					    sizeof(struct skep_log_header) + SKEP_LOG_BYTES##n);  \
                                                                                                  \
	if (skep_log_at_) {                                                                       \
		__u8 *skep_log_to_ __attribute__((unused)) =                                      \
			skep_log_at_ + sizeof(struct skep_log_header);                            \
		__u64 skep_log_len_ __attribute__((unused)) = ~0ull;                              \
                                                                                                  \
		SKEP_LOG_PUT##n(rest) skep_log_end(skep_log_at_, sizeof(struct skep_log_header) + \
									 SKEP_LOG_BYTES##n);      \
	}

struct skep_log_arg {
	__u8 kind; /* enum skep_log_kind */
	__u8 unused;
	__u16 size; /* bytes that are sent, without what a helper returned */
};

#define SKEP_LOG_SITE_HEAD                    \
	__u32 magic;                          \
	__u16 size; /* of this description */ \
	__u8 level, n_args;                   \
	__u64 id;                             \
	__u32 line;                           \
	__u32 bytes /* of a record */

#define SKEP_LOG_TABLE __attribute__((section(".rodata.skeplog"), aligned(8), nodebug))

#define SKEP_LOG_AT(s, i)   (sizeof(s) > (i) ? (s)[(i) < sizeof(s) ? (i) : 0] : 0)
#define SKEP_LOG_LAST(s, i) (sizeof(s) > (i) ? (s)[(i) < sizeof(s) ? sizeof(s) - 1 - (i) : 0] : 0)
#define SKEP_LOG_HASH4(s, i, seed)                                                              \
	((((((seed)*31u + (__u8)SKEP_LOG_LAST(s, i)) * 31u + (__u8)SKEP_LOG_LAST(s, (i) + 1)) * \
		   31u +                                                                        \
	   (__u8)SKEP_LOG_LAST(s, (i) + 2)) *                                                   \
	  31u) +                                                                                \
	 (__u8)SKEP_LOG_LAST(s, (i) + 3))
#define SKEP_LOG_HASH16(s, i, seed)               \
	SKEP_LOG_HASH4(s, (i) + 12,               \
		       SKEP_LOG_HASH4(s, (i) + 8, \
				      SKEP_LOG_HASH4(s, (i) + 4, SKEP_LOG_HASH4(s, i, seed))))
#define SKEP_LOG_ID                                                                    \
	((__u64)SKEP_LOG_HASH16(__FILE__, 17,                                          \
				SKEP_LOG_HASH16(__FILE__, 1, (__u32)sizeof(__FILE__))) \
		 << 32 |                                                               \
	 (__u64)(__LINE__ & 0xfffff) << 12 | (__COUNTER__ & 0xfff))

#define SKEP_LOG_FUNCTION4(i)                                                                     \
	SKEP_LOG_AT(__func__, i), SKEP_LOG_AT(__func__, (i) + 1), SKEP_LOG_AT(__func__, (i) + 2), \
		SKEP_LOG_AT(__func__, (i) + 3)
#define SKEP_LOG_FUNCTION                                                                       \
	{                                                                                       \
		SKEP_LOG_FUNCTION4(0), SKEP_LOG_FUNCTION4(4), SKEP_LOG_FUNCTION4(8),            \
			SKEP_LOG_FUNCTION4(12), SKEP_LOG_FUNCTION4(16), SKEP_LOG_FUNCTION4(20), \
			SKEP_LOG_FUNCTION4(24), SKEP_LOG_FUNCTION4(28)                          \
	}

/* Argument @n into its place in the record. All but one of the branches is gone when compiled. */
#define SKEP_LOG_PUT(n, arg)                                                                   \
	if (skep_log_k##n##_ <= SKEP_LOG_ADDRESS)                                              \
		*(__u64 *)skep_log_to_ = SKEP_LOG_VALUE(arg);                                  \
	else if (skep_log_k##n##_ <= SKEP_LOG_TEXT && SKEP_LOG_IS_POINTER(arg))                \
		skep_log_copy(skep_log_to_,                                                    \
			      __builtin_assume_aligned(SKEP_LOG_SOURCE(n, arg),                \
						       __alignof__(*SKEP_LOG_SOURCE(n, arg))), \
			      skep_log_s##n##_);                                               \
	else if (skep_log_k##n##_ <= SKEP_LOG_TEXT)                                            \
		skep_log_store(skep_log_to_, SKEP_LOG_VALUE(arg), skep_log_s##n##_);           \
	else if (skep_log_k##n##_ == SKEP_LOG_BYTES_READ)                                      \
		skep_log_read_bytes(skep_log_to_, skep_log_s##n##_, SKEP_LOG_POINTER(arg),     \
				    skep_log_len_);                                            \
	else                                                                                   \
		skep_log_read(skep_log_to_, skep_log_k##n##_, skep_log_s##n##_,                \
			      SKEP_LOG_POINTER(arg));                                          \
	if (skep_log_l##n##_)                                                                  \
		skep_log_len_ = SKEP_LOG_VALUE(arg);                                           \
	skep_log_to_ += skep_log_b##n##_;

/*
 * Process and thread, or 0 where a program of this type may not ask: libskep finds the call behind
 * this number, and puts a 0 in its place if the kernel refuses it.
 */
SKEP_EMIT_FN __u64 skep_log_pid(void)
{
	__u64 pid;

	asm volatile("r0 = 0x70656b73\n\tcall 14\n\t%0 = r0"
		     : "=r"(pid)
		     :
		     : "r0", "r1", "r2", "r3", "r4", "r5");
	return pid;
}

SKEP_EMIT_FN void *skep_log_begin(const __u64 *site, __u64 bytes)
{
	struct skep_log_header *h = bpf_ringbuf_reserve(&skep_log, bytes, 0);

	if (!h) {
		skep_emit_lost(&skep_log__cpu);
		return NULL;
	}
	h->time = bpf_ktime_get_ns();
	/* Read from the table, so that a program which logs refers to it. */
	h->site = *(const volatile __u64 *)site;
	h->pid = skep_log_pid();
	h->cpu = bpf_get_smp_processor_id();
	h->bytes = bytes;
	return h;
}

SKEP_EMIT_FN void skep_log_end(void *record, __u64 bytes)
{
	bpf_ringbuf_submit(record, skep_emit_wake(&skep_log, skep_log__size, bytes));
}

SKEP_EMIT_FN void skep_log_copy(void *to, const void *from, __u32 size)
{
	__builtin_memcpy(__builtin_assume_aligned(to, 8), from, size);
}

/* An address or a port by value is in the network's order already. */
SKEP_EMIT_FN void skep_log_store(void *to, __u64 value, __u32 size)
{
	if (size == 2)
		*(__u16 *)to = value;
	else
		*(__u32 *)to = value;
}

/* What has no address that the program may read itself comes with what the helper returned. */
SKEP_EMIT_FN void skep_log_read(void *to, int kind, __u32 size, const void *from)
{
	*(__s64 *)to = kind == SKEP_LOG_STRING_USER ? bpf_probe_read_user_str(to + 8, size, from) :
						      bpf_probe_read_kernel_str(to + 8, size, from);
}

SKEP_EMIT_FN void skep_log_read_bytes(void *to, __u32 size, const void *from, __u64 len)
{
	if (len > size)
		len = size;
	/* The limit must reach the verifier, not only the compiler. */
	asm volatile("" : "+r"(len));
	*(__s64 *)to = bpf_probe_read_kernel(to + 8, len, from);
}

#endif
