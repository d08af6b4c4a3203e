// SPDX-License-Identifier: MIT
/* Programs of one socket, or of a group of them, by socket options. */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/rights.h"
#include "link/link.h"

/* The two options of a hook, and whom it takes. */
struct hook {
	const char *name;
	int attach, detach;
	uint32_t type, other_type;
};

static const struct hook filter_hook = { "socket", SO_ATTACH_BPF, SO_DETACH_BPF,
					 BPF_PROG_TYPE_SOCKET_FILTER, BPF_PROG_TYPE_SOCKET_FILTER };
static const struct hook reuseport_hook = { "reuseport group of socket", SO_ATTACH_REUSEPORT_EBPF,
					    SO_DETACH_REUSEPORT_BPF, BPF_PROG_TYPE_SK_REUSEPORT,
					    BPF_PROG_TYPE_SOCKET_FILTER };

struct held {
	int socket;
	const struct hook *hook;
};

static void detach(struct skep_link *link)
{
	const struct held *held = link->state;
	int none = 0;

	setsockopt(held->socket, SOL_SOCKET, held->hook->detach, &none, sizeof(none));
	close(held->socket);
}

static const struct skep_link_ops ops = { .detach = detach };

static int refused(const struct hook *hook, int fd, int code, struct skep_error *err)
{
	char name[64];

	snprintf(name, sizeof(name), "%s %d", hook->name, fd);
	if (code == -EINVAL && hook == &reuseport_hook) {
		skep_error_set(err, SKEP_STAGE_ATTACH, code,
			       "socket %d does not share its port with others", fd);
		skep_error_add_hint(err, "set SO_REUSEPORT before it is bound");
		return code;
	}
	if (code == -ENOTSOCK)
		return skep_error_set(err, SKEP_STAGE_ATTACH, code, "fd %d is no socket", fd);
	if (code == -EPERM)
		return skep_error_set(err, SKEP_STAGE_ATTACH, code,
				      "the filter of %s is locked (SO_LOCK_FILTER)", name);
	return skep_link_refused(err, code, SKEP_RIGHT_BPF, name);
}

static int attach(const struct skep_program *program, struct held *held)
{
	int prog = skep_program_fd(program);

	if (held->socket < 0 ||
	    setsockopt(held->socket, SOL_SOCKET, held->hook->attach, &prog, sizeof(prog)))
		return -errno;
	return 0;
}

static struct skep_link *attach_to(const struct skep_program *program, const struct hook *hook,
				   int fd, struct skep_error *err)
{
	struct skep_link *link;
	struct held *held;
	int ret;

	if (skep_link_check(program, hook->type, hook->other_type, "a socket", err))
		return skep_link_fail(program, err);
	link = skep_link_hold(&ops, program, sizeof(*held), err, "%s %d", hook->name, fd);
	if (!link)
		return skep_link_fail(program, err);
	held = link->state;
	held->hook = hook;
	held->socket = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	ret = attach(program, held);
	if (!ret)
		return link;
	refused(hook, fd, ret, err);
	if (held->socket >= 0)
		close(held->socket);
	skep_link_abandon(link);
	return skep_link_fail(program, err);
}

struct skep_link *skep_program_attach_socket(const struct skep_program *program, int fd,
					     struct skep_error *err)
{
	return attach_to(program, &filter_hook, fd, err);
}

struct skep_link *skep_program_attach_reuseport(const struct skep_program *program, int fd,
						struct skep_error *err)
{
	return attach_to(program, &reuseport_hook, fd, err);
}
