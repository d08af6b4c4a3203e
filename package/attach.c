// SPDX-License-Identifier: MIT
#include "package/attach.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/attach_kinds.h"

struct skep_attach_plan {
	struct skep_arena arena; /* names and values */
	struct skep_vec(struct skep_placement) places;
};

SKEP_DEFINE_SCOPED(plan, struct skep_attach_plan, skep_attach_plan_free)

/* One word of the user's, taken apart. */
struct word {
	const char *program; /* NULL: any */
	const struct skep_attach_kind *kind;
	const char *value;
	int pid; /* "pid=123": of what else is said of the program */
};

static const struct skep_attach_kind *find_kind(const char *name, size_t len)
{
	for (const struct skep_attach_kind *kind = skep_attach_kinds; kind->name; kind++)
		if (strlen(kind->name) == len && !memcmp(kind->name, name, len))
			return kind;
	return NULL;
}

static int unknown_kind(const char *text, struct skep_error *err)
{
	SKEP_SCOPED(skep_text_free) struct skep_text list = { 0 };

	for (const struct skep_attach_kind *kind = skep_attach_kinds; kind->name; kind++)
		skep_text_printf(&list, "%s, ", kind->name);
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "--attach cannot be '%s'", text);
	skep_error_add_hint(err, "give [PROGRAM:]KIND=VALUE, KIND being one of %spid",
			    skep_text_string(&list));
	return -EINVAL;
}

static int read_word(struct skep_attach_plan *plan, const char *text, struct word *word,
		     struct skep_error *err)
{
	const char *equals = strchr(text, '='), *kind = text;
	const char *colon = equals ? memchr(text, ':', (size_t)(equals - text)) : NULL;
	char *end;

	*word = (struct word){ 0 };
	if (colon) {
		word->program = skep_arena_string(&plan->arena, text, (size_t)(colon - text));
		kind = colon + 1;
	}
	if (!equals || !equals[1])
		return unknown_kind(text, err);
	word->kind = find_kind(kind, (size_t)(equals - kind));
	word->value = skep_arena_string(&plan->arena, equals + 1, strlen(equals + 1));
	if (!word->value || (colon && !word->program))
		return skep_error_nomem(err, SKEP_STAGE_USAGE);
	if (word->kind)
		return 0;
	if (equals - kind != 3 || memcmp(kind, "pid", 3))
		return unknown_kind(text, err);
	word->pid = (int)strtol(word->value, &end, 10);
	if (word->pid <= 0 || *end)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "'%s' is no process",
				      word->value);
	return 0;
}

static const struct skep_package_program *said_of(const struct skep_package *package,
						  const char *name)
{
	skep_vec_for_each(&package->programs, program)
		if (!strcmp(program->name, name))
			return program;
	return NULL;
}

static struct skep_placement *find_place(const struct skep_attach_plan *plan, const char *program)
{
	skep_vec_for_each(&plan->places, place)
		if (!strcmp(place->program, program))
			return place;
	return NULL;
}

static struct skep_placement *add_place(struct skep_attach_plan *plan,
					const struct skep_package *package,
					struct skep_program_spec *program,
					const struct skep_attach_kind *kind, struct skep_error *err)
{
	struct skep_placement *place = skep_vec_push(&plan->places);

	if (!place) {
		skep_error_nomem(err, SKEP_STAGE_USAGE);
		return NULL;
	}
	place->kind = kind;
	place->program = program->name;
	place->of = said_of(package, program->name);
	program->attach = false;
	return place;
}

/* A process is for probes that a program has by its section's name, or by another word. */
static int add_pid(struct skep_attach_plan *plan, const struct skep_package *package,
		   struct skep_program_spec *program, int pid, struct skep_error *err)
{
	bool is_there = false;

	skep_vec_for_each(&plan->places, place) {
		if (strcmp(place->program, program->name) || !place->kind->has_pid)
			continue;
		place->pid = pid;
		is_there = true;
	}
	for (const struct skep_attach_kind *kind = skep_attach_kinds; kind->name && !is_there;
	     kind++) {
		struct skep_placement *place;

		/* A probe whose place nobody says is not to be guessed. */
		if (!kind->has_pid || !kind->fits(program) ||
		    (program->type == BPF_PROG_TYPE_KPROBE && !program->target))
			continue;
		place = add_place(plan, package, program, kind, err);
		if (!place)
			return -ENOMEM;
		place->pid = pid;
		is_there = true;
	}
	return is_there;
}

/* For each program that the word is for. */
static int add_word(struct skep_attach_plan *plan, const struct skep_package *package,
		    struct skep_spec *spec, const struct word *word, struct skep_error *err)
{
	size_t n = 0;

