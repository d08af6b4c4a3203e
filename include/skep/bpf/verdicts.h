/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/verdicts.h - what programs return that the kernel's headers have as macros, and
 * vmlinux.h has not. XDP_..., SK_... and TCX_... are enumerators: skep/bpf/types.h.
 */
#ifndef SKEP_BPF_VERDICTS_H
#define SKEP_BPF_VERDICTS_H

/* tc, tcx, netkit: linux/pkt_cls.h */
#ifndef TC_ACT_UNSPEC
#define TC_ACT_UNSPEC (-1)
#endif
#ifndef TC_ACT_OK
#define TC_ACT_OK 0
#endif
#ifndef TC_ACT_RECLASSIFY
#define TC_ACT_RECLASSIFY 1
#endif
#ifndef TC_ACT_SHOT
#define TC_ACT_SHOT 2
#endif
#ifndef TC_ACT_PIPE
#define TC_ACT_PIPE 3
#endif
#ifndef TC_ACT_STOLEN
#define TC_ACT_STOLEN 4
#endif
#ifndef TC_ACT_QUEUED
#define TC_ACT_QUEUED 5
#endif
#ifndef TC_ACT_REPEAT
#define TC_ACT_REPEAT 6
#endif
#ifndef TC_ACT_REDIRECT
#define TC_ACT_REDIRECT 7
#endif
#ifndef TC_ACT_TRAP
#define TC_ACT_TRAP 8
#endif

/* netfilter: linux/netfilter.h */
#ifndef NF_DROP
#define NF_DROP 0
#endif
#ifndef NF_ACCEPT
#define NF_ACCEPT 1
#endif

#endif
