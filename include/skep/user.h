/* SPDX-License-Identifier: MIT */
/*
 * skep/user.h - attaching to functions and static probes of programs in user space.
 *
 * As everything in skep/link.h, which includes this: each function takes a loaded program and
 * returns a link that the caller owns.
 *
 * A file is named by its path, or without a slash: then libraries ("libc.so.6") are searched in
 * LD_LIBRARY_PATH and the folders of the dynamic linker, programs in PATH. "app.apk!/lib/x.so" is
 * a library that an archive holds uncompressed. With a process the file is what that process has
 * mapped under this name, even if it was replaced since, or what it sees at this path, which may be
 * in a container; only then what the caller sees.
 *
 * Probes are in the file: without a process, they are hit by all that run it, now and later.
 */
#ifndef SKEP_USER_H
#define SKEP_USER_H

#include <skep/program.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_uprobe_opts {
	size_t size;		 /* sizeof(struct skep_uprobe_opts) */
	const char *symbol;	 /* a function, "malloc" or "memcpy@GLIBC_2.14"; NULL: none */
	uint64_t offset;	 /* bytes from its beginning; without a symbol, in the file */
	bool retprobe;		 /* when it returns; as a section named uretprobe says already */
	int pid;		 /* only this process, with all its threads; 0: every one */
	uint64_t cookie;	 /* bpf_get_attach_cookie (5.15) */
	uint64_t ref_ctr_offset; /* in the file: a counter that is raised while attached (4.20) */
};

/*
 * skep_program_attach_uprobe - a function of a program or library (4.17, by tracefs before;
 * bpf_link 5.15). @opts must name a place: a symbol, an offset, or both. Without event sources in
 * sysfs and killed, a process leaves an event "skep/..." without effect in tracefs. ENOENT: no such
 * file or function (near names and whether the file is stripped are told); ENOEXEC: it is no ELF
 * file, or one for another kind of machine; ENOTUNIQ: several functions have this name; EINVAL: no
 * code is there; ESRCH: there is no such process; ENOTSUP: a function that is chosen at start, an
 * instruction that the kernel cannot probe, a member that is compressed.
 */
struct skep_link *skep_program_attach_uprobe(const struct skep_program *program, const char *path,
					     const struct skep_uprobe_opts *opts,
					     struct skep_error *err);

struct skep_uprobe_multi_opts {
	size_t size;			 /* sizeof(struct skep_uprobe_multi_opts) */
	const char *const *symbols;	 /* instead of a pattern: @n functions, or */
	const uint64_t *offsets;	 /* @n places in the file */
	const uint64_t *ref_ctr_offsets; /* a counter for each (0: none), as above; or NULL */
	const uint64_t *cookies;	 /* one for each; or NULL */
	size_t n;
	bool retprobe; /* when they return; as a section named uretprobe.multi says already */
	int pid;       /* only this process; 0: every one */
};

/*
 * skep_program_attach_uprobe_multi - all functions whose names match @pattern ('*' any text, '?'
 * any character), or those of a list, by one link (6.6). Kernels before that, and programs whose
 * section is not uprobe.multi or uretprobe.multi, get a probe of each function in one link, which
 * needs an open file for each. A program of a section uprobe.session sees each call begin and,
 * unless it returned 1 then, return (6.13; there is no older way: ENOTSUP). Kernels before 6.10
 * take @pid for a single thread. ENOENT: no function matches, or the message names the one of the
 * list that is not there; else as above.
 */
struct skep_link *skep_program_attach_uprobe_multi(const struct skep_program *program,
						   const char *path, const char *pattern,
						   const struct skep_uprobe_multi_opts *opts,
						   struct skep_error *err);

struct skep_usdt_opts {
	size_t size;	 /* sizeof(struct skep_usdt_opts) */
	int pid;	 /* only this process; 0: every one */
	uint64_t cookie; /* bpf_usdt_cookie() */
};

/*
 * skep_program_attach_usdt - a static probe, "libc" and "setjmp", at all places where the file has
 * it; @provider NULL: whichever. The program reads the probe's arguments by skep/bpf/usdt.h (or
 * libbpf's usdt.bpf.h), whose maps its object must have; they are written before attaching, and
 * what nothing uses any more is taken out on closing, but not under a pinned link. A counter that
 * tells the traced program whether anybody listens (its semaphore) is raised by the kernel (4.20)
 * while attached; skep never writes to another process.
 * An argument that the kernel keeps nowhere, as one in a floating-point register, does not stop
 * the others: reading it fails with -EINVAL in the program.
 * Kernels without cookies for probes (before 5.15) tell places apart by their addresses: there a
 * library or a position-independent program needs a @pid, and must be mapped already.
 * ENOENT: no such file or probe (the message lists some), or no maps; ENOSPC: the maps are too
 * small; E2BIG: more than 12 arguments; EINVAL: a damaged note; else as uprobes.
 */
struct skep_link *skep_program_attach_usdt(const struct skep_program *program, const char *path,
					   const char *provider, const char *name,
					   const struct skep_usdt_opts *opts,
					   struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
