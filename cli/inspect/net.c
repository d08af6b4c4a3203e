// SPDX-License-Identifier: MIT
/* skep inspect net: programs on interfaces and in network namespaces. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/uapi.h"
#include "base/vec.h"
#include "cli/inspect/inspect.h"

static const struct table_column columns[] = {
	{ "netns", "NETNS", true },  { "interface", "INTERFACE" },     { "hook", "HOOK" },
	{ "mode", "MODE" },	     { "prog_id", "PROGRAM", true },   { "prog_name", "NAME" },
	{ "link_id", "LINK", true }, { "priority", "PRIORITY", true }, { NULL },
};

static bool json, all;
static struct option_list namespaces;

static const struct option options[] = {
	{ OPTION_LIST, 'n', "netns", "PATH|PID|NAME",
	  "this network namespace: its file, that of a process, or of ip-netns(8)", &namespaces },
	{ OPTION_FLAG, 'a', "all", NULL, "the namespaces of all processes and of ip-netns(8)",
	  &all },
	{ OPTION_FLAG, 'j', "json", NULL, "an array of objects", &json },
	{ OPTION_END },
};

struct place {
	struct table *t;
	uint64_t netns;
	const char *ifname, *hook;
};

static void put(const struct place *at, const char *mode, const struct skep_attached_program *p,
		bool has_priority)
{
	char name[192];

	table_row(at->t);
	table_u64(at->t, "netns", at->netns);
	table_string(at->t, "interface", at->ifname);
	table_string(at->t, "hook", at->hook);
	table_string(at->t, "mode", mode);
	table_u64(at->t, "prog_id", p->program_id);
	if (inspect_program_name(p->program_id, name, sizeof(name)))
		table_string(at->t, "prog_name", name);
	if (p->link_id)
		table_u64(at->t, "link_id", p->link_id);
	if (has_priority) {
		table_u64(at->t, "priority", p->priority);
		if (table_is_json(at->t))
			table_u64(at->t, "handle", p->handle);
	}
}

/* Of the three places that an interface has for XDP. */
static const char *xdp_mode(uint32_t flags)
{
	static const char *const modes[] = { "", "driver", "generic", "hardware", "" };

	return flags < sizeof(modes) / sizeof(modes[0]) ? modes[flags] : "";
}

/* Hooks, and links of netfilter, that may not be asked about. */
static size_t n_refused;

/* What the kernel has no such hook for is nothing that is missing. */
static void put_attached(const struct place *at, struct skep_attached *attached,
			 const struct skep_error *err, bool is_xdp, bool has_priority)
{
	n_refused += !attached && (err->code == EPERM || err->code == EACCES);
	for (size_t i = 0; attached && i < attached->n; i++)
		put(at, is_xdp ? xdp_mode(attached->programs[i].flags) : "", &attached->programs[i],
		    has_priority);
	skep_attached_free(attached);
}

static void put_tc(struct place *at, const char *hook, uint32_t direction)
{
	struct skep_error err = { 0 };

	at->hook = hook;
	put_attached(at, skep_attached_to_tc(at->ifname, direction, &err), &err, false, true);
}

static void put_hook_of_netns(struct place *at, const char *hook, uint32_t type)
{
	struct skep_error err = { 0 };

	at->hook = hook;
	put_attached(at, skep_attached_to_netns(NULL, type, &err), &err, false, false);
}

static void put_interface(struct place *at)
{
	static const struct {
		const char *hook;
		uint32_t type;
	} hooks[] = {
		{ "xdp", BPF_XDP },
		{ "tcx ingress", SKEP_TCX_INGRESS },
		{ "tcx egress", SKEP_TCX_EGRESS },
		{ "netkit primary", SKEP_NETKIT_PRIMARY },
		{ "netkit peer", SKEP_NETKIT_PEER },
	};

	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		struct skep_error err = { 0 };

		at->hook = hooks[i].hook;
		put_attached(at, skep_attached_to_interface(at->ifname, hooks[i].type, &err), &err,
			     hooks[i].type == BPF_XDP, false);
	}
	put_tc(at, "tc ingress", SKEP_INGRESS);
	put_tc(at, "tc egress", SKEP_EGRESS);
}

static int put_namespace(struct table *t, struct skep_error *err)
{
	struct if_nameindex *list = if_nameindex();
	struct place at = { .t = t };
	struct stat st;

	if (!list)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno,
					    "interfaces cannot be listed");
	if (!stat("/proc/self/ns/net", &st))
		at.netns = st.st_ino;
	for (struct if_nameindex *i = list; i->if_index; i++) {
		at.ifname = i->if_name;
		put_interface(&at);
	}
	if_freenameindex(list);
	at.ifname = NULL;
	put_hook_of_netns(&at, "flow_dissector", BPF_FLOW_DISSECTOR);
	put_hook_of_netns(&at, "sk_lookup", BPF_SK_LOOKUP);
	return 0;
}

