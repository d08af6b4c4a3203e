// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/bpf.h"
#include "link/link.h"
#include "link/query.h"
#include "kernel/rights.h"

struct held {
	int map;
	uint32_t attach_type;
};

static int change(int map, int prog, uint32_t attach_type,
		  int (*how)(struct skep_attr_prog_attach *))
{
	struct skep_attr_prog_attach attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)map;
	attr.attach_bpf_fd = (uint32_t)prog;
	attr.attach_type = attach_type;
	return how(&attr);
}

/* The kernel takes a program away only if it is the one that is there. */
static void detach(struct skep_link *link)
{
	const struct held *held = link->state;

	change(held->map, link->prog_fd, held->attach_type, skep_bpf_prog_detach);
	close(held->map);
}

static const struct skep_link_ops ops = { .detach = detach };

static int check(const struct skep_program *program, const struct skep_map *map,
		 struct skep_error *err)
{
	const struct skep_program_spec *spec;
	int ret = skep_link_check(program, BPF_PROG_TYPE_SK_MSG, BPF_PROG_TYPE_SK_SKB,
				  "a map of sockets", err);

	if (ret)
		return ret;
	if (!map || skep_map_fd(map) < 0)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EBADF, "there is no such map");
	if (skep_map_type(map) != BPF_MAP_TYPE_SOCKMAP &&
	    skep_map_type(map) != BPF_MAP_TYPE_SOCKHASH)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "map '%s' is neither a sockmap nor a sockhash",
				      skep_map_name(map));
	spec = skep_program_spec(program);
	if (spec->type == BPF_PROG_TYPE_SK_MSG || spec->attach_type)
		return 0;
	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
		       "nothing says whether it parses a stream or decides on it");
	skep_error_add_hint(err, "name the section \"sk_skb/stream_parser\", "
				 "\"sk_skb/stream_verdict\" or \"sk_skb/verdict\"");
	return -EINVAL;
}

static int busy(const struct skep_map *map, uint32_t prog_id, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_ATTACH, EBUSY,
		       "map '%s' has %s%u at this hook already, and takes one", skep_map_name(map),
		       prog_id ? "program " : "a program or its like", prog_id);
	skep_error_add_hint(err, "detach that one first");
	return -EBUSY;
}

/* Without bpf_link the kernel would replace silently; where it can tell, it is asked before. */
static int attach_plain(const struct skep_program *program, const struct skep_map *map,
			uint32_t attach_type, struct skep_error *err)
{
	int code;
	struct skep_attached *attached =
		skep_query((uint32_t)skep_map_fd(map), attach_type, 0, &code);
	uint32_t other = attached && attached->n ? attached->programs[0].program_id : 0;

	skep_attached_free(attached);
	if (other)
		return busy(map, other, err);
	code = change(skep_map_fd(map), skep_program_fd(program), attach_type,
		      skep_bpf_prog_attach);
	if (code == -EBUSY)
		return busy(map, 0, err);
	/* Map and program have been looked at: what is left is that the hook is unknown. */
	if (code == -EINVAL)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
				      "maps of sockets have no hook for it in this kernel");
	return code ? skep_link_refused(err, code, SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN,
					"a map of sockets") :
		      0;
}

static struct skep_link *plain_link(const struct skep_program *program, const struct skep_map *map,
				    struct skep_error *err)
{
	struct skep_link *link = skep_link_hold(&ops, program, sizeof(struct held), err,
						"sockmap %s", skep_map_name(map));
	struct held *held;

	if (!link)
		return NULL;
	held = link->state;
	held->attach_type = skep_program_spec(program)->attach_type;
	held->map = fcntl(skep_map_fd(map), F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (held->map < 0)
		skep_error_set_errno(err, SKEP_STAGE_ATTACH, errno,
				     "there is no room for one more link");
	else if (!attach_plain(program, map, held->attach_type, err))
		return link;
	if (held->map >= 0)
		close(held->map);
	skep_link_abandon(link);
	return NULL;
}

struct skep_link *skep_program_attach_sockmap(const struct skep_program *program,
					      const struct skep_map *map, struct skep_error *err)
{
	struct skep_link *link;
	int fd;

	if (check(program, map, err))
		return skep_link_fail(program, err);
	fd = skep_link_to_fd(program, skep_map_fd(map));
	if (fd >= 0)
		return skep_link_new(NULL, fd, err, "sockmap %s", skep_map_name(map));
	if (fd == -EINVAL || fd == -EOPNOTSUPP) {
		link = plain_link(program, map, err);
		return link ? link : skep_link_fail(program, err);
	}
	if (fd == -EBUSY || fd == -EEXIST)
		busy(map, 0, err);
	else
		skep_link_refused(err, fd, SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN,
				  "a map of sockets");
	return skep_link_fail(program, err);
}
