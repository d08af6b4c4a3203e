// SPDX-License-Identifier: MIT
/*
 * Which helpers programs of each type may call: a program calls one with nothing prepared, and the
 * verifier's words tell whether it was the helper that it refused, or only its arguments
 * (check_helper_call and check_kfunc_call in kernel/bpf/verifier.c).
 */
#include <linux/btf.h>
#include <string.h>

#include "kernel/modules.h"
#include "load/program_rights.h"
#include "system/probe.h"

enum verdict { NOT_CALLED, REFUSED, ASLEEP, CALLED };

static const struct {
	const char *words;
	enum verdict verdict;
} verdicts[] = {
	{ "invalid func ", REFUSED },
	{ "unknown func ", REFUSED }, /* before 6.13 also: not for this type */
	{ "cannot use helper ", REFUSED },
	{ "calling kernel function ", REFUSED }, /* "... is not allowed" */
	{ "not supported for program type", REFUSED },
	{ "supported only for", REFUSED },
	{ "helper call is not allowed in probe", REFUSED },
	{ "uses reserved fields", REFUSED }, /* before there were kfuncs (5.13) */
	{ "JIT does not support calling", REFUSED },
	{ "might sleep in", ASLEEP },
	{ "must be sleepable", ASLEEP },
	{ "sleepable helper", ASLEEP },
};

/* What a load that called something says of what it called; the first words count. */
static enum verdict judge_call(int ret, const char *log)
{
	if (ret >= 0)
		return CALLED;
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
		if (strstr(log, verdicts[i].words))
			return verdicts[i].verdict;
	/* Whatever else it disliked, it looked at the call. */
	return strstr(log, "(85) call") ? CALLED : NOT_CALLED;
}

/* The verifier hides helpers from those who may not use them: what it said is then no answer. */
static enum skep_answer say_no(struct skep_probe *why, const struct skep_rights *rights,
			       const struct skep_host *host, const char *log)
{
	unsigned int needs =
		skep_program_rights(host->attr.prog_type, host->attr.expected_attach_type);
	struct skep_error err = { 0 };
	char name[SKEP_NAME_SIZE];

	if (skep_rights_are_missing(rights, needs | SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON)) {
		skep_rights_describe(rights, &err, SKEP_STAGE_LOAD, EPERM,
				     needs | SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON,
				     "the kernel hides it, as it would");
		return skep_say(why, SKEP_UNKNOWN, EPERM, "%s", err.cause);
	}
	if (strstr(log, "invalid func "))
		return skep_say(why, SKEP_NO, EINVAL, "this kernel has no such helper");
	if (strstr(log, "uses reserved fields"))
		return skep_say(why, SKEP_NO, EINVAL,
				"this kernel lets no program call its functions");
	return skep_say(why, SKEP_NO, EINVAL, "not for programs of type %s%s",
			skep_program_type_label(host->attr.prog_type, name),
			rights->lockdown == SKEP_LOCKDOWN_CONFIDENTIALITY ?
				", or not while the kernel is locked down (confidentiality)" :
				"");
}

struct call {
	struct bpf_insn insns[3];
	int fds[2]; /* fd_array: of the module that has the function */
	const struct skep_rights *rights;
};

static void prepare(struct call *call, const struct skep_rights *rights, uint8_t how, int32_t what)
{
	*call = (struct call){ .rights = rights };
	call->insns[0] =
		(struct bpf_insn){ .code = BPF_JMP | BPF_CALL, .src_reg = how, .imm = what };
	memcpy(&call->insns[1], skep_return_0, sizeof(skep_return_0));
}

/* What may sleep is called by programs that may: those that the type can have. */
static bool may_sleep(const struct skep_host *host, const struct call *call, char *log)
{
	struct skep_host sleepy = *host;

	sleepy.attr.prog_flags |= BPF_F_SLEEPABLE;
	return judge_call(skep_host_try(&sleepy, call->insns, 3, log), log) == CALLED;
}

static enum skep_answer try_in(struct skep_host *host, const struct call *call, bool tell,
			       struct skep_probe *why)
{
	char log[SKEP_PROBE_LOG];
	int ret;

	host->attr.fd_array = call->fds[1] ? SKEP_PTR(call->fds) : 0;
	ret = skep_host_try(host, call->insns, 3, log);
	switch (judge_call(ret, log)) {
	case CALLED:
		return skep_say(why, SKEP_YES, 0, "%s", host->place ?: "");
	case ASLEEP:
		if (may_sleep(host, call, log))
			return skep_say(why, SKEP_YES, 0, "only in programs that may sleep");
		/* fallthrough */
	case REFUSED:
		return tell ? say_no(why, call->rights, host, log) : SKEP_NO;
	default:
		/* A type that the kernel lacks has no helpers. */
		return skep_judge(host, ret, log, why);
	}
}

/*
 * Tries the hosts of a type one after the other until one may call it. What the first one says
 * counts if none may: the others are the special places.
 */
static enum skep_answer probe_call(uint32_t type, const struct call *call, struct skep_probe *why)
{
	unsigned int n = skep_host_variants(type, SKEP_ANY_ATTACH);
	enum skep_answer first = SKEP_UNKNOWN;

