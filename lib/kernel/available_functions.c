// SPDX-License-Identifier: MIT
#include "kernel/available_functions.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/glob.h"
#include "base/hash.h"
#include "kernel/lines.h"

/* What the list has in place of a name where code was removed at boot. */
#define REMOVED "__ftrace_invalid_address__"

static const char with_addresses[] = "available_filter_functions_addrs";
static const char names_only[] = "available_filter_functions";

/* "ffffffff81000000 name [module]" or "name [module]" (t_show in kernel/trace/ftrace.c). */
static bool parse(char *line, bool has_address, struct skep_available_function *f)
{
	char *end;

	*f = (struct skep_available_function){ 0 };
	if (has_address) {
		f->address = strtoull(line, &end, 16);
		if (end == line || *end != ' ')
			return false;
		line = end + 1;
	}
	f->name = line;
	end = strchr(line, ' ');
	if (end == line || !*line)
		return false;
	if (!end)
		return true;
	*end++ = '\0';
	/* More than a module stands there only for functions that are traced already. */
	if (*end == '[') {
		f->module = end + 1;
		end[strcspn(end, "]")] = '\0';
	}
	return true;
}

static int walk(int fd, bool has_address, skep_available_fn fn, void *context,
		struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) struct skep_lines *lines = skep_lines_new(fd);
	struct skep_available_function f;
	char *line;
	int ret;

	if (!lines)
		return skep_error_nomem(err, SKEP_STAGE_ATTACH);
	while ((ret = skep_lines_next(lines, &line)) > 0) {
		if (!parse(line, has_address, &f))
			return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
					      "%s of tracefs has a line that is no function",
					      names_only);
		if (!strncmp(f.name, REMOVED, strlen(REMOVED)))
			continue;
		ret = fn(&f, context);
		if (ret)
			return ret;
	}
	if (ret)
		return skep_error_set_errno(err, SKEP_STAGE_ATTACH, ret,
					    "cannot read %s of tracefs", names_only);
	return 0;
}

int skep_available_walk(int tracefs, skep_available_fn fn, void *context, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd)
	int fd = openat(tracefs, with_addresses, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		return walk(fd, true, fn, context, err);
	fd = openat(tracefs, names_only, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return walk(fd, false, fn, context, err);
	if (errno == ENOENT)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
				      "tracefs has no %s: this kernel was built without ftrace",
				      names_only);
	return skep_error_set_errno(err, SKEP_STAGE_ATTACH, errno, "cannot open %s of tracefs",
				    names_only);
}

struct matching {
	struct skep_available_match *match;
	const char *pattern;
	struct skep_hash seen;
};

static int add_name(struct matching *m, const char *name)
{
	size_t len = strlen(name);
	const char **slot, *copy;
	bool is_new;

	if (skep_hash_get(&m->seen, name, len))
		return 0;
	copy = skep_arena_string(&m->match->strings, name, len);
	if (!copy || !skep_hash_put(&m->seen, copy, len, &is_new))
		return -ENOMEM;
	slot = skep_vec_push(&m->match->names);
	if (!slot)
		return -ENOMEM;
	*slot = copy;
	return 0;
}

static int add_match(const struct skep_available_function *f, void *context)
{
	struct matching *m = context;
	uint64_t *slot;

	if (!skep_glob_matches(m->pattern, f->name))
		return 0;
	if (!f->address)
		return add_name(m, f->name);
	slot = skep_vec_push(&m->match->addresses);
	if (!slot)
		return -ENOMEM;
	*slot = f->address;
	return 0;
}

int skep_available_match(struct skep_available_match *match, int tracefs, const char *pattern,
			 struct skep_error *err)
{
	struct matching m = { .match = match, .pattern = pattern };
	int ret = skep_available_walk(tracefs, add_match, &m, err);

	skep_hash_free(&m.seen);
	return ret == -ENOMEM ? skep_error_nomem(err, SKEP_STAGE_ATTACH) : ret;
}

void skep_available_match_free(struct skep_available_match *match)
{
	skep_vec_free(&match->addresses);
	skep_vec_free(&match->names);
	skep_arena_free(&match->strings);
}

static int note_present(const struct skep_available_function *f, void *context)
{
	uintptr_t *is_there = skep_hash_get(context, f->name, strlen(f->name));

	if (is_there)
		*is_there = 1;
	return 0;
}

int64_t skep_available_missing(int tracefs, const char *const *names, size_t n,
			       struct skep_error *err)
{
	struct skep_hash wanted = { 0 };
	int64_t ret = 0;
	bool is_new;

	for (size_t i = 0; !ret && i < n; i++)
		if (!skep_hash_put(&wanted, names[i], strlen(names[i]), &is_new))
			ret = skep_error_nomem(err, SKEP_STAGE_ATTACH);
	ret = ret ?: skep_available_walk(tracefs, note_present, &wanted, err);
	while (ret >= 0 && (size_t)ret < n &&
	       *skep_hash_get(&wanted, names[ret], strlen(names[ret])))
		ret++;
	skep_hash_free(&wanted);
	return ret;
}
