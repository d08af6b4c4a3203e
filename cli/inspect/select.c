// SPDX-License-Identifier: MIT
/* Which programs, maps, links and BTF the words of a command line mean. */
#include "cli/inspect/inspect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/glob.h"

enum by { BY_ID, BY_NAME, BY_TAG, BY_PIN };

struct selector {
	enum skep_system_kind kind;
	enum by by;
	const char *word; /* as given */
	const char *text; /* without a prefix */
};

/* "program", "map", "BTF", "link". */
static const char *kind_name(enum skep_system_kind kind)
{
	static const char *const names[] = { "program", "map", "BTF", "link" };

	return names[kind];
}

static bool is_only(const char *text, const char *characters)
{
	return *text && strspn(text, characters) == strlen(text);
}

/* No name in C begins with a digit, and one of 16 hexadecimal digits would be a bad name. */
static enum by guess(enum skep_system_kind kind, const char *word)
{
	if (is_only(word, "0123456789") && strlen(word) <= 10)
		return BY_ID;
	if (strchr(word, '/') && !strchr(word, '*'))
		return BY_PIN;
	if (kind == SKEP_SYSTEM_PROGRAMS && strlen(word) == 16 && is_only(word, "0123456789abcdef"))
		return BY_TAG;
	return BY_NAME;
}

static struct selector parse(enum skep_system_kind kind, const char *word)
{
	static const char *const prefixes[] = {
		[BY_ID] = "id:", [BY_NAME] = "name:", [BY_TAG] = "tag:", [BY_PIN] = "pin:"
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncmp(word, prefixes[i], strlen(prefixes[i])))
			return (struct selector){ kind, (enum by)i, word,
						  word + strlen(prefixes[i]) };
	return (struct selector){ kind, guess(kind, word), word, word };
}

static bool tag_matches(const uint8_t tag[8], const char *text)
{
	char hex[17];

	inspect_write_tag(tag, hex);
	return !strcmp(hex, text);
}

/* Under its whole name as well as under what the kernel has left of it. */
static bool program_matches(int fd, const struct selector *s)
{
	struct skep_system_program *p = skep_system_program_read(
		fd, SKEP_SYSTEM_OPENED | (s->by == BY_NAME ? SKEP_SYSTEM_FULL_NAME : 0), NULL);
	char cut[BPF_OBJ_NAME_LEN];
	bool matches = false;

	if (p && s->by == BY_TAG) {
		matches = tag_matches(p->tag, s->text);
	} else if (p) {
		snprintf(cut, sizeof(cut), "%s", p->name);
		matches = skep_glob_matches(s->text, p->name) || skep_glob_matches(s->text, cut);
	}
	skep_system_program_free(p);
	return matches;
}

/* A link is called as its program is. */
static bool link_matches(int fd, const struct selector *s)
{
	struct skep_system_link *link = skep_system_link_read(fd, NULL);
	int prog = link && link->prog_id ?
			   skep_system_open(SKEP_SYSTEM_PROGRAMS, link->prog_id, NULL) :
			   -1;
	bool matches = prog >= 0 && program_matches(prog, s);

	if (prog >= 0)
		close(prog);
	skep_system_link_free(link);
	return matches;
}

static bool matches(int fd, const struct selector *s)
{
	struct skep_map_info map = { .size = sizeof(map) };
	struct skep_system_btf *btf;
	bool is_it;

	switch (s->kind) {
	case SKEP_SYSTEM_PROGRAMS:
		return program_matches(fd, s);
	case SKEP_SYSTEM_LINKS:
		return link_matches(fd, s);
	case SKEP_SYSTEM_MAPS:
		return !skep_system_map_read(fd, &map, NULL) &&
		       skep_glob_matches(s->text, map.name);
	default:
		btf = skep_system_btf_read(fd, NULL);
		is_it = btf && skep_glob_matches(s->text, btf->name);
		skep_system_btf_free(btf);
		return is_it;
	}
}

static int open_pin(const struct selector *s, struct skep_error *err)
{
	enum skep_system_kind kind;
	int fd = skep_pin_open(s->text, &kind, err);

	if (fd < 0 || kind == s->kind)
		return fd;
	close(fd);
	skep_error_set(err, SKEP_STAGE_READ, EINVAL, "a %s is pinned there, not a %s",
		       kind_name(kind), kind_name(s->kind));
	skep_error_add_object(err, "%s", s->text);
	return -EINVAL;
}

