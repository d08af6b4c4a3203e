/* SPDX-License-Identifier: MIT */
/*
 * skep/link.h - a program's attachment to a hook, live until it is closed.
 *
 * Each skep_program_attach_*() takes a loaded program and returns a link that the caller owns.
 * skep_link_close() detaches; so does the end of the process. Where the kernel has bpf_link for
 * the hook (the first version is given) it is used, and the older way when it refuses.
 *
 * All fail with: EPERM (the hint names the missing right), EBADF (the program is not loaded),
 * EINVAL (the program's type does not fit the hook), ENOENT (no such hook: the message names it).
 */
#ifndef SKEP_LINK_H
#define SKEP_LINK_H

#include <skep/map.h>
#include <skep/net.h>
#include <skep/user.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_link;

/*
 * Frees the link, which detaches it unless it is pinned or held by another process. NULL is fine.
 */
void skep_link_close(struct skep_link *link);

/*
 * skep_link_detach - ends the program's running at its hook, whoever else holds the link or pinned
 * it: they have a link that leads nowhere. The link itself must still be closed, and a pin taken
 * away. EOPNOTSUPP: links of this type end only when nobody holds them (perf events, tracing;
 * 5.9 knows the others).
 */
int skep_link_detach(struct skep_link *link, struct skep_error *err);

/*
 * skep_link_pin - gives the link the name @path in a BPF file system (/sys/fs/bpf), so that it
 * stays attached after it was closed and its process ended. EEXIST: the name is taken; ENOENT: a
 * folder is missing; EINVAL: there is no BPF file system (the hint is the mount to make) or the
 * name has a dot; ENOTSUP: a link that is no single bpf_link cannot be pinned; EBUSY: this one is.
 */
int skep_link_pin(struct skep_link *link, const char *path, struct skep_error *err);

/*
 * skep_link_unpin - takes the name away under which skep_link_pin pinned the link, or
 * skep_link_open_pinned found it; the link stays attached until it is closed. ENOENT: it has none,
 * or not any more; ESTALE: another link has that name meanwhile, and keeps it.
 */
int skep_link_unpin(struct skep_link *link, struct skep_error *err);

/*
 * skep_link_open_pinned - the link that is pinned at @path: what a restarted process does to go on
 * with what it left. ENOENT: nothing is pinned there; EINVAL: it is no link.
 */
struct skep_link *skep_link_open_pinned(const char *path, struct skep_error *err);

/* Where the link is pinned, as far as this process knows; NULL: nowhere. */
const char *skep_link_pinned_at(const struct skep_link *link);

struct skep_link_update_opts {
	size_t size;			     /* sizeof(struct skep_link_update_opts) */
	const struct skep_program *expected; /* only if the link runs this program; or */
	uint32_t expected_id;		     /* only if it runs the program with this id */
	uint32_t flags;			     /* of BPF_LINK_UPDATE beside BPF_F_REPLACE */
};

/*
 * skep_link_update - makes the link run another program in place of the one that it runs, without a
 * moment in which none does. The program must suit the hook as the old one did. Links to cgroups
 * (5.7), network namespaces (5.8), xdp (5.9), iterators (5.8), tcx (6.6), netkit (6.7) and sockmaps
 * (6.10) can be updated. EOPNOTSUPP: links of other types cannot; EINVAL: the program does not
 * suit; ESTALE: the link runs another program than the expected one; ENOLINK: it was detached, or
 * what it was attached to is gone.
 */
int skep_link_update(struct skep_link *link, const struct skep_program *program,
		     const struct skep_link_update_opts *opts, struct skep_error *err);

/*
 * skep_map_attach_struct_ops - registers a struct_ops variable, a map of a loaded object
 * (skep_object_map(object, "VARIABLE")): from then on the kernel calls its programs, a TCP
 * congestion control for instance under the name that it has in it (5.6). Closing the link takes it
 * back; so does the end of the process from 6.4 on, where this is a bpf_link that can be pinned.
 * EEXIST: the name is taken; EINVAL: the kernel misses a function, or refuses a value; EBUSY:
 * before 6.4 a map is taken once.
 */
struct skep_link *skep_map_attach_struct_ops(struct skep_map *map, struct skep_error *err);

/*
 * skep_link_update_map - registers another struct_ops variable of the same kind in place of the
 * link's, without a moment between (6.4); only if @expected is the present one, unless it is NULL.
 * EOPNOTSUPP: the kernel does not exchange this kind; ESTALE: another one is registered; EINVAL:
 * they do not suit each other.
 */
int skep_link_update_map(struct skep_link *link, struct skep_map *map,
			 const struct skep_map *expected, struct skep_error *err);

/* The link's fd (a bpf_link or perf event), owned by the link; -1 for one without. */
int skep_link_fd(const struct skep_link *link);

