/* SPDX-License-Identifier: MIT */
/* What the commands of `skep inspect` share. */
#ifndef SKEP_CLI_INSPECT_H
#define SKEP_CLI_INSPECT_H

#include <skep/skep.h>

#include "cli/cli.h"
#include "cli/table.h"

/* Called with the fd of each thing, which is closed afterwards. Not 0 ends the walk. */
typedef int (*inspect_fn)(int fd, void *ctx, struct skep_error *err);

/*
 * All of a kind, or, if there are words, those that each word names: ENOENT for a word that names
 * none. A word is an id, a name (or pattern of '*' and '?'), a program's tag or a pin's path; by
 * id:, name:, tag: or pin: it is only that.
 */
int inspect_each(enum skep_system_kind kind, const char *const *words, size_t n, inspect_fn fn,
		 void *ctx, struct skep_error *err);

/* The fd of the only one that a word names; ENOTUNIQ names those that it could be. */
int inspect_open(enum skep_system_kind kind, const char *word, struct skep_error *err);

/* Who holds things: what `held_by` and `pins` of a table are. */
struct inspect_held {
	struct skep_holders *holders; /* NULL: nothing is known */
	struct skep_pins *pins;
};

/* Reads what is shown: the holders of @kinds, as bits (0: none), and pins. */
int inspect_held_read(struct inspect_held *held, unsigned int kinds, bool with_pins,
		      struct skep_error *err);
void inspect_held_free(struct inspect_held *held);
void inspect_put_held(struct table *t, const struct inspect_held *held, enum skep_system_kind kind,
		      uint32_t id);

/* What may not be seen is told on stderr; what is shown is what there is besides. */
void inspect_tell_unseen(size_t n_processes);

/* One row each. */
int inspect_put_program(struct table *t, int fd, const struct inspect_held *held,
			struct skep_error *err);
int inspect_put_map(struct table *t, int fd, const struct inspect_held *held,
		    struct skep_error *err);
void inspect_put_link_info(struct table *t, const struct skep_link_info *info,
			   const struct inspect_held *held);

/* A list, or all details of those that are named. The exit code. */
struct inspect_list {
	enum skep_system_kind kind;
	const struct table_column *columns;
	int (*put)(struct table *t, int fd, const struct inspect_held *held,
		   struct skep_error *err);
};

int inspect_list(const struct inspect_list *list, const struct command *command, int argc,
		 char **argv);

/* The kernel's name of a number, or "type 99" for one that has none. */
void inspect_put_type(struct table *t, const char *name, const char *known, uint32_t type);

/* The kernel's digest of a program, as 16 hexadecimal digits. */
void inspect_write_tag(const uint8_t tag[8], char text[17]);

/* The name of a loaded program, whole; false: it is not there any more, or not to be seen. */
bool inspect_program_name(uint32_t id, char *name, size_t size);

/* What constants named bpf_metadata_... say of the program that has these maps. */
void inspect_put_metadata(struct table *t, const uint32_t *map_ids, uint32_t n);

/* What a type of a BTF object is called: "tcp_sendmsg", "nf_conntrack:nf_ct_get"; "" if unknown. */
void inspect_btf_target(uint32_t object_id, uint32_t type_id, char *name, size_t size);

/* What a link is attached to, in words, and all details as values of the row. */
void inspect_put_link_target(struct table *t, const struct skep_link_info *info);
void inspect_put_link_details(struct table *t, const struct skep_link_info *info);

/* Prints a table at the end of such a verb. */
int inspect_end(struct table *t, struct skep_error *err);

/*
 * A verb with between @least and @most words: parses, runs, prints the error. @run returns 0 or a
 * negative errno. The exit code.
 */
typedef int (*inspect_run_fn)(const struct option_args *args, struct skep_error *err);

int inspect_verb(const struct command *command, const struct option *options, int argc, char **argv,
		 size_t least, size_t most, inspect_run_fn run);

extern const struct command inspect_prog, inspect_map, inspect_link, inspect_btf, inspect_tree;
extern const struct command inspect_map_dump, inspect_map_lookup, inspect_map_next,
	inspect_map_peek, inspect_map_pop, inspect_map_update, inspect_map_delete, inspect_map_push,
	inspect_map_freeze, inspect_map_create;
extern const struct command inspect_prog_dump, inspect_btf_dump;
extern const struct command inspect_cgroup, inspect_net, inspect_perf, inspect_struct_ops,
	inspect_iter, inspect_log, inspect_batch, inspect_feature, inspect_token;
extern const struct command inspect_pin, inspect_unpin, inspect_detach;

#endif
