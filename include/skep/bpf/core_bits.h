/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/core_bits.h - bitfields of kernel structures, wherever the running kernel has them and
 * how wide they may be. The result is a __u64, sign-extended if the field is signed.
 */
#ifndef SKEP_BPF_CORE_BITS_H
#define SKEP_BPF_CORE_BITS_H

#include <skep/bpf/core.h>

/* A bitfield of a struct that the program may read directly (@s is a trusted pointer). */
#define BPF_CORE_READ_BITFIELD(s, field) SKEP_BITFIELD(s, field, SKEP_BITFIELD_DIRECT)

/* A bitfield read through bpf_probe_read_kernel. */
#define BPF_CORE_READ_BITFIELD_PROBED(s, field) SKEP_BITFIELD(s, field, SKEP_BITFIELD_PROBED)

#define SKEP_BITFIELD(s, field, read)                                                             \
	({                                                                                        \
		const void *at_ = (const void *)(s) + __builtin_preserve_field_info(              \
							      (s)->field, SKEP_CORE_BYTE_OFFSET); \
		__u32 size_ = __builtin_preserve_field_info((s)->field, SKEP_CORE_BYTE_SIZE);     \
		__u64 bits_ = 0;                                                                  \
		read(bits_, at_, size_);                                                          \
		bits_ <<= __builtin_preserve_field_info((s)->field, SKEP_CORE_LSHIFT);            \
		if (__builtin_preserve_field_info((s)->field, SKEP_CORE_SIGNED))                  \
			bits_ = (__u64)((__s64)bits_ >> __builtin_preserve_field_info(            \
								(s)->field, SKEP_CORE_RSHIFT));   \
		else                                                                              \
			bits_ >>= __builtin_preserve_field_info((s)->field, SKEP_CORE_RSHIFT);    \
		bits_;                                                                            \
	})

/* The compiler must not merge the four widths: each is its own load instruction. */
#define SKEP_BITFIELD_DIRECT(bits, at, size)                  \
	do {                                                  \
		barrier();                                    \
		switch (size) {                               \
		case 1:                                       \
			bits = *(const volatile __u8 *)(at);  \
			break;                                \
		case 2:                                       \
			bits = *(const volatile __u16 *)(at); \
			break;                                \
		case 4:                                       \
			bits = *(const volatile __u32 *)(at); \
			break;                                \
		case 8:                                       \
			bits = *(const volatile __u64 *)(at); \
			break;                                \
		}                                             \
	} while (0)

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SKEP_BITFIELD_PROBED(bits, at, size) bpf_probe_read_kernel(&(bits), size, at)
#else
#define SKEP_BITFIELD_PROBED(bits, at, size) \
	bpf_probe_read_kernel((void *)&(bits) + (8 - (size)), size, at)
#endif

/* Writes a bitfield of a struct that the program may write; the other bits stay. */
#define BPF_CORE_WRITE_BITFIELD(s, field, value)                                               \
	({                                                                                     \
		void *to_ = (void *)(s) +                                                      \
			    __builtin_preserve_field_info((s)->field, SKEP_CORE_BYTE_OFFSET);  \
		__u32 width_ = __builtin_preserve_field_info((s)->field, SKEP_CORE_BYTE_SIZE); \
		__u32 left_ = __builtin_preserve_field_info((s)->field, SKEP_CORE_LSHIFT);     \
		__u32 right_ = __builtin_preserve_field_info((s)->field, SKEP_CORE_RSHIFT);    \
		__u64 mask_ = ~0ull << right_ >> left_;                                        \
		__u64 new_ = (__u64)(value) << right_ >> left_, old_ = 0;                      \
                                                                                               \
		SKEP_BITFIELD_DIRECT(old_, to_, width_);                                       \
		new_ |= old_ & ~mask_;                                                         \
		switch (width_) {                                                              \
		case 1:                                                                        \
			*(volatile __u8 *)to_ = new_;                                          \
			break;                                                                 \
		case 2:                                                                        \
			*(volatile __u16 *)to_ = new_;                                         \
			break;                                                                 \
		case 4:                                                                        \
			*(volatile __u32 *)to_ = new_;                                         \
			break;                                                                 \
		case 8:                                                                        \
			*(volatile __u64 *)to_ = new_;                                         \
			break;                                                                 \
		}                                                                              \
	})

#endif
