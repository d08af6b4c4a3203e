/* SPDX-License-Identifier: MIT */
/*
 * skep/holders.h - who keeps programs, maps, links and BTF in the kernel: processes that have a
 * file descriptor of one, and names in BPF file systems.
 *
 *	struct skep_holders *holders = skep_holders_read(NULL, &err);
 *	const struct skep_holder *of = skep_holders_of(holders, SKEP_SYSTEM_PROGRAMS, id, &n);
 *
 * What is attached (an interface, a cgroup), or used by another program, lives without either.
 * Both lists are copies, which say nothing about later. No program is loaded for them.
 */
#ifndef SKEP_HOLDERS_H
#define SKEP_HOLDERS_H

#include <skep/system.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A process that holds one thing; told once, by its first file descriptor, however many it has. */
struct skep_holder {
	enum skep_system_kind kind;
	uint32_t id; /* of the program, map, link or BTF */
	uint32_t pid;
	int fd;	       /* in that process */
	char comm[16]; /* its name, as in /proc/PID/comm */
};

struct skep_holders; /* opaque; freed by skep_holders_free */

struct skep_holders_opts {
	size_t size;	    /* sizeof(struct skep_holders_opts) */
	unsigned int kinds; /* only these: 1u << SKEP_SYSTEM_PROGRAMS, ...; 0: all */
};

/*
 * skep_holders_read - from the file descriptors of all processes in /proc, those of this process
 * included: a microsecond for each that is open, and some for each that is of one of the kinds.
 * Where there are many processes, up to seven threads help, which have ended when it returns.
 * Threads that have a table of file descriptors of their own are not looked at. Processes of others
 * are seen with CAP_SYS_PTRACE only; those that were not are counted by skep_holders_unseen(). The
 * id of BTF is told since 5.4.
 *
 * NULL: ENOENT (no /proc), ENOMEM.
 */
struct skep_holders *skep_holders_read(const struct skep_holders_opts *opts,
				       struct skep_error *err);
void skep_holders_free(struct skep_holders *holders);

/* All of them, ordered by kind, id and process; they live as long as the list. */
const struct skep_holder *skep_holders_all(const struct skep_holders *holders, size_t *n);

/* Those of one thing. */
const struct skep_holder *skep_holders_of(const struct skep_holders *holders,
					  enum skep_system_kind kind, uint32_t id, size_t *n);

/*
 * Processes whose file descriptors may not be seen. Before 6.2 kernel threads, which have none, are
 * counted too.
 */
size_t skep_holders_unseen(const struct skep_holders *holders);

/* A name in a BPF file system. */
struct skep_pin {
	enum skep_system_kind kind;
	uint32_t id;
	const char *path;
};

struct skep_pins;

/*
 * skep_pins_read - all pins in the BPF file systems that are mounted in this mount namespace, as
 * far as their folders may be read. NULL: ENOENT (no /proc), ENOMEM.
 */
struct skep_pins *skep_pins_read(struct skep_error *err);
void skep_pins_free(struct skep_pins *pins);

/* As skep_holders_all and skep_holders_of; the paths live as long as the list. */
const struct skep_pin *skep_pins_all(const struct skep_pins *pins, size_t *n);
const struct skep_pin *skep_pins_of(const struct skep_pins *pins, enum skep_system_kind kind,
				    uint32_t id, size_t *n);

/*
 * skep_pin_open - opens what is pinned at @path, whatever it is: an fd, and its kind in *@kind.
 * ENOENT: nothing has this name; EINVAL: it is a file that is no pin; EPERM.
 */
int skep_pin_open(const char *path, enum skep_system_kind *kind, struct skep_error *err);

#ifdef __cplusplus
}
#endif

#endif
