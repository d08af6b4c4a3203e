// SPDX-License-Identifier: MIT
#include "tools/trace/programs.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <skep/link.h>
#include <skep/ring.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/bpf.h"
#include "kernel/cpus.h"
#include "tools/trace/table.h"

/* The object file, from object.S. */
extern const char skep_trace_object[], skep_trace_object_end[];

#define MIB (1024u * 1024)

/* At ten million records a second, the most that was measured, 64 MiB are 60 ms of reading late. */
#define RINGS_TOTAL (96 * MIB)
#define RING_MAX    (16 * MIB)
#define RING_MIN    (1 * MIB)

SKEP_DEFINE_SCOPED(link, struct skep_link, skep_link_close)

static uint32_t ring_size(void)
{
	struct skep_cpus cpus = { .ids = 1 };
	uint32_t size = RING_MAX;

	skep_cpus_possible(&cpus, NULL);
	while (size > RING_MIN && (uint64_t)size * cpus.ids > RINGS_TOTAL)
		size /= 2;
	return size;
}

static int prepare(struct skep_spec *spec, struct skep_error *err)
{
	uint8_t rules[2][TRACE_N_RULES];

	skep_trace_table_rules(rules);
	return skep_spec_set_global(spec, "rules", rules, sizeof(rules), err);
}

/* Kernels have different limits to a map that programs write to; the largest that goes is taken. */
static int load_object(struct skep_trace_programs *p, struct skep_error *err)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .strict = true };
	struct skep_error why = { 0 };

	for (uint32_t size = ring_size(); size >= RING_MIN; size /= 2) {
		int ret = skep_spec_set_channel_size(p->spec, "events", size, err);

		if (ret)
			return ret;
		p->object = skep_object_load(p->spec, &opts, &why);
		if (p->object)
			return 0;
		if (why.code != E2BIG && why.code != EINVAL && why.code != ENOMEM)
			break;
	}
	if (err)
		*err = why;
	return -why.code;
}

static int map_global(const struct skep_trace_programs *p, const char *name,
		      const volatile uint64_t **to, struct skep_error *err)
{
	size_t size;

	*to = skep_object_global(p->object, name, &size, err);
	return *to ? 0 : -EINVAL;
}

int skep_trace_programs_load(struct skep_trace_programs *p, struct skep_error *err)
{
	const struct skep_spec_opts opts = { .size = sizeof(opts), .name = "trace" };
	size_t len = (size_t)(skep_trace_object_end - skep_trace_object);

	p->spec = skep_spec_read(skep_trace_object, len, &opts, err);
	if (!p->spec)
		return -EINVAL;
	return prepare(p->spec, err)					?:
		       load_object(p, err)				?:
		       map_global(p, "live", &p->live, err)		?:
		       map_global(p, "unfollowed", &p->unfollowed, err) ?:
		       map_global(p, "marked", &p->marked, err);
}

/*
 * A task whose end is missed would be waited for without end; a call that was begun and not seen
 * to return would be given the next one's end. So ends come first, and last when detached.
 */
static const char *const attach_order[TRACE_N_HOOKS] = { "ended", "forked", "replaced", "enter",
							 "leave" };
static const char *const detach_order[TRACE_N_HOOKS] = { "enter", "leave", "replaced", "forked",
							 "ended" };

static size_t hook_index(const char *name)
{
	size_t i = 0;

	while (strcmp(attach_order[i], name))
		i++;
	return i;
}

int skep_trace_programs_attach(struct skep_trace_programs *p, struct skep_error *err)
{
	for (size_t i = 0; i < TRACE_N_HOOKS; i++) {
		struct skep_error why = { 0 };

		p->links[i] =
			skep_program_attach(skep_object_program(p->object, attach_order[i]), &why);
		if (p->links[i])
			continue;
		if (err)
			*err = why;
		return -why.code;
	}
	return 0;
}

static void detach(struct skep_trace_programs *p)
{
	for (size_t i = 0; i < TRACE_N_HOOKS; i++) {
		struct skep_link **link = &p->links[hook_index(detach_order[i])];

		skep_link_close(*link);
		*link = NULL;
	}
}