/* "tracepoint sched/sched_switch", for messages and listings. */
const char *skep_link_label(const struct skep_link *link);

/*
 * skep_program_attach - attaches by the section's name. ENOTSUP when the name does not say where
 * (an xdp program needs an interface: use skep_program_attach_xdp in skep/net.h).
 */
struct skep_link *skep_program_attach(const struct skep_program *program, struct skep_error *err);

struct skep_attach_opts {
	size_t size;	 /* sizeof(struct skep_attach_opts) */
	uint64_t cookie; /* bpf_get_attach_cookie, from the version that each function gives */
};

/*
 * Tracepoint "category", "name" (4.7; bpf_link and cookie 5.15). Works without tracefs being
 * mounted.
 */
struct skep_link *skep_program_attach_tracepoint(const struct skep_program *program,
						 const char *category, const char *name,
						 const struct skep_attach_opts *opts,
						 struct skep_error *err);

/* Raw tracepoint by name (4.17; writable 5.2; cookie 6.10). */
struct skep_link *skep_program_attach_raw_tracepoint(const struct skep_program *program,
						     const char *name,
						     const struct skep_attach_opts *opts,
						     struct skep_error *err);

/*
 * What was bound to its target at load: tp_btf (5.5; cookie 6.10), fentry, fexit, fmod_ret (5.5;
 * cookie 5.19), fsession (7.0), lsm (5.7; cookie 5.19). The target may be a function of a module
 * ("module:function", 5.11) or of another program (skep_program_spec_target_program). ENOTSUP: an
 * lsm program on a kernel that does not ask BPF, since "bpf" is not among its security modules.
 */
struct skep_link *skep_program_attach_trace(const struct skep_program *program,
					    const struct skep_attach_opts *opts,
					    struct skep_error *err);

struct skep_trace_multi_opts {
	size_t size;		      /* sizeof(struct skep_trace_multi_opts) */
	const char *const *functions; /* instead of a pattern: @n names */
	const uint64_t *cookies;      /* bpf_get_attach_cookie: one for each of the @n; or NULL */
	size_t n;
};

/*
 * skep_program_attach_trace_multi - a program of a section fentry.multi, fexit.multi or
 * fsession.multi: all functions of the kernel proper that can be traced and whose names match
 * @pattern ('*' any text, '?' any character), or those of a list, by one link (7.2). Those of a
 * module are "module:pattern", which the program's target must be when it is loaded. ENOENT: none
 * matches, or one of the list cannot be traced; ENOTSUP: not with this kernel.
 */
struct skep_link *skep_program_attach_trace_multi(const struct skep_program *program,
						  const char *pattern,
						  const struct skep_trace_multi_opts *opts,
						  struct skep_error *err);

/*
 * skep_program_attach_freplace - puts the program in the place of a function of another one until
 * the link is closed (5.6; other targets 5.10). @target_fd 0 and @function NULL: what it was loaded
 * for (skep_program_spec_target_program), which works once. Otherwise a function of a program of
 * the same type with the same parameters; @function NULL means the same name. EBUSY: it is
 * replaced already.
 */
struct skep_link *skep_program_attach_freplace(const struct skep_program *program, int target_fd,
					       const char *function, struct skep_error *err);

struct skep_kprobe_opts {
	size_t size;	  /* sizeof(struct skep_kprobe_opts) */
	bool retprobe;	  /* when the function returns; as a section named kretprobe says already */
	uint64_t offset;  /* bytes from the function's beginning on; not for returns */
	uint64_t address; /* with @function NULL: an instruction's address (of /proc/kallsyms) */
	uint64_t cookie;  /* bpf_get_attach_cookie (5.15) */
};

/*
 * skep_program_attach_kprobe - a kernel function by name, also one of a module ("module:function"),
 * where it begins or returns (4.17, by tracefs before; bpf_link 5.15). Without event sources in
 * sysfs and killed, a process leaves an event "skep/..." without effect in tracefs. ENOENT: there
 * is no such function (the message tells what the compiler made of it), EILSEQ: @offset is in the
 * middle of an instruction, EINVAL: the kernel forbids to probe it, ENOTUNIQ: several have this
 * name.
 */
struct skep_link *skep_program_attach_kprobe(const struct skep_program *program,
					     const char *function,
					     const struct skep_kprobe_opts *opts,
					     struct skep_error *err);

struct skep_ksyscall_opts {
	size_t size;	 /* sizeof(struct skep_ksyscall_opts) */
	bool retprobe;	 /* when it returns; as a section named kretsyscall says already */
	uint64_t cookie; /* bpf_get_attach_cookie (5.15) */
};

