/* SPDX-License-Identifier: MIT */
/*
 * Static probes. What the program is to know of a place, its spec, lies in a map of its object
 * (include/skep/bpf/usdt.h, or libbpf's usdt.bpf.h): found by the place's cookie, or, where the
 * kernel has none for probes, by its address through a second map.
 */
#ifndef SKEP_LINK_USDT_H
#define SKEP_LINK_USDT_H

#include "link/uprobe.h"
#include "user/usdt.h"

struct skep_usdt_place {
	struct skep_usdt_arg args[SKEP_USDT_MAX_ARGS];
	int n_args;
	uint64_t addr; /* in the file's address space */
};

/* Places, and for each the point that it is attached at. */
struct skep_usdt_places {
	struct skep_usdt_place *places;
	struct skep_uprobe_point *points;
	size_t n;
};

/* usdt_find.c: all places of a probe in a file. The caller frees both arrays. */
int skep_usdt_find(const struct skep_binary *binary, const char *provider, const char *name,
		   struct skep_usdt_places *found, struct skep_error *err);

/* A link's state: what it has in the maps. */
struct skep_usdt_state {
	struct skep_uprobe_state probes; /* first, for skep_uprobe_release() */
	int specs, addresses;		 /* the maps, own fds; -1: none */
	uint32_t value_size;		 /* of a spec */
	uint32_t *ids;
	size_t n_ids;
	uint64_t *ips;
	size_t n_ips;
};

/* usdt_specs.c: opens the maps of the program's object. -ENOENT: it has none. */
int skep_usdt_open_maps(struct skep_usdt_state *state, const struct skep_program *program,
			struct skep_error *err);

/* Writes a place's spec, or finds the same one; its id. -ENOSPC. */
int64_t skep_usdt_put_spec(struct skep_usdt_state *state, const struct skep_usdt_place *place,
			   uint64_t cookie, struct skep_error *err);

/* Says which spec belongs to an address. -ENOSPC. */
int skep_usdt_put_address(struct skep_usdt_state *state, uint64_t ip, uint32_t id,
			  struct skep_error *err);

/* Closes the maps; with @take_out what the link has in them is taken out before. */
void skep_usdt_close_maps(struct skep_usdt_state *state, bool take_out);

/* By a section named usdt. */
struct skep_link *skep_usdt_by_section(const struct skep_program *program, struct skep_error *err);

#endif
