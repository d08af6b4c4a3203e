/* SPDX-License-Identifier: MIT */
/*
 * skep/symbol.h - what addresses are called: functions of the kernel, of programs and libraries,
 * and of code that processes compile while they run.
 *
 *	struct skep_symbolizer *s = skep_symbolizer_new(NULL, &err);
 *	skep_symbolize_kernel(s, ips, n, SKEP_SYMBOLIZE_STACK, frames, &err);
 *	skep_symbolize_user(s, pid, ips, n, SKEP_SYMBOLIZE_STACK, frames, &err);
 *	skep_symbolizer_free(s);
 *
 * A symbolizer remembers what it has read, within limits: the kernel's symbols once, until modules
 * or programs change; what a process has mapped (by pid and start, so that it is not mistaken for a
 * later one with its pid), also after it has ended; the functions of each file, which processes
 * share, by its build id.
 *
 * Files are opened as the process has them mapped: in containers and deleted ones too, where the
 * rights for /proc/PID/map_files allow it. Functions come from .symtab and .dynsym, and of stripped
 * files from their debug file (by build id or .gnu_debuglink); the kernel's vDSO is read from the
 * process; code without a file is named by /tmp/perf-PID.map if that is the process's own. Names
 * are as they are in the file: those of C++ and Rust are mangled.
 *
 * Nothing here fails for an address that cannot be named: its frame has no symbol. A symbolizer is
 * for one thread at a time.
 */
#ifndef SKEP_SYMBOL_H
#define SKEP_SYMBOL_H

#include <linux/bpf.h>
#include <skep/error.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_symbolizer;

struct skep_symbolizer_opts {
	size_t size;		/* sizeof(struct skep_symbolizer_opts) */
	const char *debug_root; /* of debug files; NULL: "/usr/lib/debug"; "": they are not read */
	uint32_t max_processes; /* that are remembered; 0: 1,024 */
	uint64_t max_bytes;	/* of functions that are remembered; 0: 512 MiB */
};

/* What an address is. The strings live until the symbolizer is used again. */
struct skep_frame {
	uint64_t address;     /* 0 where only the file is known */
	const char *symbol;   /* NULL: unknown */
	uint64_t offset;      /* of the address from its symbol */
	const char *file;     /* as the process sees it, "[vdso]"; of the kernel the module,
				 "bpf" for programs; NULL: unknown, or the kernel proper */
	uint64_t file_offset; /* of the address in a file of user space */
	bool is_kernel;
};

/* Opens nothing yet. NULL: ENOMEM. */
struct skep_symbolizer *skep_symbolizer_new(const struct skep_symbolizer_opts *opts,
					    struct skep_error *err);
void skep_symbolizer_free(struct skep_symbolizer *symbolizer);

/*
 * All addresses but the first are where calls return to: they are named by the call before them,
 * which may be the last of its function. Offsets stay those of the address.
 */
#define SKEP_SYMBOLIZE_STACK 1u

/*
 * skep_symbolize_kernel - names @n addresses of the kernel. Returns 0; or EPERM: the kernel hides
 * its addresses (kernel.kptr_restrict, CAP_SYSLOG), ENOENT without /proc/kallsyms, ENOMEM. Then the
 * frames have addresses only.
 */
int skep_symbolize_kernel(struct skep_symbolizer *symbolizer, const uint64_t *addresses, size_t n,
			  uint32_t flags, struct skep_frame *frames, struct skep_error *err);

/*
 * skep_symbolize_user - the same in process @pid (any of its threads), as the pid is in this
 * process's /proc. ESRCH: it is gone, and was not seen before; EACCES: it may not be looked into.
 */
int skep_symbolize_user(struct skep_symbolizer *symbolizer, int pid, const uint64_t *addresses,
			size_t n, uint32_t flags, struct skep_frame *frames,
			struct skep_error *err);

/*
 * skep_symbolize_build_ids - frames that the kernel keeps as build ids and offsets in files
 * (BPF_F_STACK_BUILD_ID, BPF_F_USER_BUILD_ID), which are named after the process has gone as well:
 * from files seen before, from what process @pid has mapped (0: unknown), or where a distribution
 * keeps files by their ids. Those that the kernel could not find a file for are plain addresses.
 * Always 0 but for ENOMEM and arguments that are NULL.
 */
int skep_symbolize_build_ids(struct skep_symbolizer *symbolizer, int pid,
			     const struct bpf_stack_build_id *ids, size_t n, uint32_t flags,
			     struct skep_frame *frames, struct skep_error *err);

/*
 * skep_symbolizer_add_process - looks at what a process has mapped now, and opens its files, so
 * that its addresses are named after it has ended. Returns as skep_symbolize_user.
 */
int skep_symbolizer_add_process(struct skep_symbolizer *symbolizer, int pid,
				struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