void skep_trace_programs_close(struct skep_trace_programs *p)
{
	detach(p);
	skep_object_close(p->object);
	skep_spec_free(p->spec);
	*p = (struct skep_trace_programs){ 0 };
}

const struct skep_map *skep_trace_programs_ring(const struct skep_trace_programs *p)
{
	return skep_object_map(p->object, "events");
}

/* Runs an iterator to its end; its file stays empty. */
static int walk(const struct skep_trace_programs *p, const char *name, struct skep_error *err)
{
	const struct skep_program *program = skep_object_program(p->object, name);
	SKEP_SCOPED(skep_scoped_link)
	struct skep_link *link = skep_program_attach_iter(program, NULL, err);
	SKEP_SCOPED(skep_scoped_fd) int fd = -1;
	char byte;
	ssize_t n;

	if (!link)
		return -EINVAL;
	fd = skep_link_iter_open(link, err);
	if (fd < 0)
		return fd;
	/* The kernel pauses after a million tasks: EAGAIN. */
	do {
		n = read(fd, &byte, 1);
	} while (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)));
	return n ? skep_error_set_errno(err, SKEP_STAGE_RECEIVE, errno, "cannot walk the tasks") :
		   0;
}

static int mark(const struct skep_trace_programs *p, int pidfd, uint32_t flags,
		struct skep_error *err)
{
	const struct skep_trace_task task = { .flags = flags };

	return skep_map_update(skep_object_map(p->object, "tasks"), &pidfd, &task, BPF_ANY, err);
}

static int no_process(pid_t pid, int code, struct skep_error *err)
{
	if (code == ESRCH) {
		skep_error_set(err, SKEP_STAGE_ATTACH, code, "there is no process %d", pid);
	} else if (!kill(pid, 0) || errno == EPERM) {
		skep_error_set(err, SKEP_STAGE_ATTACH, code, "%d is a thread, not a process", pid);
		skep_error_add_hint(err, "give its process: the Tgid in /proc/%d/status", pid);
	} else {
		skep_error_set_errno(err, SKEP_STAGE_ATTACH, code, "process %d", pid);
	}
	return -code;
}

int skep_trace_mark_pid(struct skep_trace_programs *p, pid_t pid, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	int ret;

	if (pidfd < 0)
		return no_process(pid, errno, err);
	if (pid == getpid())
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "process %d is the tracer itself", pid);
	ret = mark(p, pidfd, TRACE_TASK_FRESH, err);
	/* It has ended since, and its number is about to be free. */
	return ret == -ENOENT || ret == -EBADF || ret == -ESRCH ? no_process(pid, ESRCH, err) : ret;
}

int skep_trace_mark_command(struct skep_trace_programs *p, int pidfd, struct skep_error *err)
{
	return mark(p, pidfd, TRACE_TASK_ARMED, err);
}

int skep_trace_mark_family(struct skep_trace_programs *p, struct skep_error *err)
{
	uint64_t before;

	do {
		int ret;

		before = *p->marked;
		ret = walk(p, "mark", err);
		if (ret)
			return ret;
	} while (*p->marked != before);
	return 0;
}

/* Detaching does not wait for programs that run just now; this does (it is synchronize_rcu). */
static void wait_for_programs(void)
{
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		usleep(20000);
}

int skep_trace_programs_stop(struct skep_trace_programs *p, struct skep_error *err)
{
	detach(p);
	if (!*p->live)
		return 0;
	wait_for_programs();
	return walk(p, "unfinished", err);
}

uint64_t skep_trace_programs_missed(const struct skep_trace_programs *p)
{
	static const char *const names[] = { "enter", "leave", "forked", "ended" };
	uint64_t missed = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct bpf_prog_info info = { 0 };
		int fd = skep_program_fd(skep_object_program(p->object, names[i]));

		if (!skep_bpf_info(fd, &info, sizeof(info)))
			missed += info.recursion_misses;
	}
	return missed;
}