/* Namespaces that were shown already. */
static struct skep_vec(uint64_t) seen;

static bool is_new(int fd)
{
	struct stat st;
	uint64_t *slot;

	if (fstat(fd, &st))
		return false;
	skep_vec_for_each(&seen, inode)
		if (*inode == st.st_ino)
			return false;
	slot = skep_vec_push(&seen);
	if (slot)
		*slot = st.st_ino;
	return slot;
}

/* The one that this process is in needs not be entered, which takes rights. */
static bool is_own(int fd)
{
	struct stat st, own;

	return !fstat(fd, &st) && !stat("/proc/self/ns/net", &own) && st.st_ino == own.st_ino;
}

static int visit(const char *path, struct table *t, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "%s cannot be opened",
					    path);
	if (!is_new(fd))
		return 0;
	if (!is_own(fd) && setns(fd, CLONE_NEWNET))
		return skep_error_set_errno(err, SKEP_STAGE_RECEIVE, errno,
					    "the network namespace %s cannot be entered", path);
	return put_namespace(t, err);
}

/* "12", "blue" or a path. */
static int visit_word(const char *word, struct table *t, struct skep_error *err)
{
	char path[4096];

	if (strchr(word, '/'))
		snprintf(path, sizeof(path), "%s", word);
	else if (strspn(word, "0123456789") == strlen(word))
		snprintf(path, sizeof(path), "/proc/%s/ns/net", word);
	else
		snprintf(path, sizeof(path), "/run/netns/%s", word);
	return visit(path, t, err);
}

/* What ends or is hidden meanwhile is left out. */
static int visit_folder(const char *folder, const char *end, struct table *t)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		struct skep_error err = { 0 };
		char path[512];

		if (*entry->d_name == '.' || (*end && !strchr("0123456789", *entry->d_name)))
			continue;
		snprintf(path, sizeof(path), "%s/%s%s", folder, entry->d_name, end);
		visit(path, t, &err);
	}
	if (dir)
		closedir(dir);
	return 0;
}

/* Links of netfilter say nothing about their namespace: they are told apart from the others. */
static int put_netfilter(int fd, void *ctx, struct skep_error *err)
{
	struct skep_system_link *link = skep_system_link_read(fd, err);
	struct skep_attached_program p = { 0 };
	const struct place at = { .t = ctx, .hook = "netfilter" };

	if (!link)
		return -EINVAL;
	if (link->type == SKEP_LINK_NETFILTER) {
		p.program_id = link->prog_id;
		p.link_id = link->id;
		put(&at, "", &p, false);
	}
	skep_system_link_free(link);
	return 0;
}

static int show(struct table *t, struct skep_error *err)
{
	int ret = 0;

	if (!namespaces.len)
		ret = visit("/proc/self/ns/net", t, err);
	for (size_t i = 0; i < namespaces.len && !ret; i++)
		ret = visit_word(namespaces.items[i], t, err);
	if (!ret && all) {
		visit_folder("/proc", "/ns/net", t);
		visit_folder("/run/netns", "", t);
	}
	if (ret)
		return ret;
	ret = inspect_each(SKEP_SYSTEM_LINKS, NULL, 0, put_netfilter, t, err);
	n_refused += ret == -EPERM;
	return ret == -EPERM ? 0 : ret;
}

/* If nothing may be seen, that is the error. */
static int tell_refused(const struct table *t, struct skep_error *err)
{
	if (!n_refused)
		return 0;
	if (!t->n_rows)
		return skep_error_set(err, SKEP_STAGE_RECEIVE, EPERM,
				      "the kernel does not tell what is attached to networks "
				      "without CAP_NET_ADMIN and CAP_SYS_ADMIN");
	fputs("skep: not all hooks are told without CAP_NET_ADMIN and CAP_SYS_ADMIN\n", stderr);
	return 0;
}

static int run_net(const struct option_args *args, struct skep_error *err)
{
	struct table t;
	int ret;

	(void)args;
	table_begin(&t, columns, json ? TABLE_JSON : TABLE_COLUMNS);
	ret = show(&t, err) ?: tell_refused(&t, err);
	skep_vec_free(&seen);
	if (ret) {
		table_drop(&t);
		return ret;
	}
	return inspect_end(&t, err);
}

static int main_net(int argc, char **argv);

const struct command inspect_net = {
	.name = "inspect net",
	.usage = "[--netns PATH|PID|NAME]... [--all] [--json]",
	.summary = "programs on interfaces (xdp, tcx, netkit, tc) and in network namespaces",
	.text = "Without options, the network namespace of the shell. Links of netfilter are shown\n"
		"whatever namespace they are in: the kernel does not tell which.",
	.main = main_net,
};

static int main_net(int argc, char **argv)
{
	return inspect_verb(&inspect_net, options, argc, argv, 0, 0, run_net);
}
