// SPDX-License-Identifier: MIT
#include "stream/net/nats_answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define LONGEST 4096

/* Behind "name": in the text. */
static const char *find(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	if (!at)
		return NULL;
	at += strlen(name);
	at += strspn(at, " \t");
	if (*at != ':')
		return NULL;
	at++;
	return at + strspn(at, " \t");
}

static void add_description(const char *error, struct skep_error *why)
{
	const char *text = find(error, "\"description\"");

	if (text && *text == '"')
		skep_error_set(why, SKEP_STAGE_DELIVER, EPROTO, "JetStream refused it: %.*s",
			       (int)strcspn(text + 1, "\""), text + 1);
}

enum skep_nats_fate skep_nats_read_answer(const char *answer, size_t len, struct skep_error *why)
{
	char text[LONGEST];
	const char *error, *code;
	long number;

	len = len < sizeof(text) - 1 ? len : sizeof(text) - 1;
	memcpy(text, answer, len);
	text[len] = '\0';
	error = find(text, "\"error\"");
	if (!error)
		return find(text, "\"seq\"") ? SKEP_NATS_TAKEN : SKEP_NATS_AGAIN;
	skep_error_set(why, SKEP_STAGE_DELIVER, EPROTO, "JetStream refused it");
	add_description(error, why);
	code = find(error, "\"code\"");
	number = code ? strtol(code, NULL, 10) : 0;
	/* Not at present: it has just been started, or has no leader. */
	return number == 503 || number == 408 || number == 429 ? SKEP_NATS_AGAIN :
								 SKEP_NATS_REFUSED;
}
