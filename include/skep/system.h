/* SPDX-License-Identifier: MIT */
/*
 * skep/system.h - what is in the kernel: programs, maps, links and BTF of all processes.
 *
 * A walk goes through the ids of one kind and opens each; a reader tells what the kernel knows
 * about the thing behind a file descriptor, wherever that came from. What is read is a copy: it
 * belongs to the caller, is freed with the reader's _free function, and says nothing about later.
 *
 *	struct skep_system_walk walk = { .size = sizeof(walk), .kind = SKEP_SYSTEM_PROGRAMS };
 *	int ret;
 *
 *	while ((ret = skep_system_next(&walk, &err)) > 0) {
 *		struct skep_system_program *p = skep_system_program_read(walk.fd, 0, &err);
 *		...
 *		skep_system_program_free(p);
 *	}
 *	skep_system_end(&walk);
 *
 * Functions here are safe in any thread; one walk belongs to one thread at a time.
 */
#ifndef SKEP_SYSTEM_H
#define SKEP_SYSTEM_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <skep/btf.h>
#include <skep/error.h>
#include <skep/map.h>

#ifdef __cplusplus
extern "C" {
#endif

enum skep_system_kind {
	SKEP_SYSTEM_PROGRAMS, /* 4.13 */
	SKEP_SYSTEM_MAPS,     /* 4.13 */
	SKEP_SYSTEM_BTFS,     /* 5.4 */
	SKEP_SYSTEM_LINKS,    /* 5.8 */
};

struct skep_system_walk {
	size_t size;		    /* sizeof(struct skep_system_walk) */
	enum skep_system_kind kind; /* what to walk over */
	uint32_t id;		    /* of the present one; the walk goes on behind it */
	int fd; /* of the present one: closed by the next step. Set it to -1 to keep it */
};

/*
 * skep_system_next - opens the next one, in the order of ids, with two system calls. What vanishes
 * between being found and being opened is left out.
 *
 * Returns 1, 0 behind the last, or a negative errno: EPERM (a walk needs CAP_SYS_ADMIN; the message
 * says what is missing), EINVAL (no such kind, or the kernel has none). After 0 and errors the walk
 * holds no fd.
 */
int skep_system_next(struct skep_system_walk *walk, struct skep_error *err);

/* Ends a walk early: closes its fd. Needs not be called after skep_system_next returned 0. */
void skep_system_end(struct skep_system_walk *walk);

/* An fd of the one with this id, the caller's; ENOENT: there is none, EPERM as above. */
int skep_system_open(enum skep_system_kind kind, uint32_t id, struct skep_error *err);

/* What to read beyond what one system call tells. */
#define SKEP_SYSTEM_FULL_NAME (1u << 0) /* a program's name uncut, from its BTF */
#define SKEP_SYSTEM_FDINFO    (1u << 1) /* what only /proc/self/fdinfo has */
#define SKEP_SYSTEM_CODE      (1u << 2) /* a program's instructions, functions, source lines */
/* And less: the fd is from a walk or skep_system_open(), so that what it is need not be asked. */
#define SKEP_SYSTEM_OPENED (1u << 3)

/* One function of a program: the first is the program itself. */
struct skep_system_function {
	const char *name;     /* "" when the program has no BTF */
	uint32_t insn;	      /* where it begins among the instructions */
	uint32_t type_id;     /* BTF_KIND_FUNC in the program's BTF; 0: none */
	uint64_t jited_start; /* its address; 0: not compiled, or not to be seen */
	uint32_t jited_len;   /* bytes of machine code */
};

/* Where a line of source begins. */
struct skep_system_line {
	const char *file, *text; /* as clang has seen them; "" when unknown */
	uint32_t line, column;	 /* from 1; 0 when unknown */
	uint32_t insn;
	uint64_t jited; /* address of its machine code; 0: as jited_start */
};

struct skep_system_program {
	size_t size; /* sizeof(struct skep_system_program) of the library */
	uint32_t id;
	uint32_t type;	    /* BPF_PROG_TYPE_* */
	const char *name;   /* as the kernel keeps it, 15 characters; or SKEP_SYSTEM_FULL_NAME */
	uint8_t tag[8];	    /* the kernel's digest of the instructions */
	uint64_t load_time; /* nanoseconds since 1970 */
	uint32_t uid;	    /* of who loaded it */
	bool gpl;	    /* its license may call GPL-only functions */
	uint32_t ifindex;   /* offloaded to this interface; 0: not */
	uint64_t netns_dev, netns_ino;
	uint64_t run_time_ns, run_cnt; /* counted while statistics are on (skep_stats_enable) */
	uint64_t recursion_misses;     /* times not run as it was running already (5.12) */
	uint32_t verified_insns;       /* looked at by the verifier (5.16); 0: unknown */
	uint32_t jited_len;	       /* bytes of machine code; 0: interpreted, or not told */
	uint32_t xlated_len;	       /* bytes of instructions; 0: not told */
	const uint32_t *map_ids;
	uint32_t n_map_ids;
	uint32_t btf_id;	    /* its own BTF; 0: none */
	uint32_t attach_btf_obj_id; /* what it was loaded for: BTF object and type (5.16) */
	uint32_t attach_btf_id;

	uint64_t memlock; /* bytes of memory; with SKEP_SYSTEM_FDINFO */

	/* With SKEP_SYSTEM_CODE. */
	const struct bpf_insn *insns; /* as the verifier left them; NULL: not to be seen */
	uint32_t n_insns;
	const void *jited; /* machine code, jited_len bytes; NULL: none, or not to be seen */
	const struct skep_system_function *functions;
	uint32_t n_functions;
	const struct skep_system_line *lines; /* in the order of instructions */
	uint32_t n_lines;
};

/*
 * skep_system_program_read - what the kernel knows of a program. @what is any of SKEP_SYSTEM_*;
 * with SKEP_SYSTEM_OPENED alone it takes one system call (one more for a program with over 64
 * maps). What the kernel keeps from this process (kernel.kptr_restrict, CAP_SYSLOG, CAP_BPF) or is
 * too old to know stays 0.
 *
 * NULL: EBADF and EINVAL (no program's fd), EPERM, ENOMEM.
 */
struct skep_system_program *skep_system_program_read(int fd, unsigned int what,
						     struct skep_error *err);
void skep_system_program_free(struct skep_system_program *program);

/*
 * skep_stats_enable - has the kernel count how long and how often programs run, all of them, until
 * skep_stats_disable(), or until the process ends (5.8). A kernel without that command has the
 * sysctl kernel.bpf_stats_enabled (5.1), which is set, and set back by skep_stats_disable(): it
 * stays set if the process is killed.
 *
 * Counting costs each run of a program some ten nanoseconds. NULL: EPERM (needs CAP_SYS_ADMIN),
 * ENOTSUP (the kernel has neither), ENOMEM.
 */
struct skep_stats;

struct skep_stats *skep_stats_enable(struct skep_error *err);
void skep_stats_disable(struct skep_stats *stats);

struct skep_stats_reading {
	size_t size;	      /* sizeof(struct skep_stats_reading), set by the caller */
	uint64_t run_time_ns; /* while statistics were on, since the program was loaded */
	uint64_t run_cnt;
	uint64_t recursion_misses; /* counted always (5.12) */
};

/* What has been counted for a program, by its fd: one system call. Errors as above. */
int skep_stats_read(int fd, struct skep_stats_reading *reading, struct skep_error *err);

/* What programs print to (6.17), each up to 100,000 bytes that nobody has read. */
enum skep_stream {
	SKEP_STREAM_OUT = 1, /* bpf_stream_vprintk() of BPF_STDOUT */
	SKEP_STREAM_ERR = 2, /* of BPF_STDERR; the kernel's own words, as of a fault in an arena */
};

/*
 * skep_system_stream_read - takes at most @size bytes of text from a stream of the program behind
 * an fd, whoever loaded it. Returns their number at once, 0 when there is none at the moment; the
 * text has no NUL, and may end inside of a line. What a full stream could not take is lost, and
 * bpf_stream_vprintk() said so to the program.
 *
 * EBADF and EINVAL (no program's fd, no such stream), ENOTSUP (the kernel's programs have none),
 * EPERM.
 */
int64_t skep_system_stream_read(int fd, enum skep_stream stream, void *buffer, size_t size,
				struct skep_error *err);

/*
 * skep_system_map_read - what the kernel knows of the map behind an fd; @info->size must be set
 * (skep/map.h). One system call, and three for what only /proc/self/fdinfo has. Errors as
 * skep_system_program_read.
 */
int skep_system_map_read(int fd, struct skep_map_info *info, struct skep_error *err);

/* What all links have; the details of each type are skep/link.h's. */
struct skep_system_link {
	size_t size; /* sizeof(struct skep_system_link) of the library */
	uint32_t id;
	uint32_t type; /* BPF_LINK_TYPE_* */
	uint32_t prog_id;
};

struct skep_system_link *skep_system_link_read(int fd, struct skep_error *err);
void skep_system_link_free(struct skep_system_link *link);

/* The kernel's numbers (enum bpf_task_fd_type). */
enum skep_event_kind {
	SKEP_EVENT_RAW_TRACEPOINT,
	SKEP_EVENT_TRACEPOINT,
	SKEP_EVENT_KPROBE,
	SKEP_EVENT_KRETPROBE,
	SKEP_EVENT_UPROBE,
	SKEP_EVENT_URETPROBE,
};

/* A perf event of a process with a program on it: no bpf_link, so that no walk finds it. */
struct skep_system_event {
	size_t size; /* sizeof(struct skep_system_event) of the library */
	uint32_t pid;
	int fd; /* in that process */
	uint32_t prog_id;
	uint32_t kind;	  /* enum skep_event_kind */
	const char *name; /* of the tracepoint, the function ("" for an address) or the file */
	uint64_t offset;  /* in the function or file */
	uint64_t address; /* kprobes; 0 for who may not know it */
};

/*
 * skep_system_event_read - what runs on the perf event that a process, this one or another, has
 * open as @fd (BPF_TASK_FD_QUERY, 4.18); raw tracepoints as well. NULL: ENOENT (no such process, no
 * program), EBADF, ENOTSUP (something else, or a counter: those are not told), EPERM (needs
 * CAP_SYS_ADMIN), ENOMEM.
 */
struct skep_system_event *skep_system_event_read(uint32_t pid, int fd, struct skep_error *err);
void skep_system_event_free(struct skep_system_event *event);

/* Called for each; non-zero ends the walk and is returned. The event is valid until it returns. */
typedef int (*skep_system_event_fn)(void *ctx, const struct skep_system_event *event);

/*
 * skep_system_events - a walk over the perf events with programs of all processes in /proc. Returns
 * their number, a negative errno as above, or what @fn returned if that was not 0. *@unseen (NULL:
 * of no interest) becomes the number of processes whose file descriptors may not be seen.
 */
int64_t skep_system_events(skep_system_event_fn fn, void *ctx, size_t *unseen,
			   struct skep_error *err);

struct skep_system_btf {
	size_t size; /* sizeof(struct skep_system_btf) of the library */
	uint32_t id;
	uint32_t bytes;
	const char *name; /* "vmlinux", a module's name; "" for a program's */
	bool kernel;	  /* the kernel's own or a module's */
};

struct skep_system_btf *skep_system_btf_read(int fd, struct skep_error *err);
void skep_system_btf_free(struct skep_system_btf *btf);

/*
 * skep_system_btf_open - the types themselves, read from the kernel by the BTF's fd. A module's
 * continue those of skep_btf_kernel(). Freed with skep_btf_free.
 */
struct skep_btf *skep_system_btf_open(int fd, struct skep_error *err);

/*
 * skep_cgroup_path - the folder of the cgroup of version 2 with this id, which links and programs
 * tell and stat(2) calls its inode. ENOENT: there is none (any more), or no cgroup file system of
 * version 2 is mounted here; EPERM without CAP_DAC_READ_SEARCH; ENAMETOOLONG.
 */
int skep_cgroup_path(uint64_t id, char *path, size_t size, struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
