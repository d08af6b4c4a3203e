/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * skep/bpf/skep.h - one include to write a BPF program. After vmlinux.h, if you include that (one
 * that `skep gen vmlinux` has made says so when it comes too late); headers of the system may come
 * before or after.
 *
 *	types.h		contexts, flags and numbers of the kernel's interface
 *	helpers.h	sections, maps, helpers, kfuncs, loops, text
 *	core.h		structures of the kernel, whatever its version
 *	tracing.h	arguments of tracepoints, fentry, LSM hooks, struct_ops
 *	probes.h	arguments of kprobes, uprobes, system calls; registers
 *	emit.h		sending records
 *	packet.h	what a packet is; tunnel.h, checksum.h
 *	record.h	what the members of a record stand for
 *	sample.h	which maps are to be shown again and again
 *	endian.h, time.h, task.h (who runs)
 *
 * skep/bpf/usdt.h, for static probes of user space, brings two maps and is included by itself.
 * So is log.h, for lines of text, and numbers.h, for numbers of system headers.
 * docs/libbpf-headers.md tells those who know libbpf's headers what is where.
 */
#ifndef SKEP_BPF_SKEP_H
#define SKEP_BPF_SKEP_H

#include <skep/bpf/helpers.h>
#include <skep/bpf/checksum.h>
#include <skep/bpf/core.h>
#include <skep/bpf/emit.h>
#include <skep/bpf/endian.h>
#include <skep/bpf/packet.h>
#include <skep/bpf/probes.h>
#include <skep/bpf/record.h>
#include <skep/bpf/sample.h>
#include <skep/bpf/task.h>
#include <skep/bpf/time.h>
#include <skep/bpf/tracing.h>
#include <skep/bpf/tunnel.h>

#endif
