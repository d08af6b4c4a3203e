/* SPDX-License-Identifier: MIT */
/*
 * Where programs are attached, as a user says it beside what their sections' names do:
 * [PROGRAM:]KIND=VALUE, "xdp=eth0", "on_exit:uprobe=/bin/bash:readline". Without a program's name
 * it is for all programs of that kind.
 */
#ifndef SKEP_PACKAGE_ATTACH_H
#define SKEP_PACKAGE_ATTACH_H

#include <skep/object.h>
#include <skep/text.h>

#include "package/package.h"

struct skep_attach_plan;

/*
 * Reads @n of them, and what the package says of interfaces. Programs that they are for are not
 * attached by skep_object_attach() any more. EINVAL: no such kind or value; ENOENT: no such
 * program, or none of that kind. The plan keeps its own copies.
 */
struct skep_attach_plan *skep_attach_plan_new(const struct skep_package *package,
					      struct skep_spec *spec, const char *const *words,
					      size_t n, struct skep_error *err);

/* Attaches them; the first one that cannot be is the error, and nothing of the plan is attached. */
int skep_attach_plan_attach(struct skep_attach_plan *plan, struct skep_object *object,
			    struct skep_error *err);
void skep_attach_plan_detach(struct skep_attach_plan *plan);
void skep_attach_plan_free(struct skep_attach_plan *plan);

/* Links that it holds. */
size_t skep_attach_plan_n_links(const struct skep_attach_plan *plan);

/* The first link of this program; NULL: it has none of the plan's. */
const struct skep_link *skep_attach_plan_link(const struct skep_attach_plan *plan,
					      const char *program);

/* How to say it of a program that waits for it, "xdp=INTERFACE". False: there is no way. */
bool skep_attach_advice(const struct skep_program_spec *program, struct skep_text *out);

#endif
