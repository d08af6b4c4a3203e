// SPDX-License-Identifier: MIT
/* skep inspect feature: what this kernel can. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/inspect/inspect.h"
#include "kernel/file.h"
#include "kernel/kconfig.h"

static const struct table_column columns[] = {
	{ "kind", "KIND" },  { "name", "NAME" }, { "answer", "ANSWER" },
	{ "reason", "WHY" }, { NULL },
};

static bool json, with_helpers, macros;
static const char *prefix = "";

static const struct option options[] = {
	{ OPTION_FLAG, 0, "helpers", NULL, "also each program type with each helper",
	  &with_helpers },
	{ OPTION_FLAG, 0, "macros", NULL, "as macros for C: HAVE_... and NO_HAVE_...", &macros },
	{ OPTION_STRING, 0, "prefix", "TEXT", "in front of each macro", &prefix },
	{ OPTION_FLAG, 'j', "json", NULL, "an array of objects", &json },
	{ OPTION_END },
};

struct features {
	struct table table;
	struct skep_text macros;
	const struct option_args *args; /* the kinds that are asked for */
};

static const char *const kinds[] = { "sysctl",	     "config",	 "feature",	"btf",
				     "program_type", "map_type", "attach_type", "helper" };

static int check_kinds(const struct option_args *args, struct skep_error *err)
{
	for (size_t i = 0; i < args->n_words; i++) {
		size_t k = 0;

		while (k < sizeof(kinds) / sizeof(kinds[0]) && strcmp(kinds[k], args->words[i]))
			k++;
		if (k < sizeof(kinds) / sizeof(kinds[0]))
			continue;
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "there is no kind '%s' of features",
			       args->words[i]);
		skep_error_add_hint(err, "allowed: sysctl config feature btf program_type map_type "
					 "attach_type helper");
		return -EINVAL;
	}
	return 0;
}

static bool is_asked(const struct features *f, const char *kind)
{
	for (size_t i = 0; i < f->args->n_words; i++)
		if (!strcmp(f->args->words[i], kind))
			return true;
	return !f->args->n_words;
}

/* HAVE_RINGBUF_MAP_TYPE; what cannot be told is no macro. */
static void put_macro(struct features *f, const char *kind, const char *name,
		      enum skep_answer answer)
{
	char macro[160];

	if (answer == SKEP_UNKNOWN)
		return;
	snprintf(macro, sizeof(macro), "%s%sHAVE_%s_%s", prefix, answer == SKEP_YES ? "" : "NO_",
		 name, kind);
	for (char *c = macro + strlen(prefix); *c; c++)
		*c = isalnum((unsigned char)*c) ? (char)toupper((unsigned char)*c) : '_';
	skep_text_printf(&f->macros, "#define %s\n", macro);
}

static void put(struct features *f, const char *kind, const char *name, enum skep_answer answer,
		const char *reason)
{
	static const char *const words[] = { "no", "yes", "unknown" };

	if (macros) {
		put_macro(f, kind, name, answer);
		return;
	}
	table_row(&f->table);
	table_string(&f->table, "kind", kind);
	table_string(&f->table, "name", name);
	table_string(&f->table, "answer", words[answer]);
	table_string(&f->table, "reason", reason);
}

static void put_types(struct features *f, const char *kind, const char *(*name)(uint32_t),
		      enum skep_answer (*probe)(uint32_t, struct skep_probe *), uint32_t first)
{
	if (!is_asked(f, kind))
		return;
	for (uint32_t type = first; name(type); type++) {
		struct skep_probe why = { .size = sizeof(why) };
		enum skep_answer answer = probe(type, &why);

		put(f, kind, name(type), answer, why.reason);
	}
}

static const char *btf_name(uint32_t n)
{
	return n < SKEP_N_BTF_FEATURES ? skep_btf_feature_name(n) : NULL;
}

static enum skep_answer btf_probe(uint32_t n, struct skep_probe *why)
{
	return skep_probe_btf(n, why);
}

static const char *feature_name(uint32_t n)
{
	return n < SKEP_N_FEATURES ? skep_feature_name(n) : NULL;
}

static enum skep_answer feature_probe(uint32_t n, struct skep_probe *why)
{
	return skep_probe_feature(n, why);
}

static int put_helper(void *ctx, uint32_t type, uint32_t helper, enum skep_answer answer,
		      const struct skep_probe *why)
{
	char name[96];

	if (!helper)
		return 0;
	snprintf(name, sizeof(name), "%s %s", skep_program_type_name(type) ?: "?",
		 skep_helper_name(helper) ?: "?");
	put(ctx, "helper", name, answer, why ? why->reason : "");
	return 0;
}

/* A value in place of an answer; NULL: it is not there. */
static void put_value(struct features *f, const char *kind, const char *name, const char *value)
{
	if (macros) {
		if (value)
			put_macro(f, kind, name, SKEP_YES);
		return;
	}
	table_row(&f->table);
	table_string(&f->table, "kind", kind);
	table_string(&f->table, "name", name);
	table_string(&f->table, "answer", value ?: "-");
}

