// SPDX-License-Identifier: MIT
/* What registers mean by themselves: numbers, errors, times. */
#include <string.h>

#include "tools/trace/plan.h"

bool skep_trace_arg_is_signed(enum skep_trace_arg_kind kind)
{
	return kind == TRACE_ARG_INT || kind == TRACE_ARG_LONG || kind == TRACE_ARG_FD ||
	       kind == TRACE_ARG_DIRFD || kind == TRACE_ARG_ID;
}

int64_t skep_trace_arg_signed(enum skep_trace_arg_kind kind, int bits, uint64_t value)
{
	if (kind == TRACE_ARG_ID)
		return (uint32_t)value == UINT32_MAX ? -1 : (int64_t)(uint32_t)value;
	if (kind == TRACE_ARG_LONG && bits == 64)
		return (int64_t)value;
	return (int32_t)value;
}

uint64_t skep_trace_arg_unsigned(enum skep_trace_arg_kind kind, int bits, uint64_t value)
{
	if (kind == TRACE_ARG_UINT || kind == TRACE_ARG_MODE || bits == 32)
		return (uint32_t)value;
	/* An int that was extended to a word: its upper half says nothing. */
	if (kind == TRACE_ARG_FLAGS && (int64_t)value == (int32_t)value)
		return (uint32_t)value;
	return value;
}

/* include/linux/errno.h: what a call that a signal interrupted tells its exit to user space. */
static const struct {
	int code;
	const char *name, *text;
} restarts[] = {
	{ 512, "ERESTARTSYS", "To be restarted if SA_RESTART is set" },
	{ 513, "ERESTARTNOINTR", "To be restarted" },
	{ 514, "ERESTARTNOHAND", "To be restarted if no handler" },
	{ 515, "ENOIOCTLCMD", "No ioctl command" },
	{ 516, "ERESTART_RESTARTBLOCK", "Interrupted by signal" },
};

#define N_RESTARTS (sizeof(restarts) / sizeof(restarts[0]))

const char *skep_trace_error_name(int64_t result)
{
	int code = (int)-result;

	if (code >= 512 && code < 512 + (int)N_RESTARTS)
		return restarts[code - 512].name;
	return skep_errno_name(code);
}

const char *skep_trace_error_text(int64_t result)
{
	int code = (int)-result;

	if (code >= 512 && code < 512 + (int)N_RESTARTS)
		return restarts[code - 512].text;
	return strerrordesc_np(code) ?: "Unknown error";
}

void skep_trace_write_nanoseconds(struct skep_text *out, uint32_t ns)
{
	char digits[9];

	for (int i = 8; i >= 0; i--) {
		digits[i] = (char)('0' + ns % 10);
		ns /= 10;
	}
	skep_text_bytes(out, digits, sizeof(digits));
}
