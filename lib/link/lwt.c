// SPDX-License-Identifier: MIT
/* Programs of routes: light-weight tunnels. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/error.h"
#include "base/opts.h"
#include "kernel/netlink.h"
#include "kernel/netlink_route.h"
#include "kernel/rights.h"
#include "link/interface.h"
#include "link/link.h"

struct held {
	struct skep_netlink nl;
	struct skep_route route;
};

static void detach(struct skep_link *link)
{
	struct held *held = link->state;

	skep_netlink_route_delete(&held->nl, &held->route);
	skep_netlink_close(&held->nl);
}

static const struct skep_link_ops ops = { .detach = detach };

static int no_address(const char *text, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			      "'%s' is no IPv4 or IPv6 address with or without /PREFIX", text);
}

/* "ADDRESS" or "ADDRESS/PREFIX"; bits behind the prefix must be zero, as the kernel wants them. */
static int parse_destination(const char *text, struct skep_route *route, struct skep_error *err)
{
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	char address[INET6_ADDRSTRLEN], *end;
	unsigned long prefix;

	if (len >= sizeof(address))
		return no_address(text, err);
	memcpy(address, text, len);
	address[len] = '\0';
	route->family = strchr(address, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(route->family, address, route->destination) != 1)
		return no_address(text, err);
	prefix = route->family == AF_INET6 ? 128 : 32;
	route->prefix = (uint8_t)prefix;
	if (!slash)
		return 0;
	if (slash[1] < '0' || slash[1] > '9' || strtoul(slash + 1, &end, 10) > prefix || *end)
		return no_address(text, err);
	route->prefix = (uint8_t)strtoul(slash + 1, NULL, 10);
	return 0;
}

static int parse(const struct skep_lwt_opts *opts, struct skep_route *route, struct skep_error *err)
{
	int ret;

	if (!opts->destination)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "the route's destination is missing");
	ret = parse_destination(opts->destination, route, err);
	if (ret)
		return ret;
	route->has_gateway = opts->gateway;
	if (opts->gateway && inet_pton(route->family, opts->gateway, route->gateway) != 1)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "gateway '%s' is no address of the destination's family",
				      opts->gateway);
	route->table = opts->table;
	route->metric = opts->metric;
	route->is_local = opts->local;
	return skep_interface_find(opts->ifname, &route->ifindex, err);
}

static int check(const struct skep_program *program, const struct skep_lwt_opts *opts,
		 struct skep_error *err)
{
	bool is_lwt = false;
	uint32_t type;

	if (program) {
		type = skep_program_spec(program)->type;
		is_lwt = type == BPF_PROG_TYPE_LWT_IN || type == BPF_PROG_TYPE_LWT_OUT ||
			 type == BPF_PROG_TYPE_LWT_XMIT || type == BPF_PROG_TYPE_LWT_SEG6LOCAL;
	}
	type = is_lwt ? skep_program_spec(program)->type : BPF_PROG_TYPE_UNSPEC;
	if (!opts->headroom || type == BPF_PROG_TYPE_LWT_XMIT)
		return skep_link_check(program, type, type, "a route", err);
	return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			      "only lwt_xmit programs have a headroom");
}

static int refused(const struct skep_lwt_opts *opts, int code, const char *words,
		   struct skep_error *err)
{
	char hook[128];

	snprintf(hook, sizeof(hook), "a route to %s", opts->destination);
	if (words[0])
		skep_error_set(err, SKEP_STAGE_ATTACH, code, "the kernel refuses %s: %s", hook,
			       words);
	else if (code == -EEXIST)
		skep_error_set(err, SKEP_STAGE_ATTACH, code, "there is %s already", hook);
	else if (code == -EOPNOTSUPP)
		skep_error_set(err, SKEP_STAGE_ATTACH, code,
			       "this kernel does not run programs for %s", hook);
	else
		skep_link_refused(err, code, SKEP_RIGHT_BPF | SKEP_RIGHT_NET_ADMIN, hook);
	if (code == -EEXIST)
		skep_error_add_hint(err, "remove it first, or give this one another metric");
	return code;
}

struct skep_link *skep_program_attach_lwt(const struct skep_program *program,
					  const struct skep_lwt_opts *opts, struct skep_error *err)
{
	const struct skep_lwt_opts o = SKEP_OPTS(struct skep_lwt_opts, opts);
	struct skep_route_program through;
	struct skep_route route = { 0 };
	struct skep_link *link;
	struct held *held;
	int ret;

	if (check(program, &o, err) || parse(&o, &route, err))
		return skep_link_fail(program, err);
	link = skep_link_hold(&ops, program, sizeof(*held), err, "route %s", o.destination);
	if (!link)
		return skep_link_fail(program, err);
	held = link->state;
	held->route = route;
	through = (struct skep_route_program){ .type = skep_program_spec(program)->type,
					       .fd = skep_program_fd(program),
					       .name = skep_program_name(program),
					       .headroom = o.headroom };
	ret = skep_netlink_open(&held->nl) ?: skep_netlink_route_add(&held->nl, &route, &through);
	if (!ret)
		return link;
	refused(&o, ret, held->nl.words, err);
	skep_netlink_close(&held->nl);
	skep_link_abandon(link);
	return skep_link_fail(program, err);
}
