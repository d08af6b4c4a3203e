// SPDX-License-Identifier: MIT
#include "record/lookup.h"

#include <net/if.h>
#include <pthread.h>
#include <skep/system.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "kernel/mounts.h"

/* A name of one number drives that of another out if both fall on the same slot. */
#define SLOTS	     256
#define FRESH_FOR    1000000000 /* ns */
#define ALWAYS_FRESH INT64_MAX

struct slot {
	uint64_t number;
	int64_t fresh_until; /* 0: empty */
	char *name;	     /* NULL: there is none */
};

struct skep_lookup {
	enum skep_meaning meaning;
	pthread_mutex_t lock;
	struct skep_accounts *accounts; /* of users and groups */
	struct slot slots[SLOTS];	/* of all else */
};

bool skep_lookup_has(enum skep_meaning meaning)
{
	return meaning == SKEP_MEANING_UID || meaning == SKEP_MEANING_GID ||
	       meaning == SKEP_MEANING_IFINDEX || meaning == SKEP_MEANING_CGROUP ||
	       meaning == SKEP_MEANING_CONTAINER;
}

struct skep_lookup *skep_lookup_new(enum skep_meaning meaning)
{
	struct skep_lookup *lookup = calloc(1, sizeof(*lookup));
	bool is_group = meaning == SKEP_MEANING_GID;

	if (!lookup)
		return NULL;
	lookup->meaning = meaning;
	pthread_mutex_init(&lookup->lock, NULL);
	if (!is_group && meaning != SKEP_MEANING_UID)
		return lookup;
	lookup->accounts = skep_accounts_new(is_group ? "/etc/group" : "/etc/passwd");
	if (lookup->accounts)
		return lookup;
	skep_lookup_free(lookup);
	return NULL;
}

void skep_lookup_free(struct skep_lookup *lookup)
{
	if (!lookup)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		free(lookup->slots[i].name);
	skep_accounts_free(lookup->accounts);
	pthread_mutex_destroy(&lookup->lock);
	free(lookup);
}

/* The longest of all mount points that a folder is in. */
struct mount_point {
	const char *folder;
	size_t len;
};

static int measure(const struct skep_mount *mount, void *ctx)
{
	struct mount_point *m = ctx;
	size_t len = strlen(mount->path);

	if (len > m->len && !strncmp(m->folder, mount->path, len) &&
	    (m->folder[len] == '/' || !m->folder[len]))
		m->len = len;
	return 0;
}

/* From the root of the cgroups on, wherever they are mounted. */
static bool ask_cgroup(uint64_t id, char name[SKEP_LOOKUP_NAME])
{
	struct mount_point m = { name, 0 };

	if (!id || skep_cgroup_path(id, name, SKEP_LOOKUP_NAME, NULL))
		return false;
	skep_mounts_each("cgroup2", measure, &m);
	memmove(name, name + m.len, strlen(name + m.len) + 1);
	if (!*name)
		memcpy(name, "/", sizeof("/"));
	return true;
}

/* How long the answer holds: the number of a cgroup is never given to another. */
static int64_t ask(enum skep_meaning meaning, uint64_t number, char name[SKEP_LOOKUP_NAME])
{
	int64_t soon = skep_clock_now(CLOCK_MONOTONIC_COARSE) + FRESH_FOR;
	bool is_found;

	if (meaning == SKEP_MEANING_IFINDEX) {
		is_found = number <= UINT32_MAX && if_indextoname((unsigned int)number, name);
		name[0] = is_found ? name[0] : '\0';
		return soon;
	}
	is_found = ask_cgroup(number, name);
	name[0] = is_found ? name[0] : '\0';
	return is_found ? ALWAYS_FRESH : soon;
}

static struct slot *slot_of(struct skep_lookup *lookup, uint64_t number)
{
	return &lookup->slots[(number * 0x9e3779b97f4a7c15) >> 56 & (SLOTS - 1)];
}

static size_t find(struct skep_lookup *lookup, uint64_t number, char name[SKEP_LOOKUP_NAME])
{
	struct slot *slot = slot_of(lookup, number);
	size_t len;

	if (slot->number != number || !slot->fresh_until ||
	    (slot->fresh_until != ALWAYS_FRESH &&
	     slot->fresh_until <= skep_clock_now(CLOCK_MONOTONIC_COARSE))) {
		free(slot->name);
		*slot = (struct slot){ number, ask(lookup->meaning, number, name), NULL };
		slot->name = *name ? strdup(name) : NULL;
		/* Without memory it is asked for again the next time. */
		slot->fresh_until = *name && !slot->name ? 0 : slot->fresh_until;
		return strlen(name);
	}
	len = slot->name ? strlen(slot->name) : 0;
	memcpy(name, slot->name ?: "", len + 1);
	return len;
}

size_t skep_lookup_name(struct skep_lookup *lookup, uint64_t number, char name[SKEP_LOOKUP_NAME])
{
	const char *account;
	size_t len;

	pthread_mutex_lock(&lookup->lock);
	if (lookup->accounts) {
		account = skep_accounts_name(lookup->accounts, number);
		len = account ? strnlen(account, SKEP_LOOKUP_NAME - 1) : 0;
		memcpy(name, account ?: "", len);
		name[len] = '\0';
	} else {
		len = find(lookup, number, name);
	}
	pthread_mutex_unlock(&lookup->lock);
	return len;
}

struct path_of {
	const char *name;
	uint64_t id;
};

static int ask_id(const struct skep_mount *mount, void *ctx)
{
	struct path_of *p = ctx;
	char path[SKEP_LOOKUP_NAME];
	struct stat st;
	int len = snprintf(path, sizeof(path), "%s%s", mount->path, p->name);

	if (len < 0 || (size_t)len >= sizeof(path) || stat(path, &st) || !S_ISDIR(st.st_mode))
		return 0;
	p->id = st.st_ino;
	return 1;
}

bool skep_lookup_number(struct skep_lookup *lookup, const char *name, uint64_t *number)
{
	struct path_of p = { name, 0 };
	bool is_found = false;

	if (lookup->accounts) {
		pthread_mutex_lock(&lookup->lock);
		is_found = skep_accounts_number(lookup->accounts, name, number);
		pthread_mutex_unlock(&lookup->lock);
	} else if (lookup->meaning == SKEP_MEANING_IFINDEX) {
		*number = if_nametoindex(name);
		is_found = *number != 0;
	} else if (lookup->meaning == SKEP_MEANING_CGROUP && *name == '/' && !strstr(name, "/..")) {
		is_found = skep_mounts_each("cgroup2", ask_id, &p) == 1;
		*number = p.id;
	}
	return is_found;
}
