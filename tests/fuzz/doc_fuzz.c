// SPDX-License-Identifier: MIT
/* Any bytes as a source whose comments are read. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "package/doc.h"

/* Every third name, so that both ways are taken. */
static bool knows(void *ctx, const char *name, size_t len)
{
	(void)ctx;
	return len && (unsigned char)name[0] % 3 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct skep_docs docs = { 0 };
	struct skep_text text = { 0 };
	char *exact = malloc(len ? len : 1);
	int ret;

	FUZZ_ASSERT(exact);
	memcpy(exact, data, len);
	ret = skep_docs_read(&docs, exact, len, knows, NULL, NULL);
	for (size_t i = 0; i < docs.items.len; i++) {
		const struct skep_doc *doc = &docs.items.items[i];

		FUZZ_ASSERT(doc->at <= docs.len && doc->len <= docs.len - doc->at);
		FUZZ_ASSERT(*doc->key);
		skep_docs_text(&docs, doc, &text);
	}
	/* What is kept stands where it stood. */
	for (size_t i = 0; !ret && i < len; i++)
		FUZZ_ASSERT(docs.text[i] == ' ' || docs.text[i] == exact[i]);
	free(exact);
	skep_text_free(&text);
	skep_docs_free(&docs);
	return 0;
}
