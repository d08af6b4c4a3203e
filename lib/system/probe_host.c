// SPDX-License-Identifier: MIT
/* Programs of each type, to try things in: what must be said when they are loaded. */
#include <linux/btf.h>
#include <skep/btf.h>
#include <string.h>
#include <unistd.h>

#include "base/uapi.h"
#include "load/probe.h"
#include "load/program_rights.h"
#include "system/probe.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

const struct bpf_insn skep_return_0[2] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
	{ .code = BPF_JMP | BPF_EXIT },
};

#define SLEEP "only in programs that may sleep"

/*
 * Several of one type: helpers differ between them. The hooks are tried in this order, since not
 * every kernel has each; types that are not here need nothing.
 */
static const struct recipe {
	uint32_t type, attach_type, flags;
	uint32_t kind; /* of the hooks in BTF */
	const char *hooks[3], *member;
	const char *place;
} recipes[] = {
	{ .type = BPF_PROG_TYPE_TRACING,
	  .attach_type = BPF_TRACE_RAW_TP,
	  .kind = BTF_KIND_TYPEDEF,
	  .hooks = { "btf_trace_sched_switch", "btf_trace_sys_enter", "btf_trace_task_newtask" } },
	{ .type = BPF_PROG_TYPE_TRACING,
	  .attach_type = BPF_TRACE_ITER,
	  .kind = BTF_KIND_FUNC,
	  .hooks = { "bpf_iter_task", "bpf_iter_bpf_map" },
	  .place = "only in iterators" },
	{ .type = BPF_PROG_TYPE_TRACING,
	  .attach_type = BPF_TRACE_ITER,
	  .flags = BPF_F_SLEEPABLE,
	  .kind = BTF_KIND_FUNC,
	  .hooks = { "bpf_iter_task", "bpf_iter_bpf_map" },
	  .place = SLEEP },
	{ .type = BPF_PROG_TYPE_TRACING,
	  .attach_type = BPF_TRACE_FEXIT,
	  .kind = BTF_KIND_FUNC,
	  .hooks = { "bpf_fentry_test1" },
	  .place = "only in fentry and fexit programs" },
	{ .type = BPF_PROG_TYPE_TRACING,
	  .attach_type = BPF_TRACE_FENTRY,
	  .kind = BTF_KIND_FUNC,
	  .hooks = { "bpf_fentry_test1" } },
	{ .type = BPF_PROG_TYPE_TRACING,
	  .attach_type = SKEP_TRACE_FSESSION,
	  .kind = BTF_KIND_FUNC,
	  .hooks = { "bpf_fentry_test1" } },
	{ .type = BPF_PROG_TYPE_TRACING,
	  .attach_type = BPF_MODIFY_RETURN,
	  .kind = BTF_KIND_FUNC,
	  .hooks = { "bpf_modify_return_test" } },
	{ .type = BPF_PROG_TYPE_TRACING,
	  .attach_type = BPF_MODIFY_RETURN,
	  .kind = BTF_KIND_FUNC,
	  .hooks = { "security_file_open" } },
	{ .type = BPF_PROG_TYPE_LSM,
	  .attach_type = BPF_LSM_MAC,
	  .kind = BTF_KIND_FUNC,
	  .hooks = { "bpf_lsm_file_open" } },
	{ .type = BPF_PROG_TYPE_LSM,
	  .attach_type = BPF_LSM_MAC,
	  .flags = BPF_F_SLEEPABLE,
	  .kind = BTF_KIND_FUNC,
	  .hooks = { "bpf_lsm_file_open" },
	  .place = SLEEP },
	{ .type = BPF_PROG_TYPE_LSM,
	  .attach_type = BPF_LSM_CGROUP,
	  .kind = BTF_KIND_FUNC,
	  .hooks = { "bpf_lsm_socket_bind" },
	  .place = "only in lsm_cgroup programs" },
	{ .type = BPF_PROG_TYPE_STRUCT_OPS,
	  .kind = BTF_KIND_STRUCT,
	  .hooks = { "tcp_congestion_ops" },
	  .member = "ssthresh" },
	{ .type = BPF_PROG_TYPE_STRUCT_OPS,
	  .kind = BTF_KIND_STRUCT,
	  .hooks = { "bpf_dummy_ops" },
	  .member = "test_1" },
	{ .type = BPF_PROG_TYPE_KPROBE },
	{ .type = BPF_PROG_TYPE_KPROBE,
	  .flags = BPF_F_SLEEPABLE,
	  .place = "only in uprobes that may sleep" },
	{ .type = BPF_PROG_TYPE_CGROUP_SKB, .attach_type = BPF_CGROUP_INET_INGRESS },
	{ .type = BPF_PROG_TYPE_CGROUP_SOCK, .attach_type = BPF_CGROUP_INET_SOCK_CREATE },
	{ .type = BPF_PROG_TYPE_CGROUP_SOCK_ADDR, .attach_type = BPF_CGROUP_INET4_CONNECT },
	{ .type = BPF_PROG_TYPE_CGROUP_SOCKOPT, .attach_type = BPF_CGROUP_GETSOCKOPT },
	{ .type = BPF_PROG_TYPE_CGROUP_SOCKOPT,
	  .attach_type = BPF_CGROUP_SETSOCKOPT,
	  .place = "only where socket options are set" },
	{ .type = BPF_PROG_TYPE_SK_LOOKUP, .attach_type = BPF_SK_LOOKUP },
	{ .type = BPF_PROG_TYPE_SYSCALL, .flags = BPF_F_SLEEPABLE },
	{ .type = SKEP_PROG_TYPE_NETFILTER, .attach_type = SKEP_NETFILTER },
};

