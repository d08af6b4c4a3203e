// SPDX-License-Identifier: MIT
/* Any text as what was printed around verifier logs: each is found once, and ends. */
#include <string.h>

#include <skep/explain.h>
#include <skep/text.h>

#include "fuzz/fuzz.h"

/* Long texts are many logs; each is read to its end for each of its registers. */
#define MAX_TEXT   8192
#define MAX_PREFIX 600

static void drain(const char *text, size_t len)
{
	struct skep_explanation why = { .size = sizeof(why) };
	struct skep_explain *explain = skep_explain_new(text, len, NULL, NULL);
	size_t n = 0;

	FUZZ_ASSERT(explain);
	while (skep_explain_next(explain, &why, NULL) > 0) {
		FUZZ_ASSERT(++n <= len);
		FUZZ_ASSERT(why.is_accepted || why.error.cause[0]);
		FUZZ_ASSERT(memchr(why.program, '\0', sizeof(why.program)));
	}
	skep_explain_free(explain);
}

/* What a logger has put before each line of a log, and behind it. */
static void drain_with_prefix(const char *prefix, size_t len)
{
	static const char *const lines[] = { "0: (95) exit", "1: (95) exit", "R0 !read_ok",
					     "processed 2 insns" };
	struct skep_text text = { 0 };

	len = len < MAX_PREFIX ? len : MAX_PREFIX;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		skep_text_bytes(&text, prefix, len);
		skep_text_str(&text, lines[i]);
		skep_text_bytes(&text, prefix, len / 2);
		skep_text_char(&text, '\n');
	}
	FUZZ_ASSERT(!text.failed);
	drain(text.data, text.len);
	skep_text_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char log[] = "\n0: (95) exit\nR0 !read_ok\nprocessed 1 insns\n";
	size_t kept = len < MAX_TEXT ? len : MAX_TEXT;
	char *text = malloc(2 * kept + sizeof(log));

	FUZZ_ASSERT(text);
	/* As it is, and around a log. */
	drain((const char *)data, kept);
	drain_with_prefix((const char *)data, kept);
	memcpy(text, data, kept);
	memcpy(text + kept, log, sizeof(log) - 1);
	memcpy(text + kept + sizeof(log) - 1, data, kept);
	drain(text, 2 * kept + sizeof(log) - 1);
	free(text);
	return 0;
}
