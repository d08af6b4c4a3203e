// SPDX-License-Identifier: MIT
/* Users and groups by their file. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/vec.h"
#include "record/lookup.h"

#define MOST_BYTES  (4u << 20)
#define CHECK_AFTER 1000000000 /* ns */

struct account {
	uint32_t id;
	uint32_t name; /* where it begins in the text */
};

struct skep_accounts {
	const char *path;
	char *text;			      /* names end with a NUL */
	struct skep_vec(struct account) list; /* ascending */
	struct stat seen;
	int64_t checked;
};

struct skep_accounts *skep_accounts_new(const char *path)
{
	struct skep_accounts *accounts = calloc(1, sizeof(*accounts));

	if (accounts)
		accounts->path = path;
	return accounts;
}

void skep_accounts_free(struct skep_accounts *accounts)
{
	if (!accounts)
		return;
	free(accounts->text);
	skep_vec_free(&accounts->list);
	free(accounts);
}

/* Of one id the first in the file counts, as in the C library. */
static int by_id(const void *a, const void *b)
{
	const struct account *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

/* "root:x:0:"; lines that are no such are passed over. */
static void add_line(struct skep_accounts *accounts, char *line)
{
	char *password = strchr(line, ':'), *number = password ? strchr(password + 1, ':') : NULL;
	struct account *account;
	unsigned long long id;
	char *end;

	if (!number || number[1] < '0' || number[1] > '9' || password == line)
		return;
	id = strtoull(number + 1, &end, 10);
	if ((*end != ':' && *end) || id > UINT32_MAX)
		return;
	account = skep_vec_push(&accounts->list);
	if (!account)
		return;
	*password = '\0';
	*account = (struct account){ (uint32_t)id, (uint32_t)(line - accounts->text) };
}

/* A line that the limit has cut in two is left out. */
static void parse(struct skep_accounts *accounts, size_t len)
{
	char *line = accounts->text, *end;

	for (; (end = memchr(line, '\n', len - (size_t)(line - accounts->text))); line = end + 1) {
		*end = '\0';
		add_line(accounts, line);
	}
	if (len < MOST_BYTES)
		add_line(accounts, line);
	if (accounts->list.len)
		qsort(accounts->list.items, accounts->list.len, sizeof(*accounts->list.items),
		      by_id);
}

static size_t read_all(int fd, char *text, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size && (n = read(fd, text + len, size - len)) > 0)
		len += (size_t)n;
	return len;
}

static void load(struct skep_accounts *accounts)
{
	SKEP_SCOPED(skep_scoped_fd)
	int fd = open(accounts->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t size;

	free(accounts->text);
	accounts->text = NULL;
	accounts->list.len = 0;
	if (fd < 0 || fstat(fd, &accounts->seen) || !S_ISREG(accounts->seen.st_mode))
		return;
	size = accounts->seen.st_size < MOST_BYTES ? (size_t)accounts->seen.st_size : MOST_BYTES;
	accounts->text = malloc(size + 1);
	if (!accounts->text)
		return;
	size = read_all(fd, accounts->text, size);
	accounts->text[size] = '\0';
	parse(accounts, size);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void check(struct skep_accounts *accounts)
{
	int64_t now = skep_clock_now(CLOCK_MONOTONIC_COARSE);
	struct stat st = { 0 };

	if (accounts->checked && now - accounts->checked < CHECK_AFTER)
		return;
	accounts->checked = now ?: 1;
	if (stat(accounts->path, &st) || !is_same(&st, &accounts->seen))
		load(accounts);
}

const char *skep_accounts_name(struct skep_accounts *accounts, uint64_t id)
{
	size_t low = 0, high;

	check(accounts);
	high = accounts->list.len;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (accounts->list.items[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == accounts->list.len || accounts->list.items[low].id != id)
		return NULL;
	return accounts->text + accounts->list.items[low].name;
}

bool skep_accounts_number(struct skep_accounts *accounts, const char *name, uint64_t *id)
{
	check(accounts);
	skep_vec_for_each(&accounts->list, account) {
		if (strcmp(accounts->text + account->name, name) != 0)
			continue;
		*id = account->id;
		return true;
	}
	return false;
}
