// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "system/probe.h"

enum skep_answer skep_say(struct skep_probe *why, enum skep_answer answer, int code,
			  const char *fmt, ...)
{
	struct skep_probe full = { .code = abs(code) };
	va_list args;

	if (why && why->size >= sizeof(why->size)) {
		full.size = why->size < sizeof(full) ? why->size : sizeof(full);
		va_start(args, fmt);
		vsnprintf(full.reason, sizeof(full.reason), fmt, args);
		va_end(args);
		memcpy(why, &full, full.size);
	}
	return answer;
}

enum skep_answer skep_say_refused(struct skep_probe *why, int code, unsigned int needs)
{
	struct skep_error err = { 0 };

	if (!why)
		return SKEP_UNKNOWN;
	skep_rights_explain(&err, SKEP_STAGE_LOAD, code, needs, "it could not be tried");
	return skep_say(why, SKEP_UNKNOWN, code, "%s", err.cause);
}

const char *skep_program_type_label(uint32_t type, char buf[SKEP_NAME_SIZE])
{
	const char *name = skep_program_type_name(type);

	if (name)
		snprintf(buf, SKEP_NAME_SIZE, "%s", name);
	else
		snprintf(buf, SKEP_NAME_SIZE, "program type %u", type);
	return buf;
}
