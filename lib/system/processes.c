// SPDX-License-Identifier: MIT
#include "system/processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"

/* Names of some hundred files, which are all of most folders. */
#define NAMES_BYTES (16 << 10)
/* One more thread for each so many. */
#define PROCESSES_A_THREAD 64
/* Taken at a time: kernel threads, which are nothing to look at, stand in rows. */
#define PROCESSES_AT_ONCE 16

/* The names in a folder of /proc that are numbers, as the kernel gives them. */
struct numbers {
	int fd;
	size_t at, len;
	_Alignas(struct dirent64) char bytes[NAMES_BYTES];
};

struct process {
	char pid[12];
};

struct walk {
	int proc;
	struct skep_vec(struct process) processes;
	bool are_counted; /* file descriptors, by the size of the folder */
	skep_process_fd_fn fn;
	size_t next, unseen; /* atomic */
	int ret;	     /* atomic: the first that is not 0 */
};

struct worker {
	struct walk *walk;
	void *ctx;
	pthread_t thread;
	bool was_empty; /* the last process had no file descriptor */
	struct numbers fds;
};

static bool is_number(const char *name)
{
	return *name >= '0' && *name <= '9';
}

/* NULL at the end, which is also that of a process that has ended meanwhile. */
static const char *next_number(struct numbers *n)
{
	const struct dirent64 *entry;
	ssize_t len;

	do {
		if (n->at >= n->len) {
			len = getdents64(n->fd, n->bytes, sizeof(n->bytes));
			if (len <= 0)
				return NULL;
			n->len = (size_t)len;
			n->at = 0;
		}
		entry = (const struct dirent64 *)(n->bytes + n->at);
		n->at += entry->d_reclen;
	} while (!is_number(entry->d_name));
	return entry->d_name;
}

static int cannot_see(struct worker *w)
{
	__atomic_fetch_add(&w->walk->unseen, 1, __ATOMIC_RELAXED);
	return 0;
}

static int look_at_fds(struct worker *w, struct skep_process_fd *it)
{
	const char *name;
	int ret = 0;

	w->was_empty = true;
	while (!ret && (name = next_number(&w->fds))) {
		char target[64];
		ssize_t len = readlinkat(w->fds.fd, name, target, sizeof(target) - 1);

		w->was_empty = false;
		/* What holds for one of its file descriptors holds for all. */
		if (len < 0 && errno == EACCES)
			return cannot_see(w);
		if (len <= 0)
			continue;
		target[len] = '\0';
		it->fd = atoi(name);
		it->target = target;
		ret = w->walk->fn(w->ctx, it);
	}
	return ret;
}

/* Since 6.2; before, the size is 0 whatever is in the folder. */
static bool has_no_fds(const struct walk *walk, const char *folder)
{
	struct stat st;

	return walk->are_counted && !fstatat(walk->proc, folder, &st, 0) && !st.st_size;
}

static int look_at_process(struct worker *w, const char *pid)
{
	struct skep_process_fd it = { .proc = w->walk->proc, .pid = pid };
	char folder[sizeof(struct process) + 4];
	int ret;

	memcpy(mempcpy(folder, pid, strlen(pid)), "/fd", sizeof("/fd"));
	/* Kernel threads have none: each is one call instead of four. */
	if (w->was_empty && has_no_fds(w->walk, folder))
		return 0;
	w->fds.fd = openat(w->walk->proc, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (w->fds.fd < 0) {
		bool is_refused = errno == EACCES || errno == EPERM;

		return is_refused && !has_no_fds(w->walk, folder) ? cannot_see(w) : 0;
	}
	w->fds.at = w->fds.len = 0;
	ret = look_at_fds(w, &it);
	close(w->fds.fd);
	return ret;
}

static void *work(void *ctx)
{
	struct worker *w = ctx;
	struct walk *walk = w->walk;
	int none = 0;

	while (!__atomic_load_n(&walk->ret, __ATOMIC_RELAXED)) {
		size_t from = __atomic_fetch_add(&walk->next, PROCESSES_AT_ONCE, __ATOMIC_RELAXED);
		int ret = 0;

		if (from >= walk->processes.len)
			break;
		for (size_t i = from; !ret && i < from + PROCESSES_AT_ONCE; i++)
			if (i < walk->processes.len)
				ret = look_at_process(w, walk->processes.items[i].pid);
		if (ret)
			__atomic_compare_exchange_n(&walk->ret, &none, ret, false, __ATOMIC_RELAXED,
						    __ATOMIC_RELAXED);
	}
	return NULL;
}

static size_t count_cpus(void)
{
	cpu_set_t set;

	/* More than it has room for are more than are used here. */
	return sched_getaffinity(0, sizeof(set), &set) ? CPU_SETSIZE : (size_t)CPU_COUNT(&set);
}

static size_t count_workers(const struct walk *walk, size_t most)
{
	size_t n = 1 + walk->processes.len / PROCESSES_A_THREAD, cpus;

	n = n < most ? n : most;
	cpus = n > 1 ? count_cpus() : 1;
	return n < cpus ? n : cpus;
}

/* This thread is the first of them; signals are for the program's own threads. */
static void work_together(struct worker *workers, size_t n)
{
	sigset_t all, before;
	size_t started = 1;

	sigfillset(&all);
	if (n > 1)
		pthread_sigmask(SIG_SETMASK, &all, &before);
	while (started < n &&
	       !pthread_create(&workers[started].thread, NULL, work, &workers[started]))
		started++;
	if (n > 1)
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	work(&workers[0]);
	for (size_t i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
}

static int list_processes(struct walk *walk, struct numbers *numbers)
{
	const char *name;

	*numbers = (struct numbers){ .fd = walk->proc };
	while ((name = next_number(numbers))) {
		struct process *process = skep_vec_push(&walk->processes);

		if (!process)
			return -ENOMEM;
		memcpy(process->pid, name, strnlen(name, sizeof(process->pid) - 1));
	}
	return 0;
}

static int walk_all(struct walk *walk, void *const *ctxs, size_t n)
{
	SKEP_SCOPED(skep_scoped_free) struct worker *workers = calloc(n, sizeof(*workers));
	int ret = workers ? list_processes(walk, &workers[0].fds) : -ENOMEM;

	if (ret)
		return ret;
	n = count_workers(walk, n);
	for (size_t i = 0; i < n; i++) {
		workers[i].walk = walk;
		workers[i].ctx = ctxs[i];
	}
	work_together(workers, n);
	return walk->ret;
}

int skep_each_process_fd(skep_process_fd_fn fn, void *const *ctxs, size_t n_ctxs, size_t *unseen,
			 struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct walk walk = { .proc = proc, .fn = fn };
	struct stat st;
	int ret;

	*unseen = 0;
	if (proc < 0)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno,
					    "processes cannot be listed from /proc");
	/* This process has at least one, /proc. */
	walk.are_counted = !fstatat(proc, "self/fd", &st, 0) && st.st_size;
	ret = walk_all(&walk, ctxs, n_ctxs);
	*unseen = walk.unseen;
	skep_vec_free(&walk.processes);
	return ret == -ENOMEM ? skep_error_nomem(err, SKEP_STAGE_READ) : ret;
}
