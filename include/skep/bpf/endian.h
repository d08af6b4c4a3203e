/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/endian.h - between the byte order of the network, or a given one, and that of the
 *program.
 *
 *	if (udp->dst == bpf_htons(53))		a constant is turned round when compiling
 */
#ifndef SKEP_BPF_ENDIAN_H
#define SKEP_BPF_ENDIAN_H

#include <skep/bpf/types.h>

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SKEP_BE(bits, x) ((__u##bits)__builtin_bswap##bits(x))
#define SKEP_LE(bits, x) ((__u##bits)(x))
#else
#define SKEP_BE(bits, x) ((__u##bits)(x))
#define SKEP_LE(bits, x) ((__u##bits)__builtin_bswap##bits(x))
#endif

#define bpf_htons(x)	   SKEP_BE(16, x)
#define bpf_ntohs(x)	   SKEP_BE(16, x)
#define bpf_htonl(x)	   SKEP_BE(32, x)
#define bpf_ntohl(x)	   SKEP_BE(32, x)
#define bpf_cpu_to_be64(x) SKEP_BE(64, x)
#define bpf_be64_to_cpu(x) SKEP_BE(64, x)

#define bpf_cpu_to_le16(x) SKEP_LE(16, x)
#define bpf_le16_to_cpu(x) SKEP_LE(16, x)
#define bpf_cpu_to_le32(x) SKEP_LE(32, x)
#define bpf_le32_to_cpu(x) SKEP_LE(32, x)
#define bpf_cpu_to_le64(x) SKEP_LE(64, x)
#define bpf_le64_to_cpu(x) SKEP_LE(64, x)

#endif