static const struct recipe *find_recipe(uint32_t type, uint32_t attach_type, unsigned int variant)
{
	for (size_t i = 0; i < LEN(recipes); i++) {
		if (recipes[i].type != type)
			continue;
		if (attach_type != SKEP_ANY_ATTACH && recipes[i].attach_type != attach_type)
			continue;
		if (!variant--)
			return &recipes[i];
	}
	return NULL;
}

unsigned int skep_host_variants(uint32_t type, uint32_t attach_type)
{
	unsigned int n = 0;

	while (find_recipe(type, attach_type, n))
		n++;
	return n ? n : 1;
}

static bool find_member(const struct skep_btf *btf, uint32_t id, const char *name, uint32_t *index)
{
	const struct btf_type *t = skep_btf_type(btf, id);

	for (uint16_t i = 0; t && i < skep_btf_vlen(t); i++) {
		const char *own = skep_btf_string(btf, skep_btf_members(t)[i].name_off);

		if (own && !strcmp(own, name)) {
			*index = i;
			return true;
		}
	}
	return false;
}

static enum skep_answer find_hook(struct skep_host *host, const struct recipe *recipe,
				  struct skep_probe *why)
{
	struct skep_error err = { 0 };
	const struct skep_btf *btf = skep_btf_kernel(&err);

	if (!btf)
		return skep_say(why, SKEP_UNKNOWN, err.code,
				"such programs name their hook by the kernel's BTF: %s", err.cause);
	for (size_t i = 0; i < LEN(recipe->hooks) && recipe->hooks[i]; i++) {
		uint32_t id = skep_btf_find(btf, recipe->hooks[i], recipe->kind);

		if (!id || (recipe->member && !find_member(btf, id, recipe->member,
							   &host->attr.expected_attach_type)))
			continue;
		host->attr.attach_btf_id = id;
		return SKEP_YES;
	}
	if (recipe->type == BPF_PROG_TYPE_LSM)
		return skep_say(why, SKEP_NO, ENOENT,
				"this kernel has no hook %s: it is built without CONFIG_BPF_LSM",
				recipe->hooks[0]);
	return skep_say(why, SKEP_UNKNOWN, ENOENT,
			"this kernel has no %s, which is what it would be tried with",
			recipe->hooks[0]);
}

/* int probe(struct __sk_buff *ctx), the program to be replaced and what replaces it. */
static int function_btf(void)
{
	static const uint32_t types[] = {
		1,
		BTF_KIND_INT << 24,
		4,
		BTF_INT_SIGNED << 24 | 32,
		5,
		BTF_KIND_STRUCT << 24,
		0,
		0,
		BTF_KIND_PTR << 24,
		2,
		0,
		BTF_KIND_FUNC_PROTO << 24 | 1,
		1,
		15,
		3,
		19,
		BTF_KIND_FUNC << 24 | 1,
		4,
	};
	static const char strings[] = "\0int\0__sk_buff\0ctx\0probe";

	return skep_try_btf(types, sizeof(types), strings, sizeof(strings));
}

#define FUNCTION 5

/* A program that replaces another's function: the other is a socket filter. */
static enum skep_answer make_target(struct skep_host *host, struct skep_probe *why)
{
	char log[SKEP_PROBE_LOG];

