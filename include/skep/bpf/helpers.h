/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/helpers.h - what every BPF program needs: sections, map definitions, helpers.
 *
 * Include it after vmlinux.h if you include that, or alone. The names are those that programs
 * written for libbpf use.
 */
#ifndef SKEP_BPF_HELPERS_H
#define SKEP_BPF_HELPERS_H

#include <skep/bpf/types.h>
#include <skep/bpf/helpers_gen.h>
#include <skep/bpf/declare.h>
#include <skep/bpf/maps.h>
#include <skep/bpf/loops.h>
#include <skep/bpf/print.h>

#endif
