// SPDX-License-Identifier: MIT
/* All that is told of a link of each type. */
#include "cli/inspect/inspect.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

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
