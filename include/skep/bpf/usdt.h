/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/usdt.h - static probes of user space, USDT: their arguments by number, name and type.
 *
 *	SEC("usdt//usr/lib/libc.so.6:libc:setjmp")
 *	int BPF_USDT(on_setjmp, void *env, int saves)
 *
 * The names are those of libbpf's usdt.bpf.h, and the maps have its layout: an object made with
 * either header runs under either loader. Where a probe has its arguments differs from place to
 * place: the loader writes it into a map, which these functions read.
 */
#ifndef SKEP_BPF_USDT_H
#define SKEP_BPF_USDT_H

#include <skep/bpf/helpers.h>
#include <skep/bpf/regs.h>
#include <skep/bpf/tracing.h>

/* Different lists of arguments, over all probes attached, that one object can have. */
#ifndef BPF_USDT_MAX_SPEC_CNT
#define BPF_USDT_MAX_SPEC_CNT 256
#endif

/* Places that are probed; only kernels without cookies for probes (before 5.15) use them. */
#ifndef BPF_USDT_MAX_IP_CNT
#define BPF_USDT_MAX_IP_CNT (4 * BPF_USDT_MAX_SPEC_CNT)
#endif

#define BPF_USDT_MAX_ARG_CNT 12

enum skep_usdt_kind {
	SKEP_USDT_CONSTANT,
	SKEP_USDT_REGISTER,
	SKEP_USDT_MEMORY,  /* at register + value */
	SKEP_USDT_INDEXED, /* at register + (index << scale) + value; not in libbpf */
};

struct skep_usdt_arg {
	__u64 value;
	__u32 how; /* kind, and from bit 8 the index's offset, from bit 24 the scale */
	short reg; /* offset in struct pt_regs */
	__u8 is_signed;
	__u8 unused_bits; /* of 64 */
};

struct skep_usdt_spec {
	struct skep_usdt_arg args[BPF_USDT_MAX_ARG_CNT];
	__u64 cookie;
	short n_args;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BPF_USDT_MAX_SPEC_CNT);
	__type(key, int);
	__type(value, struct skep_usdt_spec);
} __bpf_usdt_specs SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, BPF_USDT_MAX_IP_CNT);
	__type(key, long);
	__type(value, __u32);
} __bpf_usdt_ip_to_spec_id SEC(".maps") __weak;

extern const bool LINUX_HAS_BPF_COOKIE __kconfig;

static __noinline __attribute__((unused)) struct skep_usdt_spec *skep_usdt_spec(void *ctx)
{
	long ip = PT_REGS_IP((struct pt_regs *)ctx);
	int id;

	if (LINUX_HAS_BPF_COOKIE) {
		id = (int)bpf_get_attach_cookie(ctx);
	} else {
		int *found = bpf_map_lookup_elem(&__bpf_usdt_ip_to_spec_id, &ip);

		if (!found)
			return NULL;
		id = *found;
	}
	return bpf_map_lookup_elem(&__bpf_usdt_specs, &id);
}

/* The arguments that the probe has, or -ESRCH (3) when what is known of it has gone. */
static __always_inline __attribute__((unused)) int bpf_usdt_arg_cnt(struct pt_regs *ctx)
{
	struct skep_usdt_spec *spec = skep_usdt_spec(ctx);

	return spec ? spec->n_args : -3;
}

/* The cookie that the caller of skep_program_attach_usdt() gave. */
static __always_inline __attribute__((unused)) long bpf_usdt_cookie(struct pt_regs *ctx)
{
	struct skep_usdt_spec *spec = skep_usdt_spec(ctx);

	return spec ? (long)spec->cookie : 0;
}

/* Bytes of argument @n: 1, 2, 4 or 8; -ENOENT (2) when there are fewer arguments, or -ESRCH (3). */
static __always_inline __attribute__((unused)) int bpf_usdt_arg_size(struct pt_regs *ctx, __u64 n)
{
	struct skep_usdt_spec *spec = skep_usdt_spec(ctx);

	if (!spec)
		return -3;
	if (n >= BPF_USDT_MAX_ARG_CNT || n >= (__u64)spec->n_args)
		return -2;
	return 8 - (spec->args[n].unused_bits >> 3);
}

/* No more bytes than the argument has are read: behind it the memory may end. */
#define SKEP_USDT_READ(type, at, value)                                             \
	({                                                                          \
		type read_ = 0;                                                     \
		long err_ = bpf_probe_read_user(&read_, sizeof(read_), (void *)at); \
		*(value) = read_;                                                   \
		err_;                                                               \
	})

