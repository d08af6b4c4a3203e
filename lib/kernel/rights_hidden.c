// SPDX-License-Identifier: MIT
/*
 * Helpers that are there but not to be seen: bpf_base_func_proto in kernel/bpf/helpers.c and the
 * tracing types' (kernel/trace/bpf_trace.c) leave out what a process, or anybody, may not call.
 */
#include <string.h>

#include "base/error.h"
#include "kernel/rights.h"

/* Behind these words the verifier names the helper: "bpf_probe_read_kernel#113". */
static const char *helper_in(const char *log, size_t *len)
{
	static const char *const words[] = { "cannot use helper ", "unknown func " };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *at = strstr(log, words[i]);

		if (!at)
			continue;
		at += strlen(words[i]);
		*len = strcspn(at, "#\n");
		return at;
	}
	return NULL;
}

static bool begins(const char *name, size_t len, const char *with)
{
	return len >= strlen(with) && !memcmp(name, with, strlen(with));
}

/* From integrity on nothing may write, with confidentiality nothing read the kernel's memory. */
static bool is_locked(const struct skep_rights *rights, const char *name, size_t len)
{
	if (begins(name, len, "bpf_probe_write_user"))
		return rights->lockdown >= SKEP_LOCKDOWN_INTEGRITY;
	if (begins(name, len, "bpf_probe_read_user"))
		return false;
	return begins(name, len, "bpf_probe_read") &&
	       rights->lockdown == SKEP_LOCKDOWN_CONFIDENTIALITY;
}

/* The rest of the message stays: it has the source line and the log. */
static void replace(struct skep_error *err, const char *hint)
{
	snprintf(err->hint, sizeof(err->hint), "%s", hint);
}

bool skep_rights_hide_helper(const struct skep_rights *rights, struct skep_error *err,
			     const char *log)
{
	const unsigned int needs = SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON;
	size_t len;
	const char *name = helper_in(log, &len);

	if (!name || !err)
		return false;
	if (is_locked(rights, name, len)) {
		snprintf(err->cause, sizeof(err->cause),
			 "the kernel is locked down, which hides the helper %.*s", (int)len, name);
		replace(err, "lockdown comes from Secure Boot or the lockdown= boot parameter; a "
			     "program that reads less of the kernel's memory can be loaded");
		return true;
	}
	if (skep_rights_are_missing(rights, needs)) {
		snprintf(err->cause, sizeof(err->cause),
			 "the helper %.*s is not for programs of this type, or not for a process "
			 "that lacks %s",
			 (int)len, name,
			 skep_rights_are_missing(rights, SKEP_RIGHT_BPF) ? "CAP_BPF" :
									   "CAP_PERFMON");
		replace(err, "run as root, or with these capabilities, or use another helper");
		return true;
	}
	return false;
}
