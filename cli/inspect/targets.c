// SPDX-License-Identifier: MIT
/* What links are attached to, in words and in detail. */
#include "cli/inspect/inspect.h"

#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

static const char *const netfilter_families[] = {
	[1] = "inet", [2] = "ipv4", [3] = "arp", [5] = "netdev", [7] = "bridge", [10] = "ipv6"
};
static const char *const netfilter_hooks[] = { "prerouting", "input", "forward", "output",
					       "postrouting" };

#define NAME_AT(list, i) ((i) < sizeof(list) / sizeof((list)[0]) ? (list)[i] : NULL)

static bool kernel_type(int fd, uint32_t type_id, char *name, size_t size)
{
	struct skep_system_btf *known = skep_system_btf_read(fd, NULL);
	struct skep_btf *own = NULL;
	const struct skep_btf *btf = NULL;

	if (known && known->kernel && !strcmp(known->name, "vmlinux"))
		btf = skep_btf_kernel(NULL);
	else if (known)
		btf = own = skep_system_btf_open(fd, NULL);
	if (btf) {
		bool is_module = known->kernel && btf == own;

		snprintf(name, size, "%s%s%s", is_module ? known->name : "", is_module ? ":" : "",
			 skep_btf_name(btf, type_id));
	}
	skep_btf_free(own);
	skep_system_btf_free(known);
	return *name;
}

void inspect_btf_target(uint32_t object_id, uint32_t type_id, char *name, size_t size)
{
	SKEP_SCOPED(skep_scoped_fd)
	int fd = object_id ? skep_system_open(SKEP_SYSTEM_BTFS, object_id, NULL) : -1;

	*name = '\0';
	if (fd >= 0)
		kernel_type(fd, type_id, name, size);
}

/* A function of another program, whose BTF the type is in. */
static void program_target(uint32_t prog_id, uint32_t type_id, char *name, size_t size)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = skep_system_open(SKEP_SYSTEM_PROGRAMS, prog_id, NULL);
	struct skep_system_program *p = fd < 0 ? NULL : skep_system_program_read(fd, 0, NULL);

	*name = '\0';
	if (p && p->btf_id)
		inspect_btf_target(p->btf_id, type_id, name, size);
	skep_system_program_free(p);
}

static void put_tracing(struct table *t, const struct skep_link_info *info)
{
	char name[192];

	if (info->attach_type) {
		inspect_btf_target(info->tracing.object_id, info->tracing.btf_id, name,
				   sizeof(name));
		table_string(t, "target", name);
		return;
	}
	program_target(info->tracing.object_id, info->tracing.btf_id, name, sizeof(name));
	table_printf(t, "target", "program %u%s%s", info->tracing.object_id, *name ? " " : "",
		     name);
}

static bool is_attached(const char *ifname, const struct skep_link_info *info)
{
	struct skep_attached *attached =
		skep_attached_to_interface(ifname, info->attach_type, NULL);
	bool found = false;

	for (size_t i = 0; attached && i < attached->n; i++)
		found |= attached->programs[i].program_id == info->prog_id;
	skep_attached_free(attached);
	return found;
}

/* The number is one of the link's network namespace: it has a name here if it is this one. */
static void put_interface(struct table *t, const struct skep_link_info *info)
{
	char name[IF_NAMESIZE];

	if (!info->xdp.ifindex)
		table_string(t, "target", "an interface that is gone");
	else if (if_indextoname(info->xdp.ifindex, name) && is_attached(name, info))
		table_string(t, "target", name);
	else
		table_printf(t, "target", "interface %u of another network namespace",
			     info->xdp.ifindex);
}

static void put_cgroup(struct table *t, uint64_t id)
{
	char path[PATH_MAX];

	if (!skep_cgroup_path(id, path, sizeof(path), NULL))
		table_string(t, "target", path);
	else
		table_printf(t, "target", "cgroup %llu", (unsigned long long)id);
}

static void put_iter(struct table *t, const struct skep_iter_link *iter)
{
	if (iter->map_id)
		table_printf(t, "target", "%s of map %u", iter->target ?: "", iter->map_id);
	else if (iter->pid || iter->tid)
		table_printf(t, "target", "%s of %s %u", iter->target ?: "",
			     iter->pid ? "process" : "thread", iter->pid ?: iter->tid);
	else
		table_string(t, "target", iter->target);
}

static void put_perf_event(struct table *t, const struct skep_perf_event_link *perf)
{
	static const char *const kinds[] = { "",	  "uprobe",	"uretprobe", "kprobe",
					     "kretprobe", "tracepoint", "event" };
	const char *kind = NAME_AT(kinds, perf->kind) ?: "";

	if (perf->kind == SKEP_PERF_LINK_EVENT)
		table_printf(t, "target", "event %u:%llu", perf->event_type,
			     (unsigned long long)perf->event_config);
	else if (perf->offset)
		table_printf(t, "target", "%s %s+0x%llx", kind, perf->name ?: "",
			     (unsigned long long)perf->offset);
	else if (*kind)
		table_printf(t, "target", "%s %s", kind, perf->name ?: "");
}

static void put_netfilter(struct table *t, const struct skep_netfilter_link *nf)
{
	const char *family = NAME_AT(netfilter_families, nf->family);
	const char *hook = NAME_AT(netfilter_hooks, nf->hook);

	table_printf(t, "target", "%s %s at %d%s", family ?: "family ?", hook ?: "hook ?",
		     nf->priority, nf->flags ? " defragmented" : "");
}

void inspect_put_link_target(struct table *t, const struct skep_link_info *info)
{
	switch ((enum skep_link_type)info->type) {
	case SKEP_LINK_RAW_TRACEPOINT:
		return table_string(t, "target", info->raw_tracepoint.name);
	case SKEP_LINK_TRACING:
		return put_tracing(t, info);
	case SKEP_LINK_CGROUP:
		return put_cgroup(t, info->cgroup.cgroup_id);
	case SKEP_LINK_ITER:
		return put_iter(t, &info->iter);
	case SKEP_LINK_NETNS:
		return table_printf(t, "target", "network namespace %u", info->netns.inode);
	case SKEP_LINK_XDP:
	case SKEP_LINK_TCX:
	case SKEP_LINK_NETKIT:
		return put_interface(t, info);
	case SKEP_LINK_PERF_EVENT:
		return put_perf_event(t, &info->perf_event);
	case SKEP_LINK_KPROBE_MULTI:
		return table_printf(t, "target", "%u functions", info->kprobe_multi.count);
	case SKEP_LINK_STRUCT_OPS:
	case SKEP_LINK_SOCKMAP:
		return table_printf(t, "target", "map %u", info->sockmap.map_id);
	case SKEP_LINK_NETFILTER:
		return put_netfilter(t, &info->netfilter);
	case SKEP_LINK_UPROBE_MULTI:
		return table_printf(t, "target", "%u places in %s", info->uprobe_multi.count,
				    info->uprobe_multi.path ?: "?");
	case SKEP_LINK_TRACING_MULTI:
		return table_printf(t, "target", "%u functions", info->tracing_multi.count);
	default:
		return;
	}
}
