/* SPDX-License-Identifier: MIT */
/*
 * skep/program.h - one program of a loaded object.
 *
 * Belongs to its object and lives as long. A program that was not loaded has fd -1 and, unless it
 * was switched off, an error that says why.
 */
#ifndef SKEP_PROGRAM_H
#define SKEP_PROGRAM_H

#include <skep/spec.h>

#ifdef __cplusplus
extern "C" {
#endif

struct skep_program;
struct skep_link; /* skep/link.h */

const char *skep_program_name(const struct skep_program *program);
/* What the file says of it; of NULL, an empty one. */
const struct skep_program_spec *skep_program_spec(const struct skep_program *program);

/* Its file descriptor, owned by the object; -1 when it is not loaded. */
int skep_program_fd(const struct skep_program *program);

/* Why it is not loaded or not attached; NULL when nothing went wrong. */
const struct skep_error *skep_program_error(const struct skep_program *program);

/* The link that skep_object_attach made for it, owned by the object; NULL when there is none. */
const struct skep_link *skep_program_link(const struct skep_program *program);

/* The verifier's log as text, "" when there is none. Valid as long as the object. */
const char *skep_program_log(const struct skep_program *program);

/* The instructions as given to the kernel, all references resolved; NULL before they were. */
const struct bpf_insn *skep_program_insns(const struct skep_program *program, size_t *n);

/*
 * skep_program_set_insns - other instructions for a program of a prepared object that is not
 * loaded yet: copied, and taken as they are, with the fds of maps in them. If their number is
 * another, functions and source lines are not known any more. EINVAL (not prepared, no
 * instructions or over 1,000,000), EBUSY (loaded).
 */
int skep_program_set_insns(struct skep_program *program, const struct bpf_insn *insns, size_t n,
			   struct skep_error *err);

struct skep_program_copy_opts {
	size_t size;	     /* sizeof(struct skep_program_copy_opts) */
	const char *name;    /* NULL: the program's */
	const char *section; /* "fentry/tcp_connect": its type, attach type, flags and target are
				the copy's; NULL: all as the program's */
	int target_fd;	     /* as in struct skep_program_spec; 0: the program's */
	uint32_t flags;	     /* BPF_F_* beside those of the section */
};

/*
 * skep_program_load_copy - loads a program of a prepared object (skep_object_prepare) once more,
 * with the same maps and for another hook; it needs not be loaded itself. The copy is the caller's,
 * until skep_program_close(), and may outlive the object, but not its spec. Errors as
 * skep_object_load(); EINVAL, EBADF (it is not prepared), ENOTSUP (it is in a table, struct_ops).
 */
struct skep_program *skep_program_load_copy(const struct skep_program *program,
					    const struct skep_program_copy_opts *opts,
					    struct skep_error *err);

/*
 * skep_program_digest - SHA-256 of the program's instructions, in which no map is named, to
 * @digest, 32 bytes: what the kernel knows it by when a map is for one program alone
 * (skep_map_opts.exclusive), and whose beginning is its tag (both 6.18). EBADF: it has no
 * instructions yet, or was opened by a pin.
 */
int skep_program_digest(const struct skep_program *program, uint8_t *digest,
			struct skep_error *err);

/*
 * skep_program_pin - gives the program the name @path in a BPF file system (/sys/fs/bpf), so that
 * it stays loaded when its process ends. A program that a pinned link runs needs no pin. EEXIST:
 * the name is taken; ENOENT: a folder is missing; EINVAL: there is no BPF file system (the hint is
 * the mount to make) or the name has a dot.
 */
int skep_program_pin(const struct skep_program *program, const char *path, struct skep_error *err);

/* Takes the name away. ENOENT: there is none; ESTALE: another program has it, and keeps it. */
int skep_program_unpin(const struct skep_program *program, const char *path,
		       struct skep_error *err);

/*
 * skep_program_open_pinned - the program that is pinned at @path, on its own: it can be run,
 * attached, put into links and pinned elsewhere, but has no instructions, log or source. @section
 * is the section name that it would have in a source ("cgroup_skb/egress",
 * "tp/sched/sched_switch"): the kernel tells a program's type, but not its attach type and target.
 * NULL: neither is needed, as for xdp. ENOENT: nothing is pinned there; EINVAL: it is no program,
 * or not of that section.
 */
struct skep_program *skep_program_open_pinned(const char *path, const char *section,
					      struct skep_error *err);

/*
 * The same of the program with this id, whoever loaded it and whether it is pinned or not. ENOENT:
 * there is none; EPERM: needs CAP_SYS_ADMIN.
 */
struct skep_program *skep_program_open_id(uint32_t id, const char *section, struct skep_error *err);

/* Closes what skep_program_open_pinned() or skep_program_open_id() opened, or
 * skep_program_load_copy() loaded. NULL, and programs of an object, are left alone.
 */
void skep_program_close(struct skep_program *program);

struct skep_map;

/*
 * skep_program_bind_map - lets a map live as long as the program and stand among its maps (5.10),
 * though no instruction refers to it. One that it has already is fine. EBADF: program or map is not
 * in the kernel; ENOTSUP: the kernel cannot.
 */
int skep_program_bind_map(const struct skep_program *program, const struct skep_map *map,
			  struct skep_error *err);

/*
 * skep_program_associate - names the table of functions (struct_ops) for which functions of the
 * kernel work when this program calls them (7.0). Programs of a table have theirs. It holds until
 * the program is freed. EINVAL: no such table, or a program of one; EBUSY: it has another; ENOTSUP,
 * EBADF.
 */
int skep_program_associate(const struct skep_program *program, const struct skep_map *map,
			   struct skep_error *err);

struct skep_program_run {
	size_t size;			    /* sizeof(struct skep_program_run) */
	const void *data_in;		    /* packet, or NULL */
	void *data_out;			    /* room for the packet afterwards, or NULL */
	const void *ctx_in;		    /* context struct of the program's type, or NULL */
	void *ctx_out;			    /* room for the context afterwards, or NULL */
	uint32_t data_in_len, data_out_len; /* data_out_len: room; afterwards: bytes */
	uint32_t ctx_in_len, ctx_out_len;   /* likewise */
	uint32_t repeat;		    /* 0 counts as 1; for types that can be repeated */
	uint32_t cpu;	      /* raw tracepoints, with BPF_F_TEST_RUN_ON_CPU: where it runs */
	uint32_t flags;	      /* BPF_F_TEST_* */
	uint32_t retval;      /* what the program returned */
	uint32_t duration_ns; /* mean over the repeats */
	uint32_t batch_size;  /* of live frames: sent at once; 0: the kernel's 64, at most 256 */
};

/*
 * skep_program_test_run - runs a program without attaching it (BPF_PROG_TEST_RUN).
 *
 *	socket filter, tc, cgroup_skb, lwt	packet of 14 bytes to a page, struct __sk_buff
 *	xdp	packet, struct xdp_md whose data_end is the packet's length (5.18)
 *	flow_dissector	packet, struct bpf_flow_keys; data_out is a struct bpf_flow_keys
 *	sk_lookup	struct bpf_sk_lookup (5.13)
 *	raw_tp, raw_tp.w	the arguments, 64 bits each; not repeated (5.10)
 *	fentry, fexit, fmod_ret	nothing: the kernel calls bpf_fentry_test1 and its siblings, so
 *		that what is attached there runs (5.7)
 *	syscall	any context of at most 65535 bytes; not repeated (5.14)
 *	struct_ops	of bpf_dummy_ops: the address of its state, then arguments (5.16)
 *	netfilter	packet with Ethernet and IP header, struct nf_hook_state (6.4)
 *
 * With BPF_F_TEST_XDP_LIVE_FRAMES (5.18) the packets really go where the program says, @repeat of
 * them; nothing comes back. A syscall program's context is ctx_out afterwards, as long as ctx_in.
 *
 * ENOTSUP: programs of this type cannot be run by hand. EINVAL: what is given is not what the
 * type takes (the message says that). ENOSPC: the output is longer than the room for it; what fits
 * is there, and data_out_len or ctx_out_len is the length that it has. E2BIG: the context is longer
 * than the kernel's, or the batch too large. EPERM, ENOMEM.
 */
int skep_program_test_run(const struct skep_program *program, struct skep_program_run *run,
			  struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
