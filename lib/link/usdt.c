// SPDX-License-Identifier: MIT
/* Static probes of user space. */
#include "link/usdt.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "load/probe.h"
#include "user/maps.h"

struct probe {
	const struct skep_program *program;
	const char *provider, *name;
	struct skep_usdt_opts opts;
	struct skep_binary *binary;
	struct skep_usdt_places found;
};

/* A pinned link goes on, and its program needs what is in the maps. */
static void release(struct skep_link *link)
{
	skep_uprobe_release(link);
	skep_usdt_close_maps(link->state, !link->pin);
}

static const struct skep_link_ops usdt_ops = { .detach = release };

static int check(const struct probe *p, const char *path, struct skep_error *err)
{
	int ret = skep_link_check(p->program, BPF_PROG_TYPE_KPROBE, BPF_PROG_TYPE_KPROBE,
				  "a static probe", err);

	if (!ret)
		ret = skep_uprobe_check_pid(p->opts.pid, err);
	if (ret)
		return ret;
	if (!path || !p->name)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL, "no %s is given",
				      path ? "static probe" : "file");
	return 0;
}

/* Where the program will see itself stopped, for kernels that cannot tell by a cookie. */
static int address_of(const struct probe *p, size_t i, uint64_t *ip, struct skep_error *err)
{
	if (p->binary->image.type == ET_EXEC) {
		*ip = p->found.places[i].addr;
		return 0;
	}
	if (p->opts.pid &&
	    skep_maps_address(p->opts.pid, p->binary->path, p->found.points[i].offset, ip))
		return 0;
	if (p->opts.pid)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
				      "process %d has not loaded '%s'", p->opts.pid,
				      p->binary->label);
	skep_error_set(
		err, SKEP_STAGE_ATTACH, ENOTSUP,
		"without cookies for probes (before Linux 5.15) the addresses of '%s', which "
		"differ between processes, must be known",
		p->binary->label);
	skep_error_add_hint(err, "give a process");
	return -ENOTSUP;
}

/* Each place gets its spec, and the cookie or the address by which the program finds it. */
static int write_maps(struct probe *p, struct skep_usdt_state *state, bool has_cookies,
		      struct skep_error *err)
{
	for (size_t i = 0; i < p->found.n; i++) {
		int64_t id = skep_usdt_put_spec(state, &p->found.places[i], p->opts.cookie, err);
		uint64_t ip = 0;
		int ret;

		if (id < 0)
			return (int)id;
		if (has_cookies) {
			p->found.points[i].cookie = (uint64_t)id;
			continue;
		}
		ret = address_of(p, i, &ip, err) ?:
			      skep_usdt_put_address(state, ip, (uint32_t)id, err);
		if (ret)
			return ret;
	}
	return 0;
}

static int attach_link(struct probe *p, struct skep_link *link, struct skep_error *err)
{
	struct skep_uprobe uprobe = { .program = p->program,
				      .binary = p->binary,
				      .points = p->found.points,
				      .n = p->found.n,
				      .pid = p->opts.pid,
				      .has_cookies = skep_kernel_has_cookies() };

	snprintf(uprobe.hook, sizeof(uprobe.hook), "%s", link->label);
	return write_maps(p, link->state, uprobe.has_cookies, err) ?:
		       skep_uprobe_attach(&uprobe, link, err);
}

static struct skep_link *attach(struct probe *p, struct skep_error *err)
{
	struct skep_usdt_state *state;
	struct skep_link *link;
	int ret = skep_uprobe_check_machine(p->binary, err) ?:
			  skep_usdt_find(p->binary, p->provider, p->name, &p->found, err);

	skep_binary_close(p->binary);
	if (ret)
		return NULL;
	link = skep_link_hold(&usdt_ops, p->program, sizeof(*state), err, "usdt %.50s:%s%s%s",
			      p->binary->label, p->provider ? p->provider : "",
			      p->provider ? ":" : "", p->name);
	if (!link)
		return NULL;
	state = link->state;
	if (skep_usdt_open_maps(state, p->program, err) || attach_link(p, link, err)) {
		skep_link_close(link);
		return NULL;
	}
	return link;
}

struct skep_link *skep_program_attach_usdt(const struct skep_program *program, const char *path,
					   const char *provider, const char *name,
					   const struct skep_usdt_opts *opts,
					   struct skep_error *err)
{
	struct probe p = { .program = program,
			   .provider = provider,
			   .name = name,
			   .opts = SKEP_OPTS(struct skep_usdt_opts, opts) };
	struct skep_link *link = NULL;

	if (check(&p, path, err))
		return skep_link_fail(program, err);
	p.binary = skep_uprobe_binary(err);
	if (p.binary && !skep_binary_open(p.binary, path, p.opts.pid, err))
		link = attach(&p, err);
	free(p.binary);
	free(p.found.places);
	free(p.found.points);
	return link ? link : skep_link_fail(program, err);
}

/* "PATH:PROVIDER:NAME" */
struct skep_link *skep_usdt_by_section(const struct skep_program *program, struct skep_error *err)
{
	const char *target = skep_program_spec(program)->target;
	const char *colon = skep_uprobe_split(target, "FILE:PROVIDER:NAME", err);
	SKEP_SCOPED(skep_scoped_free) char *copy = colon ? strdup(target) : NULL;
	char *provider, *name;

	if (!colon)
		return skep_link_fail(program, err);
	if (!copy) {
		skep_error_nomem(err, SKEP_STAGE_ATTACH);
		return NULL;
	}
	provider = copy + (colon - target);
	*provider++ = '\0';
	name = strchr(provider, ':');
	if (!name || name == provider || !name[1]) {
		skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			       "'%.200s' does not name a place as FILE:PROVIDER:NAME", target);
		return skep_link_fail(program, err);
	}
	*name++ = '\0';
	return skep_program_attach_usdt(program, copy, provider, name, NULL, err);
}