	for (unsigned int i = 0; i < n; i++) {
		struct skep_probe other = { .size = sizeof(other) };
		struct skep_probe *to = i ? &other : why;
		struct skep_host host;
		enum skep_answer answer = skep_host_open(&host, type, SKEP_ANY_ATTACH, i, to);

		if (answer == SKEP_YES)
			answer = try_in(&host, call, !i, to);
		skep_host_close(&host);
		if (!i)
			first = answer;
		if (answer == SKEP_YES && i)
			return skep_say(why, answer, 0, "%s", other.reason);
		if (answer == SKEP_YES || (!i && answer == SKEP_UNKNOWN))
			return answer;
	}
	return first;
}

static enum skep_answer probe_helper(uint32_t type, uint32_t helper,
				     const struct skep_rights *rights, struct skep_probe *why)
{
	struct call call;

	prepare(&call, rights, 0, (int32_t)helper);
	return probe_call(type, &call, why);
}

enum skep_answer skep_probe_helper(uint32_t program_type, uint32_t helper, struct skep_probe *why)
{
	struct skep_rights rights;

	if (!helper || helper > INT32_MAX)
		return skep_say(why, SKEP_NO, EINVAL, "%u is no helper", helper);
	skep_rights_read(&rights);
	return probe_helper(program_type, helper, &rights, why);
}

/* To be asked for these is enough for the kernel to act (bpf_get_trace_printk_proto, ...). */
static bool is_noisy(uint32_t helper)
{
	return helper == BPF_FUNC_trace_printk || helper == BPF_FUNC_trace_vprintk ||
	       helper == BPF_FUNC_probe_write_user;
}

static int probe_all_of(uint32_t type, bool noisy, const struct skep_rights *rights,
			skep_probe_helper_fn fn, void *ctx)
{
	struct skep_probe why = { .size = sizeof(why) };
	enum skep_answer answer = skep_probe_program_type(type, &why);
	int ret = 0;

	if (answer != SKEP_YES)
		return fn(ctx, type, 0, answer, &why);
	for (uint32_t helper = 1; !ret && skep_helper_name(helper); helper++) {
		if (is_noisy(helper) && !noisy)
			answer = skep_say(&why, SKEP_UNKNOWN, 0,
					  "not asked, as the kernel would note it in its log");
		else
			answer = probe_helper(type, helper, rights, &why);
		ret = fn(ctx, type, helper, answer, &why);
	}
	return ret;
}

int skep_probe_helpers(bool noisy, skep_probe_helper_fn fn, void *ctx)
{
	struct skep_rights rights;
	int ret = 0;

	if (!fn)
		return -EINVAL;
	skep_rights_read(&rights);
	for (uint32_t type = 1; !ret && skep_program_type_name(type); type++)
		ret = probe_all_of(type, noisy, &rights, fn, ctx);
	return ret;
}

/* Finds the function and, if a module has it, that module's BTF. */
static enum skep_answer find_kfunc(struct call *call, struct skep_modules *modules,
				   const char *name, struct skep_probe *why)
{
	struct skep_error err = { 0 };
	const struct skep_btf *kernel = skep_btf_kernel(&err);
	size_t i = 0;
	uint32_t id;

	if (!kernel)
		return skep_say(why, SKEP_UNKNOWN, err.code, "%s", err.cause);
	id = skep_btf_find(kernel, name, BTF_KIND_FUNC);
	call->insns[0].imm = (int32_t)id;
	if (id)
		return SKEP_YES;
	if (!skep_modules_list(modules, kernel, &err))
		id = skep_modules_find(modules, name, BTF_KIND_FUNC, &i);
	if (!id)
		return skep_say(why, SKEP_NO, ENOENT,
				"neither the kernel nor a loaded module has a function %s", name);
	call->insns[0].imm = (int32_t)id;
	call->insns[0].off = 1;
	call->fds[1] = skep_module_fd(modules, i, &err);
	if (call->fds[1] < 0)
		return skep_say(why, SKEP_UNKNOWN, err.code, "module %s has it: %s",
				modules->list[i].name, err.cause);
	return SKEP_YES;
}

/* Whether it may be called at all: whether programs of any type may. */
static enum skep_answer probe_any(const struct call *call, struct skep_probe *why)
{
	struct skep_probe other = { .size = sizeof(other) };
	enum skep_answer all = SKEP_NO;

	for (uint32_t type = 1; skep_program_type_name(type); type++) {
		enum skep_answer answer;

		/* What a type that is not there could call says nothing. */
		if (skep_probe_program_type(type, NULL) != SKEP_YES)
			continue;
		answer = probe_call(type, call, &other);
		if (answer == SKEP_YES)
			return skep_say(why, SKEP_YES, 0, "in programs of type %s, among others",
					skep_program_type_name(type));
		if (answer == SKEP_UNKNOWN && all == SKEP_NO)
			all = skep_say(why, SKEP_UNKNOWN, other.code, "%s", other.reason);
	}
	if (all == SKEP_NO)
		skep_say(why, all, EACCES,
			 "it is a function of the kernel's, but not for programs");
	return all;
}

enum skep_answer skep_probe_kfunc(uint32_t program_type, const char *name, struct skep_probe *why)
{
	struct skep_modules modules = { 0 };
	struct skep_rights rights;
	enum skep_answer answer;
	struct call call;

	if (!name || !*name)
		return skep_say(why, SKEP_NO, EINVAL, "a function without a name");
	skep_rights_read(&rights);
	prepare(&call, &rights, BPF_PSEUDO_KFUNC_CALL, 0);
	answer = find_kfunc(&call, &modules, name, why);
	if (answer == SKEP_YES)
		answer =
			program_type ? probe_call(program_type, &call, why) : probe_any(&call, why);
	skep_modules_free(&modules);
	return answer;
}