	if (word->program && !skep_spec_program(spec, word->program))
		return skep_error_set(err, SKEP_STAGE_USAGE, ENOENT,
				      "there is no program '%s' to attach", word->program);
	for (size_t i = 0; i < spec->n_programs; i++) {
		struct skep_program_spec *program = spec->programs[i];
		struct skep_placement *place;
		int ret;

		if (word->program && strcmp(word->program, program->name))
			continue;
		if (word->pid) {
			ret = add_pid(plan, package, program, word->pid, err);
			if (ret < 0)
				return ret;
			n += (size_t)ret;
			continue;
		}
		if (!word->kind->fits(program))
			continue;
		place = add_place(plan, package, program, word->kind, err);
		if (!place)
			return -ENOMEM;
		place->value = word->value;
		n++;
	}
	if (n)
		return 0;
	skep_error_set(err, SKEP_STAGE_USAGE, ENOENT, "%s%s%s can be attached to %s",
		       word->program ? "program '" : "none of its programs",
		       word->program ? word->program : "",
		       word->program ? "' cannot, so nothing" : "",
		       word->kind ? word->kind->name : "one process");
	return -ENOENT;
}

/* What the package says, of programs that the user says nothing of. */
static int add_said(struct skep_attach_plan *plan, const struct skep_package *package,
		    struct skep_spec *spec, struct skep_error *err)
{
	for (size_t i = 0; i < spec->n_programs; i++) {
		struct skep_program_spec *program = spec->programs[i];
		const struct skep_package_program *of = said_of(package, program->name);
		bool is_xdp = find_kind("xdp", 3)->fits(program);
		bool is_tc = find_kind("tc", 2)->fits(program);
		bool is_perf = find_kind("perf", 4)->fits(program);

		if (!of || find_place(plan, program->name))
			continue;
		if ((is_xdp || is_tc) && of->has_ifindex &&
		    !add_place(plan, package, program,
			       is_xdp ? find_kind("xdp", 3) : find_kind("tc", 2), err))
			return -ENOMEM;
		if (is_perf && !add_place(plan, package, program, find_kind("perf", 4), err))
			return -ENOMEM;
	}
	return 0;
}

struct skep_attach_plan *skep_attach_plan_new(const struct skep_package *package,
					      struct skep_spec *spec, const char *const *words,
					      size_t n, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_plan) struct skep_attach_plan *plan = calloc(1, sizeof(*plan));
	struct word word;

	if (!plan) {
		skep_error_nomem(err, SKEP_STAGE_USAGE);
		return NULL;
	}
	/* Processes last: they are of the probes that other words name. */
	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < n; i++)
			if (read_word(plan, words[i], &word, err) ||
			    ((round == 1) == (word.pid != 0) &&
			     add_word(plan, package, spec, &word, err)))
				return NULL;
	return add_said(plan, package, spec, err) ? NULL : SKEP_TAKE(plan);
}

int skep_attach_plan_attach(struct skep_attach_plan *plan, struct skep_object *object,
			    struct skep_error *err)
{
	skep_vec_for_each(&plan->places, place) {
		const struct skep_program *program = skep_object_program(object, place->program);
		struct skep_error why = { 0 };

		/* Why it is not loaded has been told. */
		if (skep_program_fd(program) < 0)
			continue;
		place->link = place->kind->attach(program, place, object, &why);
		if (place->link)
			continue;
		skep_error_add_subject(&why, "program '%s' (%s)", place->program,
				       skep_program_spec(program)->section);
		skep_attach_plan_detach(plan);
		if (err)
			*err = why;
		return why.code ? -why.code : -EINVAL;
	}
	return 0;
}

void skep_attach_plan_detach(struct skep_attach_plan *plan)
{
	if (!plan)
		return;
	skep_vec_for_each(&plan->places, place) {
		skep_link_close(place->link);
		place->link = NULL;
	}
}

void skep_attach_plan_free(struct skep_attach_plan *plan)
{
	if (!plan)
		return;
	skep_attach_plan_detach(plan);
	skep_vec_free(&plan->places);
	skep_arena_free(&plan->arena);
	free(plan);
}

size_t skep_attach_plan_n_links(const struct skep_attach_plan *plan)
{
	size_t n = 0;

	if (plan)
		skep_vec_for_each(&plan->places, place)
			n += place->link != NULL;
	return n;
}

const struct skep_link *skep_attach_plan_link(const struct skep_attach_plan *plan,
					      const char *program)
{
	const struct skep_placement *place = plan ? find_place(plan, program) : NULL;

	return place ? place->link : NULL;
}

bool skep_attach_advice(const struct skep_program_spec *program, struct skep_text *out)
{
	for (const struct skep_attach_kind *kind = skep_attach_kinds; kind->name; kind++) {
		if (!kind->fits(program))
			continue;
		skep_text_printf(out, "%s=%s", kind->name, kind->value);
		return true;
	}
	return false;
}