static __always_inline long skep_usdt_read(__u32 unused_bits, __u64 at, __u64 *value)
{
	switch (unused_bits) {
	case 56:
		return SKEP_USDT_READ(__u8, at, value);
	case 48:
		return SKEP_USDT_READ(__u16, at, value);
	case 32:
		return SKEP_USDT_READ(__u32, at, value);
	default:
		return SKEP_USDT_READ(__u64, at, value);
	}
}

static __always_inline long skep_usdt_register(void *ctx, long offset, __u64 *value)
{
	skep_word word = 0;
	long err = bpf_probe_read_kernel(&word, sizeof(word), ctx + offset);

	*value = word;
	return err;
}

static __always_inline long skep_usdt_memory(void *ctx, const struct skep_usdt_arg *arg,
					     __u64 *value)
{
	__u64 at = 0, index = 0;
	long err = skep_usdt_register(ctx, arg->reg, &at);

	if (!err && (arg->how & 0xff) == SKEP_USDT_INDEXED)
		err = skep_usdt_register(ctx, arg->how >> 8 & 0xffff, &index);
	if (err)
		return err;
	return skep_usdt_read(arg->unused_bits, at + (index << (arg->how >> 24 & 63)) + arg->value,
			      value);
}

/*
 * Argument @n, widened to 64 bits by its size and sign, into *res; 0 there on failure: -ENOENT (2)
 * when there are fewer arguments, -EINVAL (22) for one that cannot be read, as floating-point
 * registers, -EFAULT (14) when its memory is not there, -ESRCH (3) as above.
 */
static __noinline __attribute__((unused)) int bpf_usdt_arg(struct pt_regs *ctx, __u64 n, long *res)
{
	struct skep_usdt_spec *spec = skep_usdt_spec(ctx);
	struct skep_usdt_arg *arg;
	__u64 value = 0;
	long err = 0;

	*res = 0;
	if (!spec)
		return -3;
	if (n >= BPF_USDT_MAX_ARG_CNT || n >= (__u64)spec->n_args)
		return -2;
	arg = &spec->args[n];
	switch (arg->how & 0xff) {
	case SKEP_USDT_CONSTANT:
		value = arg->value;
		break;
	case SKEP_USDT_REGISTER:
		err = skep_usdt_register(ctx, arg->reg, &value);
		break;
	case SKEP_USDT_MEMORY:
	case SKEP_USDT_INDEXED:
		err = skep_usdt_memory(ctx, arg, &value);
		break;
	default:
		return -22;
	}
	if (err)
		return (int)err;
	value <<= arg->unused_bits & 63;
	*res = arg->is_signed ? (long)value >> (arg->unused_bits & 63) :
				(long)(value >> (arg->unused_bits & 63));
	return 0;
}

#define SKEP_USDT_VALUE(n)                     \
	({                                     \
		long value_;                   \
		bpf_usdt_arg(ctx, n, &value_); \
		(void *)value_;                \
	})

#define SKEP_USDT_ARGS0	 ctx
#define SKEP_USDT_ARGS1	 SKEP_USDT_ARGS0, SKEP_USDT_VALUE(0)
#define SKEP_USDT_ARGS2	 SKEP_USDT_ARGS1, SKEP_USDT_VALUE(1)
#define SKEP_USDT_ARGS3	 SKEP_USDT_ARGS2, SKEP_USDT_VALUE(2)
#define SKEP_USDT_ARGS4	 SKEP_USDT_ARGS3, SKEP_USDT_VALUE(3)
#define SKEP_USDT_ARGS5	 SKEP_USDT_ARGS4, SKEP_USDT_VALUE(4)
#define SKEP_USDT_ARGS6	 SKEP_USDT_ARGS5, SKEP_USDT_VALUE(5)
#define SKEP_USDT_ARGS7	 SKEP_USDT_ARGS6, SKEP_USDT_VALUE(6)
#define SKEP_USDT_ARGS8	 SKEP_USDT_ARGS7, SKEP_USDT_VALUE(7)
#define SKEP_USDT_ARGS9	 SKEP_USDT_ARGS8, SKEP_USDT_VALUE(8)
#define SKEP_USDT_ARGS10 SKEP_USDT_ARGS9, SKEP_USDT_VALUE(9)
#define SKEP_USDT_ARGS11 SKEP_USDT_ARGS10, SKEP_USDT_VALUE(10)
#define SKEP_USDT_ARGS12 SKEP_USDT_ARGS11, SKEP_USDT_VALUE(11)

/* A program whose parameters are the probe's arguments, 0 for what cannot be read. */
#define BPF_USDT(name, args...)                                                               \
	SKEP_UNPACK(name, struct pt_regs *ctx, SKEP_CONCAT(SKEP_USDT_ARGS, SKEP_NARGS(args)), \
		    ##args)

#endif
