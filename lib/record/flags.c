// SPDX-License-Identifier: MIT
#include "record/flags.h"

#include <asm/fcntl.h>
#include <errno.h>
#include <stdlib.h>

struct flag {
	uint64_t bits;
	const char *name;
};

/* Those of several bits stand before what they have in them. Numbers differ between machines. */
static const struct flag open_flags[] = {
	{ O_CREAT, "O_CREAT" },		{ O_EXCL, "O_EXCL" },
	{ O_NOCTTY, "O_NOCTTY" },	{ O_TRUNC, "O_TRUNC" },
	{ O_APPEND, "O_APPEND" },	{ O_NONBLOCK, "O_NONBLOCK" },
	{ O_SYNC, "O_SYNC" },		{ O_DSYNC, "O_DSYNC" },
	{ FASYNC, "O_ASYNC" },		{ O_DIRECT, "O_DIRECT" },
	{ O_LARGEFILE, "O_LARGEFILE" }, { O_TMPFILE, "O_TMPFILE" },
	{ O_DIRECTORY, "O_DIRECTORY" }, { O_NOFOLLOW, "O_NOFOLLOW" },
	{ O_NOATIME, "O_NOATIME" },	{ O_CLOEXEC, "O_CLOEXEC" },
	{ O_PATH, "O_PATH" },
};

static const char *const accesses[] = { "O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE" };

static void add_rest(uint64_t rest, size_t start, struct skep_text *out)
{
	if (!rest)
		return;
	skep_text_str(out, out->len == start ? "" : "|");
	skep_text_hex(out, rest);
}

void skep_write_open_flags(uint64_t flags, struct skep_text *out)
{
	size_t start = out->len;

	skep_text_str(out, accesses[flags & O_ACCMODE]);
	flags &= ~(uint64_t)O_ACCMODE;
	for (size_t i = 0; i < sizeof(open_flags) / sizeof(open_flags[0]) && flags; i++) {
		if ((flags & open_flags[i].bits) != open_flags[i].bits)
			continue;
		skep_text_char(out, '|');
		skep_text_str(out, open_flags[i].name);
		flags &= ~open_flags[i].bits;
	}
	add_rest(flags, start, out);
}

/* One of "A|B|0x10", a number or what @find knows. */
static bool read_list(const char *text,
		      bool (*find)(const void *, const char *, size_t, uint64_t *),
		      const void *names, uint64_t *flags)
{
	uint64_t all = 0, bits;

	do {
		size_t len = strcspn(text, "|");
		char *end;

		errno = 0;
		bits = strtoull(text, &end, 0);
		if (!len || ((*text < '0' || *text > '9' || end != text + len || errno) &&
			     !find(names, text, len, &bits)))
			return false;
		all |= bits;
		text += len;
	} while (*text++);
	*flags = all;
	return true;
}

static bool is_name(const char *name, const char *text, size_t len)
{
	return !strncmp(name, text, len) && !name[len];
}

static bool find_open_flag(const void *names, const char *text, size_t len, uint64_t *bits)
{
	(void)names;
	for (size_t i = 0; i < sizeof(accesses) / sizeof(accesses[0]); i++) {
		*bits = i;
		if (is_name(accesses[i], text, len))
			return true;
	}
	for (size_t i = 0; i < sizeof(open_flags) / sizeof(open_flags[0]); i++) {
		*bits = open_flags[i].bits;
		if (is_name(open_flags[i].name, text, len))
			return true;
	}
	return false;
}

bool skep_read_open_flags(const char *text, uint64_t *flags)
{
	return read_list(text, find_open_flag, NULL, flags);
}

bool skep_write_enum_flags(const struct skep_enum *names, uint64_t flags, uint64_t mask,
			   struct skep_text *out)
{
	const struct skep_enum_value *name = skep_enum_find(names, flags);
	size_t start = out->len;

	if (name) {
		skep_text_bytes(out, name->name, name->len);
		return true;
	}
	flags &= mask;
	for (size_t i = 0; i < names->len && flags; i++) {
		uint64_t bits = names->values[i].value & mask;

		if (__builtin_popcountll(bits) != 1 || !(flags & bits))
			continue;
		skep_text_str(out, out->len == start ? "" : "|");
		skep_text_bytes(out, names->values[i].name, names->values[i].len);
		flags &= ~bits;
	}
	if (out->len == start)
		return false;
	add_rest(flags, start, out);
	return true;
}

static bool find_enum_flag(const void *names, const char *text, size_t len, uint64_t *bits)
{
	const struct skep_enum *e = names;

	for (size_t i = 0; i < e->len; i++) {
		*bits = e->values[i].value;
		if (is_name(e->values[i].name, text, len))
			return true;
	}
	return false;
}

bool skep_read_enum_flags(const struct skep_enum *names, const char *text, uint64_t *flags)
{
	return read_list(text, find_enum_flag, names, flags);
}
