// SPDX-License-Identifier: MIT
/* What links are attached to, in words and in detail. */
#include "cli/inspect/inspect.h"

#include <limits.h>
#include <linux/perf_event.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
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
	else
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

/* One of several places of a link, as text or JSON. */
struct place {
	uint64_t address, offset, cookie;
	const char *name, *module;
};

static void write_place(struct skep_text *out, const struct place *p, bool json)
{
	if (json) {
		skep_text_printf(out, "{\"address\":\"0x%llx\",\"offset\":%llu,\"cookie\":%llu",
				 (unsigned long long)p->address, (unsigned long long)p->offset,
				 (unsigned long long)p->cookie);
		if (*p->name) {
			skep_text_lit(out, ",\"name\":");
			skep_text_json_string(out, p->name, strlen(p->name));
		}
		if (*p->module) {
			skep_text_lit(out, ",\"module\":");
			skep_text_json_string(out, p->module, strlen(p->module));
		}
		skep_text_char(out, '}');
		return;
	}
	skep_text_escaped(out, p->name, strlen(p->name));
	if (!*p->name)
		skep_text_hex(out, p->address ?: p->offset);
	if (p->cookie)
		skep_text_printf(out, " (cookie %llu)", (unsigned long long)p->cookie);
}

static void put_places(struct table *t, const struct place *places, size_t n)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	bool json = table_is_json(t);

	if (json)
		skep_text_char(&text, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			skep_text_str(&text, json ? "," : ", ");
		write_place(&text, &places[i], json);
	}
	if (json)
		skep_text_char(&text, ']');
	table_raw(t, "places", &text);
}

/* Addresses become names in one walk over the kernel's symbols. */
static void put_functions(struct table *t, const uint64_t *addrs, const uint64_t *cookies, size_t n)
{
	SKEP_SCOPED(skep_scoped_free)
	struct skep_kernel_symbol *symbols = n ? calloc(n, sizeof(*symbols)) : NULL;
	SKEP_SCOPED(skep_scoped_free) struct place *places = n ? calloc(n, sizeof(*places)) : NULL;

	if (!symbols || !places || !addrs)
		return;
	skep_kernel_symbols(addrs, n, symbols, NULL);
	for (size_t i = 0; i < n; i++)
		places[i] = (struct place){ .address = addrs[i],
					    .cookie = cookies ? cookies[i] : 0,
					    .name = symbols[i].name,
					    .module = symbols[i].module };
	put_places(t, places, n);
}

static void put_uprobes(struct table *t, const struct skep_uprobe_multi_link *u)
{
	SKEP_SCOPED(skep_scoped_free)
	struct place *places = u->count ? calloc(u->count, sizeof(*places)) : NULL;

	table_string(t, "path", u->path);
	table_u64(t, "count", u->count);
	table_hex(t, "flags", u->flags);
	if (u->pid)
		table_u64(t, "pid", u->pid);
	for (uint32_t i = 0; places && i < u->count; i++)
		places[i] = (struct place){ .offset = u->offsets[i],
					    .cookie = u->cookies ? u->cookies[i] : 0,
					    .name = "",
					    .module = "" };
	if (places)
		put_places(t, places, u->count);
}

static void put_perf_details(struct table *t, const struct skep_perf_event_link *perf)
{
	table_u64(t, "cookie", perf->cookie);
	table_string(t, "function_or_file", perf->name);
	if (perf->kind == SKEP_PERF_LINK_EVENT) {
		table_u64(t, "event_type", perf->event_type);
		table_u64(t, "event_config", perf->event_config);
		return;
	}
	table_u64(t, "offset", perf->offset);
	if (perf->address)
		table_hex(t, "address", perf->address);
	if (perf->missed)
		table_u64(t, "missed", perf->missed);
	if (perf->ref_ctr_offset)
		table_hex(t, "ref_ctr_offset", perf->ref_ctr_offset);
}

static void put_iter_details(struct table *t, const struct skep_iter_link *iter)
{
	if (iter->map_id)
		table_u64(t, "map_id", iter->map_id);
	if (iter->cgroup_id) {
		table_u64(t, "cgroup_id", iter->cgroup_id);
		table_u64(t, "cgroup_order", iter->cgroup_order);
	}
	if (iter->pid)
		table_u64(t, "pid", iter->pid);
	if (iter->tid)
		table_u64(t, "tid", iter->tid);
}

static void put_netfilter_details(struct table *t, const struct skep_netfilter_link *nf)
{
	table_u64(t, "family", nf->family);
	table_u64(t, "hook", nf->hook);
	table_i64(t, "priority", nf->priority);
	table_hex(t, "flags", nf->flags);
}

static void put_kprobes(struct table *t, const struct skep_kprobe_multi_link *k)
{
	table_u64(t, "count", k->count);
	table_hex(t, "flags", k->flags);
	table_u64(t, "missed", k->missed);
	put_functions(t, k->addrs, k->cookies, k->count);
}

void inspect_put_link_details(struct table *t, const struct skep_link_info *info)
{
	switch ((enum skep_link_type)info->type) {
	case SKEP_LINK_RAW_TRACEPOINT:
		return table_u64(t, "cookie", info->raw_tracepoint.cookie);
	case SKEP_LINK_TRACING:
		table_u64(t, "target_object_id", info->tracing.object_id);
		table_u64(t, "target_type_id", info->tracing.btf_id);
		return table_u64(t, "cookie", info->tracing.cookie);
	case SKEP_LINK_CGROUP:
		return table_u64(t, "cgroup_id", info->cgroup.cgroup_id);
	case SKEP_LINK_ITER:
		return put_iter_details(t, &info->iter);
	case SKEP_LINK_NETNS:
		return table_u64(t, "netns_ino", info->netns.inode);
	case SKEP_LINK_XDP:
	case SKEP_LINK_TCX:
	case SKEP_LINK_NETKIT:
		return table_u64(t, "ifindex", info->xdp.ifindex);
	case SKEP_LINK_PERF_EVENT:
		return put_perf_details(t, &info->perf_event);
	case SKEP_LINK_KPROBE_MULTI:
		return put_kprobes(t, &info->kprobe_multi);
	case SKEP_LINK_STRUCT_OPS:
	case SKEP_LINK_SOCKMAP:
		return table_u64(t, "map_id", info->sockmap.map_id);
	case SKEP_LINK_NETFILTER:
		return put_netfilter_details(t, &info->netfilter);
	case SKEP_LINK_UPROBE_MULTI:
		return put_uprobes(t, &info->uprobe_multi);
	case SKEP_LINK_TRACING_MULTI:
		return put_functions(t, info->tracing_multi.addrs, info->tracing_multi.cookies,
				     info->tracing_multi.count);
	default:
		return;
	}
}