static void put_sysctls(struct features *f)
{
	static const char *const names[] = {
		"kernel/unprivileged_bpf_disabled",
		"kernel/bpf_stats_enabled",
		"kernel/kptr_restrict",
		"kernel/perf_event_paranoid",
		"net/core/bpf_jit_enable",
		"net/core/bpf_jit_harden",
		"net/core/bpf_jit_kallsyms",
		"net/core/bpf_jit_limit",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && is_asked(f, "sysctl"); i++) {
		char path[96], value[64];
		int len;

		snprintf(path, sizeof(path), "/proc/sys/%s", names[i]);
		len = skep_file_read(path, value, sizeof(value));
		value[strcspn(len > 0 ? value : "", "\n")] = '\0';
		put_value(f, "sysctl", names[i], len > 0 ? value : NULL);
	}
}

/* What BPF needs of a kernel's configuration, as other tools ask for it. */
static const char *const configs[] = {
	"CONFIG_BPF",
	"CONFIG_BPF_SYSCALL",
	"CONFIG_HAVE_EBPF_JIT",
	"CONFIG_BPF_JIT",
	"CONFIG_BPF_JIT_ALWAYS_ON",
	"CONFIG_BPF_UNPRIV_DEFAULT_OFF",
	"CONFIG_BPF_LSM",
	"CONFIG_LSM",
	"CONFIG_DEBUG_INFO_BTF",
	"CONFIG_DEBUG_INFO_BTF_MODULES",
	"CONFIG_CGROUPS",
	"CONFIG_CGROUP_BPF",
	"CONFIG_CGROUP_NET_CLASSID",
	"CONFIG_SOCK_CGROUP_DATA",
	"CONFIG_BPF_EVENTS",
	"CONFIG_KPROBE_EVENTS",
	"CONFIG_UPROBE_EVENTS",
	"CONFIG_TRACING",
	"CONFIG_FTRACE_SYSCALLS",
	"CONFIG_FUNCTION_ERROR_INJECTION",
	"CONFIG_BPF_KPROBE_OVERRIDE",
	"CONFIG_FPROBE",
	"CONFIG_NET",
	"CONFIG_XDP_SOCKETS",
	"CONFIG_LWTUNNEL_BPF",
	"CONFIG_NET_ACT_BPF",
	"CONFIG_NET_CLS_BPF",
	"CONFIG_NET_CLS_ACT",
	"CONFIG_NET_SCH_INGRESS",
	"CONFIG_NETFILTER_BPF_LINK",
	"CONFIG_NETKIT",
	"CONFIG_XFRM",
	"CONFIG_IP_ROUTE_CLASSID",
	"CONFIG_IPV6_SEG6_BPF",
	"CONFIG_BPF_LIRC_MODE2",
	"CONFIG_BPF_STREAM_PARSER",
	"CONFIG_NETFILTER_XT_MATCH_BPF",
	"CONFIG_BPFILTER",
	"CONFIG_TEST_BPF",
	"CONFIG_HZ",
	"CONFIG_MODULE_ALLOW_BTF_MISMATCH",
	"CONFIG_SCHED_CLASS_EXT",
};

#define N_CONFIGS (sizeof(configs) / sizeof(configs[0]))

static void put_configs(struct features *f)
{
	SKEP_SCOPED(skep_scoped_free) char *text = NULL;
	char values[N_CONFIGS][128] = { 0 };
	struct skep_kconfig_line line;
	const char *at;
	int ret;

	if (!is_asked(f, "config") || skep_kconfig_read(&text, NULL) < 0)
		return;
	at = text;
	while ((ret = skep_kconfig_next(&at, &line)))
		for (size_t i = 0; ret > 0 && i < N_CONFIGS; i++)
			if (strlen(configs[i]) == line.name_len &&
			    !memcmp(configs[i], line.name, line.name_len))
				snprintf(values[i], sizeof(values[i]), "%.*s",
					 (int)(line.value_len < 120 ? line.value_len : 120),
					 line.value);
	for (size_t i = 0; i < N_CONFIGS; i++)
		put_value(f, "config", configs[i], *values[i] ? values[i] : NULL);
}

static int run_feature(const struct option_args *args, struct skep_error *err)
{
	struct features f = { .args = args };
	int ret = check_kinds(args, err);

	if (ret)
		return ret;
	table_begin(&f.table, columns, json ? TABLE_JSON : TABLE_COLUMNS);
	put_sysctls(&f);
	put_configs(&f);
	put_types(&f, "feature", feature_name, feature_probe, 0);
	put_types(&f, "btf", btf_name, btf_probe, 0);
	put_types(&f, "program_type", skep_program_type_name, skep_probe_program_type, 1);
	put_types(&f, "map_type", skep_map_type_name, skep_probe_map_type, 1);
	put_types(&f, "attach_type", skep_attach_type_name, skep_probe_attach_type, 0);
	if (with_helpers || (args->n_words && is_asked(&f, "helper")))
		skep_probe_helpers(false, put_helper, &f);
	if (macros) {
		ret = cli_print(&f.macros);
		skep_text_free(&f.macros);
		table_drop(&f.table);
		return ret ? skep_error_set(err, SKEP_STAGE_DELIVER, EIO, "it was not printed") : 0;
	}
	return inspect_end(&f.table, err);
}

static int main_feature(int argc, char **argv);

const struct command inspect_feature = {
	.name = "inspect feature",
	.usage = "[KIND]... [--helpers] [--macros [--prefix TEXT]|--json]",
	.summary = "what this kernel can do, found out by trying",
	.text = "KINDs: sysctl config feature btf program_type map_type attach_type helper. All but\n"
		"helper are shown if none is given.",
	.main = main_feature,
};

static int main_feature(int argc, char **argv)
{
	return inspect_verb(&inspect_feature, options, argc, argv, 0, SIZE_MAX, run_feature);
}