static int open_id(const struct selector *s, struct skep_error *err)
{
	unsigned long long id = strtoull(s->text, NULL, 10);

	if (!is_only(s->text, "0123456789") || id > UINT32_MAX) {
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "'%s' is no id", s->text);
		return -EINVAL;
	}
	return skep_system_open(s->kind, (uint32_t)id, err);
}

static int no_such(const struct selector *s, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_READ, ENOENT, "there is no %s with %s '%s'",
		       kind_name(s->kind), s->by == BY_TAG ? "the tag" : "the name", s->text);
	skep_error_add_hint(err, "give an id, a name, %sor the path of a pin",
			    s->kind == SKEP_SYSTEM_PROGRAMS ? "a tag " : "");
	return -ENOENT;
}

/* All of a kind that match; @s NULL: all. */
static int walk(enum skep_system_kind kind, const struct selector *s, inspect_fn fn, void *ctx,
		struct skep_error *err)
{
	struct skep_system_walk walk = { .size = sizeof(walk), .kind = kind };
	size_t found = 0;
	int ret;

	while ((ret = skep_system_next(&walk, err)) > 0) {
		if (s && !matches(walk.fd, s))
			continue;
		found++;
		ret = fn(walk.fd, ctx, err);
		if (ret)
			break;
	}
	skep_system_end(&walk);
	return ret || found || !s ? ret : no_such(s, err);
}

int inspect_each(enum skep_system_kind kind, const char *const *words, size_t n, inspect_fn fn,
		 void *ctx, struct skep_error *err)
{
	int ret = 0;

	if (!n)
		return walk(kind, NULL, fn, ctx, err);
	for (size_t i = 0; i < n && !ret; i++) {
		struct selector s = parse(kind, words[i]);

		if (s.by == BY_ID || s.by == BY_PIN) {
			SKEP_SCOPED(skep_scoped_fd)
			int fd = s.by == BY_ID ? open_id(&s, err) : open_pin(&s, err);

			ret = fd < 0 ? fd : fn(fd, ctx, err);
		} else {
			ret = walk(kind, &s, fn, ctx, err);
		}
	}
	return ret;
}

struct only {
	enum skep_system_kind kind;
	int fd;
	size_t n;
	char ids[128];
};

/* The id is in the second word of all but BTF's answer, which has its reader. */
static uint32_t id_of(enum skep_system_kind kind, int fd)
{
	struct skep_map_info map = { .size = sizeof(map) };
	struct skep_system_program *p;
	struct skep_system_link *l;
	struct skep_system_btf *b;
	uint32_t id = 0;

	switch (kind) {
	case SKEP_SYSTEM_PROGRAMS:
		p = skep_system_program_read(fd, SKEP_SYSTEM_OPENED, NULL);
		id = p ? p->id : 0;
		skep_system_program_free(p);
		break;
	case SKEP_SYSTEM_LINKS:
		l = skep_system_link_read(fd, NULL);
		id = l ? l->id : 0;
		skep_system_link_free(l);
		break;
	case SKEP_SYSTEM_MAPS:
		id = skep_system_map_read(fd, &map, NULL) ? 0 : map.id;
		break;
	default:
		b = skep_system_btf_read(fd, NULL);
		id = b ? b->id : 0;
		skep_system_btf_free(b);
		break;
	}
	return id;
}

static int take(int fd, void *ctx, struct skep_error *err)
{
	struct only *only = ctx;

	snprintf(only->ids + strlen(only->ids), sizeof(only->ids) - strlen(only->ids), "%s%u",
		 only->n ? ", " : "", id_of(only->kind, fd));
	if (only->n++)
		return 0;
	only->fd = dup(fd);
	return only->fd < 0 ? skep_error_set_errno(err, SKEP_STAGE_READ, errno, "no fd is left") :
			      0;
}

int inspect_open(enum skep_system_kind kind, const char *word, struct skep_error *err)
{
	struct only only = { .kind = kind, .fd = -1 };
	int ret = inspect_each(kind, &word, 1, take, &only, err);

	if (!ret && only.n > 1) {
		ret = skep_error_set(err, SKEP_STAGE_USAGE, ENOTUNIQ,
				     "'%s' names %zu of them, with the ids %s", word, only.n,
				     only.ids);
		skep_error_add_hint(err, "give the id of one");
	}
	if (!ret)
		return only.fd;
	if (only.fd >= 0)
		close(only.fd);
	return ret;
}