	host->btf_fd = function_btf();
	if (host->btf_fd < 0)
		return skep_say(why, SKEP_UNKNOWN, host->btf_fd,
				"it needs BTF of functions, which the kernel refuses");
	host->function = (struct bpf_func_info){ .type_id = FUNCTION };
	host->attr.prog_btf_fd = (uint32_t)host->btf_fd;
	host->attr.func_info = SKEP_PTR(&host->function);
	host->attr.func_info_cnt = 1;
	host->attr.func_info_rec_size = sizeof(host->function);
	host->attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	host->target_fd = skep_host_load(host, skep_return_0, 2, log);
	host->attr.prog_type = BPF_PROG_TYPE_EXT;
	if (host->target_fd < 0)
		return skep_say(why, SKEP_UNKNOWN, host->target_fd,
				"the program that it would replace could not be loaded");
	host->attr.attach_prog_fd = (uint32_t)host->target_fd;
	host->attr.attach_btf_id = FUNCTION;
	return SKEP_YES;
}

enum skep_answer skep_host_open(struct skep_host *host, uint32_t type, uint32_t attach_type,
				unsigned int variant, struct skep_probe *why)
{
	const struct recipe *recipe = find_recipe(type, attach_type, variant);

	*host = (struct skep_host){ .attr = { .prog_type = type, .license = SKEP_PTR("GPL") },
				    .target_fd = -1,
				    .btf_fd = -1 };
	if (attach_type != SKEP_ANY_ATTACH)
		host->attr.expected_attach_type = attach_type;
	if (type == BPF_PROG_TYPE_EXT)
		return make_target(host, why);
	if (!recipe)
		return SKEP_YES;
	host->attr.expected_attach_type = recipe->attach_type;
	host->attr.prog_flags = recipe->flags;
	host->place = variant ? recipe->place : NULL;
	return recipe->hooks[0] ? find_hook(host, recipe, why) : SKEP_YES;
}

void skep_host_close(struct skep_host *host)
{
	if (host->target_fd >= 0)
		close(host->target_fd);
	if (host->btf_fd >= 0)
		close(host->btf_fd);
}

int skep_host_load(const struct skep_host *host, const struct bpf_insn *insns, uint32_t n,
		   char log[SKEP_PROBE_LOG])
{
	struct skep_attr_prog_load attr = host->attr;
	int fd;

	attr.insns = SKEP_PTR(insns);
	attr.insn_cnt = n;
	attr.log_level = 1;
	attr.log_buf = SKEP_PTR(log);
	attr.log_size = SKEP_PROBE_LOG;
	memset(log, 0, SKEP_PROBE_LOG);
	fd = skep_try_program(&attr);
	log[SKEP_PROBE_LOG - 1] = '\0';
	return fd;
}

int skep_host_try(const struct skep_host *host, const struct bpf_insn *insns, uint32_t n,
		  char log[SKEP_PROBE_LOG])
{
	int fd = skep_host_load(host, insns, n, log);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

/* Whether the verifier has come to the first instruction. */
static bool has_run(const char *log)
{
	return !strncmp(log, "0: ", 3) || strstr(log, "\n0: ");
}

enum skep_answer skep_judge(const struct skep_host *host, int ret, const char *log,
			    struct skep_probe *why)
{
	uint32_t type = host->attr.prog_type, attach_type = host->attr.expected_attach_type;
	char name[SKEP_NAME_SIZE];

	skep_program_type_label(type, name);
	/* What the verifier has come to look at passed as a type: some want another result than 0.
	 */
	if (ret >= 0 || (ret == -EINVAL && has_run(log)))
		return skep_say(why, SKEP_YES, 0, "%s", "");
	if (ret == -EPERM || ret == -EACCES)
		return skep_say_refused(why, ret, skep_program_rights(type, attach_type));
	if (ret == -EINVAL || ret == -E2BIG || ret == -EOPNOTSUPP || ret == -SKEP_ENOTSUPP)
		return skep_say(why, SKEP_NO, ret == -SKEP_ENOTSUPP ? ENOTSUP : ret,
				"this kernel does not load %s%s%.*s", name, *log ? ": " : "",
				(int)strcspn(log, "\n"), log);
	return skep_say(why, SKEP_UNKNOWN, ret, "the kernel does not load %s: %s", name,
			strerror(-ret));
}
