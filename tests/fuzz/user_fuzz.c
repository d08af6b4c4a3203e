// SPDX-License-Identifier: MIT
/* Any bytes as a program, a library or an archive: its symbols, probes and members, or a refusal.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "user/symbols.h"
#include "user/usdt.h"
#include "user/zip.h"

static void read_symbols(const struct skep_image *image, uint32_t type)
{
	struct skep_symbols symbols;
	struct skep_symbol symbol;
	uint64_t offset, addr;

	if (!skep_symbols_open(&symbols, image, type))
		return;
	for (int i = 0; i < 1000 && skep_symbols_next(&symbols, &symbol); i++) {
		FUZZ_ASSERT(symbol.name_len <= strlen(symbol.name));
		if (symbol.version)
			FUZZ_ASSERT(strlen(symbol.version) < image->len);
		if (skep_image_offset(image, symbol.addr, PF_X, &offset)) {
			FUZZ_ASSERT(offset < image->len);
			skep_image_address(image, offset, PF_X, &addr);
		}
	}
}

static void read_notes(const struct skep_image *image)
{
	static const uint16_t machines[] = { EM_X86_64, EM_386, EM_AARCH64, EM_ARM,
					     EM_S390,	243,	EM_PPC64 };
	struct skep_usdt_arg args[SKEP_USDT_MAX_ARGS];
	struct skep_usdt_notes notes;
	struct skep_usdt_note note;

	if (!skep_usdt_notes_open(&notes, image))
		return;
	while (skep_usdt_notes_next(&notes, &note))
		for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
			FUZZ_ASSERT(skep_usdt_parse(skep_usdt_notation(machines[i], machines[i]),
						    note.args, args) <= SKEP_USDT_MAX_ARGS);
}

static void read_image(const uint8_t *data, size_t len)
{
	struct skep_error err = { 0 };
	struct skep_image image;
	const uint8_t *id;
	uint64_t addr;

	if (skep_image_read(&image, data, len, "input", &err)) {
		FUZZ_ASSERT(err.code);
		return;
	}
	read_symbols(&image, SHT_SYMTAB);
	read_symbols(&image, SHT_DYNSYM);
	read_notes(&image);
	if (skep_image_build_id(&image, &id))
		FUZZ_ASSERT(id >= data && id < data + len);
	skep_image_function(&image, "main", &addr, NULL);
	skep_image_function(&image, "copy@LIB_1.0", &addr, NULL);
}

/* The whole input as text, too: few inputs have a note that is in order up to its text. */
static void read_text(const uint8_t *data, size_t len)
{
	struct skep_usdt_arg args[SKEP_USDT_MAX_ARGS];
	char text[256];

	if (len >= sizeof(text))
		return;
	memcpy(text, data, len);
	text[len] = '\0';
	skep_usdt_parse(skep_usdt_notation(EM_X86_64, EM_X86_64), text, args);
	skep_usdt_parse(skep_usdt_notation(EM_AARCH64, EM_AARCH64), text, args);
	skep_usdt_parse(skep_usdt_notation(EM_PPC64, EM_PPC64), text, args);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t offset, size;

	read_image(data, len);
	read_text(data, len);
	if (!skep_zip_find(data, len, "input", "lib/x.so", &offset, &size, NULL))
		FUZZ_ASSERT(offset <= len && size <= len - offset);
	return 0;
}
