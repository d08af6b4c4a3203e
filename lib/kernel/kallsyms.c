// SPDX-License-Identifier: MIT
#include "kernel/kallsyms.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/hash.h"
#include "kernel/file.h"
#include "kernel/lines.h"

static const char path[] = "/proc/kallsyms";

int skep_kallsyms_open(struct skep_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT) {
		skep_error_set(err, SKEP_STAGE_RESOLVE, ENOENT,
			       "the kernel's symbols are not known: there is no %s", path);
		skep_error_add_hint(err, "it needs /proc and a kernel with CONFIG_KALLSYMS");
		return -ENOENT;
	}
	return skep_error_set_errno(err, SKEP_STAGE_RESOLVE, errno, "cannot open %s", path);
}

/* Ten times as fast as strtoull(3), which is most of what reading them costs otherwise. */
static uint64_t read_hex(char **at)
{
	uint64_t value = 0;
	char *c = *at;

	for (;; c++) {
		unsigned int digit = (unsigned char)*c - '0',
			     letter = ((unsigned char)*c | 32) - 'a';

		if (digit < 10)
			value = value << 4 | digit;
		else if (letter < 6)
			value = value << 4 | (letter + 10);
		else
			break;
	}
	*at = c;
	return value;
}

/* "ffffffff81000000 T name\t[module]", from Documentation/admin-guide and kernel/kallsyms.c. */
static bool parse(char *line, struct skep_kallsym *symbol)
{
	char *at = line, *tab;

	symbol->address = read_hex(&at);
	if (at == line || at[0] != ' ' || !at[1] || at[2] != ' ' || !at[3])
		return false;
	symbol->type = at[1];
	symbol->name = at + 3;
	symbol->module = NULL;
	tab = strchr(at + 3, '\t');
	if (!tab)
		return true;
	*tab = '\0';
	at = strchr(tab + 1, ']');
	if (tab[1] != '[' || !at)
		return false;
	*at = '\0';
	symbol->module = tab + 2;
	return true;
}

int skep_kallsyms_walk(int fd, skep_kallsym_fn fn, void *context, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) struct skep_lines *lines = skep_lines_new(fd);
	struct skep_kallsym symbol;
	char *line;
	int ret;

	if (!lines)
		return skep_error_nomem(err, SKEP_STAGE_RESOLVE);
	while ((ret = skep_lines_next(lines, &line)) > 0) {
		if (!parse(line, &symbol))
			return skep_error_set(err, SKEP_STAGE_RESOLVE, EINVAL,
					      "%s has a line that is no symbol", path);
		ret = fn(&symbol, context);
		if (ret)
			return ret;
	}
	return ret ? skep_error_set_errno(err, SKEP_STAGE_RESOLVE, ret, "cannot read %s", path) : 0;
}

struct look_up {
	struct skep_hash by_name; /* of queries */
	struct skep_kallsyms_query *queries;
	bool has_addresses; /* one that is not 0 was seen */
};

static int look_at(const struct skep_kallsym *symbol, void *context)
{
	struct look_up *l = context;
	const uintptr_t *index = skep_hash_get(&l->by_name, symbol->name, strlen(symbol->name));
	struct skep_kallsyms_query *q;

	l->has_addresses |= symbol->address != 0;
	if (!index)
		return 0;
	q = &l->queries[*index];
	if (!q->count)
		q->address = symbol->address;
	if (!q->count || q->address != symbol->address)
		q->count++;
	return 0;
}

int skep_kallsyms_hidden(struct skep_error *err)
{
	char restrict_level[32] = "";

	skep_file_read("/proc/sys/kernel/kptr_restrict", restrict_level, sizeof(restrict_level));
	restrict_level[strcspn(restrict_level, "\n")] = '\0';
	skep_error_set(err, SKEP_STAGE_RESOLVE, EPERM,
		       "the kernel hides its addresses from this process "
		       "(kernel.kptr_restrict is %s)",
		       restrict_level);
	skep_error_add_hint(err, "with kptr_restrict 1 CAP_SYSLOG is needed, with 2 nobody sees "
				 "them: sysctl kernel.kptr_restrict=1");
	return -EPERM;
}

static int index_names(struct look_up *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *name = l->queries[i].name;
		bool is_new;
		uintptr_t *slot = skep_hash_put(&l->by_name, name, strlen(name), &is_new);

		if (!slot)
			return -ENOMEM;
		if (is_new)
			*slot = i;
		l->queries[i].address = 0;
		l->queries[i].count = 0;
	}
	return 0;
}

/* A name that was asked for twice was answered at its first place. */
static void answer_repeated(const struct look_up *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *name = l->queries[i].name;

		l->queries[i] = l->queries[*skep_hash_get(&l->by_name, name, strlen(name))];
		l->queries[i].name = name;
	}
}

int skep_kallsyms_look_up(int fd, struct skep_kallsyms_query *queries, size_t n,
			  struct skep_error *err)
{
	struct look_up l = { .queries = queries };
	int ret = index_names(&l, n);

	if (ret)
		skep_error_nomem(err, SKEP_STAGE_RESOLVE);
	else
		ret = skep_kallsyms_walk(fd, look_at, &l, err);
	if (!ret && !l.has_addresses)
		ret = skep_kallsyms_hidden(err);
	if (!ret)
		answer_repeated(&l, n);
	skep_hash_free(&l.by_name);
	return ret;
}

int skep_kallsyms_find(const char *name, uint64_t *address, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_kallsyms_open(err);
	struct skep_kallsyms_query query = { .name = name };
	int ret = fd < 0 ? fd : skep_kallsyms_look_up(fd, &query, 1, err);

	if (ret)
		return ret;
	if (!query.count)
		return skep_error_set(err, SKEP_STAGE_RESOLVE, ENOENT,
				      "the kernel has no symbol '%s'", name);
	if (query.count > 1)
		return skep_error_set(err, SKEP_STAGE_RESOLVE, ENOTUNIQ,
				      "the kernel has %zu symbols '%s' at different addresses",
				      query.count, name);
	*address = query.address;
	return 0;
}