/*
 * skep_program_attach_ksyscall - a kprobe on the function of a system call, "openat", under the
 * name that it has on this architecture: __x64_sys_openat, or sys_openat in kernels whose system
 * calls are not wrapped. Calls of 32-bit processes have functions of their own. ENOENT.
 */
struct skep_link *skep_program_attach_ksyscall(const struct skep_program *program,
					       const char *syscall,
					       const struct skep_ksyscall_opts *opts,
					       struct skep_error *err);

struct skep_kprobe_multi_opts {
	size_t size;		      /* sizeof(struct skep_kprobe_multi_opts) */
	const char *const *functions; /* instead of a pattern: @n names, or */
	const uint64_t *addresses;    /* @n addresses of functions (/proc/kallsyms) */
	const uint64_t *cookies;      /* bpf_get_attach_cookie: one for each of the @n; or NULL */
	size_t n;
	bool retprobe; /* when they return; as a section named kretprobe.multi says already */
};

/*
 * skep_program_attach_kprobe_multi - all functions whose names match @pattern ('*' any text, '?'
 * any character), or those of a list, by one link (5.18). A program of a section kprobe.session
 * sees each call begin and, unless it returned 1 then, return (6.10). ENOENT: no function matches,
 * or one of the list cannot be traced (the message names it); ENOTSUP: not with this kernel.
 */
struct skep_link *skep_program_attach_kprobe_multi(const struct skep_program *program,
						   const char *pattern,
						   const struct skep_kprobe_multi_opts *opts,
						   struct skep_error *err);

struct skep_perf_event_opts {
	size_t size;	    /* sizeof(struct skep_perf_event_opts) */
	uint32_t type;	    /* PERF_TYPE_*; 0 is PERF_TYPE_HARDWARE */
	uint64_t config;    /* PERF_COUNT_*, a raw event, ... as the type has it */
	uint64_t frequency; /* samples a second; or */
	uint64_t period;    /* every so many events; for breakpoints 1 unless it is given */
	int pid;	    /* 0: the calling thread; -1: every process */
	int cpu;	    /* with @one_cpu */
	uint64_t cookie;    /* bpf_get_attach_cookie (5.15) */
	uint64_t config1;   /* what some raw events and event sources have besides */
	uint64_t config2;
	const char *pmu;    /* instead of a type: its name in /sys/bus/event_source/devices */
	uint32_t bp_type;   /* of a PERF_TYPE_BREAKPOINT: HW_BREAKPOINT_R, _W, _RW or _X */
	uint64_t bp_addr;   /* of the process, or of the kernel */
	uint64_t bp_len;    /* HW_BREAKPOINT_LEN_* */
	const char *cgroup; /* the processes of the cgroup at this path, instead of pid */
	bool one_cpu;	    /* only on @cpu; otherwise on all CPUs that are online */
	bool inherit;	    /* also what the thread starts from now on */
};

/*
 * skep_program_attach_perf_event - a hardware or software event, a breakpoint or a raw event of one
 * thread, of every process or those of a cgroup, on all CPUs or one (4.9; bpf_link 5.15). ENOENT:
 * the machine has no such event, source or CPU; ENOSPC: no breakpoint is free; ESRCH; EINVAL.
 */
struct skep_link *skep_program_attach_perf_event(const struct skep_program *program,
						 const struct skep_perf_event_opts *opts,
						 struct skep_error *err);

/* The cgroups that iter/cgroup goes over, from one on (BPF_CGROUP_ITER_*). */
enum skep_iter_order {
	SKEP_ITER_SELF = 1,
	SKEP_ITER_DESCENDANTS_PRE = 2, /* itself, then those below it: the default */
	SKEP_ITER_DESCENDANTS_POST = 3,
	SKEP_ITER_ANCESTORS = 4, /* itself, then those above it */
	SKEP_ITER_CHILDREN = 5,	 /* those right below it (6.19) */
};

struct skep_iter_opts {
	size_t size;		    /* sizeof(struct skep_iter_opts) */
	const struct skep_map *map; /* bpf_map_elem, bpf_sk_storage_map, sockmap: its elements */
	const char *cgroup;	    /* cgroup: the folder of one of version 2 (6.1) */
	enum skep_iter_order order;
	int tid; /* task, task_file, task_vma: only of this thread (6.1), or */
	int pid; /* of this process's threads (6.1) */
};

/*
 * skep_program_attach_iter - an iterator (5.8) over all objects of the kind that its section names,
 * or over those that @opts says; skep_link_iter_open() gives a new fd whose reading runs the
 * program. ESRCH: there is no such process.
 */
struct skep_link *skep_program_attach_iter(const struct skep_program *program,
					   const struct skep_iter_opts *opts,
					   struct skep_error *err);
int skep_link_iter_open(const struct skep_link *link, struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
