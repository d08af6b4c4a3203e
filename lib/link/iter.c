// SPDX-License-Identifier: MIT
/* Iterators: programs that run for each of a kind of objects when a file is read. */
#include "link/link.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "kernel/bpf.h"
#include "kernel/rights.h"

struct iter {
	const struct skep_program *program;
	struct skep_iter_opts opts;
	char hook[160];
	int cgroup_fd; /* -1: none was asked for */
};

/* Which objects to go over (union bpf_iter_link_info): at most one of these. */
union scope {
	uint32_t map_fd;
	struct {
		uint32_t order, cgroup_fd;
		uint64_t cgroup_id;
	} cgroup;
	struct {
		uint32_t tid, pid, pid_fd;
	} task;
};

static bool goes_over_a_map(const char *target)
{
	return target && (!strcmp(target, "bpf_map_elem") || !strcmp(target, "sockmap") ||
			  !strcmp(target, "bpf_sk_storage_map"));
}

static int check(struct iter *it, struct skep_error *err)
{
	const struct skep_iter_opts *o = &it->opts;
	const char *target = skep_program_spec(it->program)->target;
	int ret;

	snprintf(it->hook, sizeof(it->hook), "iterator %s", target ? target : "");
	ret = skep_link_check(it->program, BPF_PROG_TYPE_TRACING, BPF_PROG_TYPE_TRACING, it->hook,
			      err);
	if (ret)
		return ret;
	if (!!o->map + !!o->cgroup + !!o->tid + !!o->pid > 1)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "an iterator goes over one of a map, a cgroup, a thread and "
				      "a process");
	/* The kernel takes any number, and then has nothing to show. */
	if ((o->tid || o->pid) && syscall(SYS_tkill, o->tid ?: o->pid, 0) && errno != EPERM)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ESRCH,
				      "there is no thread or process %d", o->tid ?: o->pid);
	if (goes_over_a_map(target) && skep_map_fd(o->map) < 0) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			       "%s goes over the elements of a map, and none was given", it->hook);
		skep_error_add_hint(err, "set opts.map of skep_program_attach_iter()");
		return -EINVAL;
	}
	return 0;
}

static int open_cgroup(struct iter *it, struct skep_error *err)
{
	if (!it->opts.cgroup)
		return 0;
	it->cgroup_fd = open(it->opts.cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return it->cgroup_fd < 0 ?
		       skep_error_set_errno(err, SKEP_STAGE_ATTACH, errno,
					    "cgroup %s cannot be opened", it->opts.cgroup) :
		       0;
}

/* Bytes of @scope that say something: an older kernel takes no more than it knows. */
static uint32_t fill_scope(const struct iter *it, union scope *scope)
{
	const struct skep_iter_opts *o = &it->opts;

	memset(scope, 0, sizeof(*scope));
	if (o->map) {
		scope->map_fd = (uint32_t)skep_map_fd(o->map);
		return sizeof(scope->map_fd);
	}
	if (o->cgroup) {
		scope->cgroup.order = o->order ? o->order : SKEP_ITER_DESCENDANTS_PRE;
		scope->cgroup.cgroup_fd = (uint32_t)it->cgroup_fd;
		return sizeof(scope->cgroup);
	}
	if (!o->tid && !o->pid)
		return 0;
	scope->task.tid = (uint32_t)o->tid;
	scope->task.pid = (uint32_t)o->pid;
	return sizeof(scope->task);
}

static int refused(const struct iter *it, int code, uint32_t scope_len, struct skep_error *err)
{
	bool is_scope = scope_len && (code == -E2BIG || code == -EINVAL);

	if (!is_scope)
		return skep_link_refused(err, code, SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON, it->hook);
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
		       "%s cannot be limited to %s with this kernel", it->hook,
		       it->opts.map    ? "that map" :
		       it->opts.cgroup ? "a cgroup" :
					 "a process");
	skep_error_add_hint(err, "%s",
			    it->opts.map ? "a map must be of a type that the iterator goes over" :
					   "processes and cgroups came with Linux 6.1");
	return -ENOTSUP;
}

/* Before 6.1 the number of a thread is taken for a map's, which is of no interest to the kernel. */
static bool is_limited(const struct iter *it, int fd)
{
	struct bpf_link_info info = { 0 };

	return !it->opts.tid || (!skep_bpf_info(fd, &info, sizeof(info)) &&
				 info.iter.task.tid == (uint32_t)it->opts.tid);
}

static struct skep_link *attach(struct iter *it, struct skep_error *err)
{
	struct skep_attr_link_create attr;
	union scope scope;
	int fd;

	if (check(it, err) || open_cgroup(it, err))
		return NULL;
	memset(&attr, 0, sizeof(attr));
	attr.prog_fd = (uint32_t)skep_program_fd(it->program);
	attr.attach_type = BPF_TRACE_ITER;
	attr.iter_info_len = fill_scope(it, &scope);
	attr.iter_info = attr.iter_info_len ? SKEP_PTR(&scope) : 0;
	fd = skep_bpf_link_create(&attr);
	if (fd >= 0 && !is_limited(it, fd)) {
		close(fd);
		fd = -EINVAL;
	}
	if (fd >= 0)
		return skep_link_new(NULL, fd, err, "%s", it->hook);
	refused(it, fd, attr.iter_info_len, err);
	return NULL;
}

struct skep_link *skep_program_attach_iter(const struct skep_program *program,
					   const struct skep_iter_opts *opts,
					   struct skep_error *err)
{
	struct iter it = { .program = program,
			   .opts = SKEP_OPTS(struct skep_iter_opts, opts),
			   .cgroup_fd = -1 };
	struct skep_link *link = attach(&it, err);

	skep_scoped_fd(&it.cgroup_fd);
	return link ? link : skep_link_fail(program, err);
}

int skep_link_iter_open(const struct skep_link *link, struct skep_error *err)
{
	int fd;

	if (!link)
		return skep_error_null(err, SKEP_STAGE_ATTACH, "link");
	fd = skep_bpf_iter_create(skep_link_fd(link));
	if (fd >= 0)
		return fd;
	skep_link_refused(err, fd, SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON, link->label);
	skep_error_add_subject(err, "link '%s'", link->label);
	return fd;
}
