// SPDX-License-Identifier: MIT
#include "base/error.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void start(struct skep_error *err, enum skep_stage stage, int code)
{
	*err = (struct skep_error){ .code = abs(code), .stage = stage };
}

int skep_error_set(struct skep_error *err, enum skep_stage stage, int code, const char *fmt, ...)
{
	va_list args;

	if (err) {
		start(err, stage, code);
		va_start(args, fmt);
		vsnprintf(err->cause, sizeof(err->cause), fmt, args);
		va_end(args);
	}
	return -abs(code);
}

int skep_error_set_errno(struct skep_error *err, enum skep_stage stage, int code, const char *fmt,
			 ...)
{
	va_list args;
	size_t len;

	if (err) {
		char text[128];

		start(err, stage, code);
		va_start(args, fmt);
		vsnprintf(err->cause, sizeof(err->cause), fmt, args);
		va_end(args);
		len = strlen(err->cause);
		snprintf(err->cause + len, sizeof(err->cause) - len, ": %s",
			 strerror_r(abs(code), text, sizeof(text)));
	}
	return -abs(code);
}

int skep_error_null(struct skep_error *err, enum skep_stage stage, const char *what)
{
	skep_error_set(err, stage, EINVAL, "no %s was given", what);
	skep_error_add_hint(err, "it is NULL: see whether what should have made it failed");
	return -EINVAL;
}

void *skep_error_null_ptr(struct skep_error *err, enum skep_stage stage, const char *what)
{
	skep_error_null(err, stage, what);
	return NULL;
}

int skep_error_nomem(struct skep_error *err, enum skep_stage stage)
{
	return skep_error_set(err, stage, ENOMEM, "out of memory");
}

#define DEFINE_ADD(field)                                                         \
	void skep_error_add_##field(struct skep_error *err, const char *fmt, ...) \
	{                                                                         \
		va_list args;                                                     \
                                                                                  \
		if (!err || err->field[0])                                        \
			return;                                                   \
		va_start(args, fmt);                                              \
		vsnprintf(err->field, sizeof(err->field), fmt, args);             \
		va_end(args);                                                     \
	}

DEFINE_ADD(object)
DEFINE_ADD(subject)
DEFINE_ADD(what)
DEFINE_ADD(source)
DEFINE_ADD(hint)

void skep_error_add_log(struct skep_error *err, const char *log, size_t len)
{
	const char *from = log;

	if (!err || err->log[0])
		return;
	if (len >= sizeof(err->log)) {
		const char *line;

		from = log + len - (sizeof(err->log) - 1);
		line = memchr(from, '\n', (size_t)(log + len - from));
		if (line && line + 1 < log + len)
			from = line + 1;
	}
	memcpy(err->log, from, (size_t)(log + len - from));
	err->log[log + len - from] = '\0';
}
