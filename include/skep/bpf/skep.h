/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* skep/bpf/skep.h - one include to write a BPF program. After vmlinux.h, if you include that. */
#ifndef SKEP_BPF_SKEP_H
#define SKEP_BPF_SKEP_H

#include <skep/bpf/helpers.h>
#include <skep/bpf/core.h>
#include <skep/bpf/emit.h>
#include <skep/bpf/endian.h>
#include <skep/bpf/probes.h>
#include <skep/bpf/tracing.h>

#endif
