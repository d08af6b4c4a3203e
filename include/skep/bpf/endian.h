/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* skep/bpf/endian.h - between the byte order of the network and that of the program. */
#ifndef SKEP_BPF_ENDIAN_H
#define SKEP_BPF_ENDIAN_H

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define bpf_htons(x)	   ((__u16)__builtin_bswap16(x))
#define bpf_htonl(x)	   __builtin_bswap32(x)
#define bpf_cpu_to_be64(x) __builtin_bswap64(x)
#else
#define bpf_htons(x)	   ((__u16)(x))
#define bpf_htonl(x)	   ((__u32)(x))
#define bpf_cpu_to_be64(x) ((__u64)(x))
#endif

#define bpf_ntohs(x)	   bpf_htons(x)
#define bpf_ntohl(x)	   bpf_htonl(x)
#define bpf_be64_to_cpu(x) bpf_cpu_to_be64(x)

#endif
