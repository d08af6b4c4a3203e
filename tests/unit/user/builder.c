// SPDX-License-Identifier: MIT
#include "builder.h"

static void put_bytes(const struct builder *b, uint8_t *p, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++, value >>= 8)
		p[b->is_big ? size - 1 - i : i] = (uint8_t)value;
}

void build_put(struct builder *b, size_t at, size_t size, uint64_t value)
{
	assert_true(at + size <= sizeof(b->data));
	put_bytes(b, b->data + at, size, value);
}

/* A member of an ELF struct at a place of the file. */
#define PUT(b, at, type, member, value)                                         \
	((b)->is_64 ? build_put((b), (at) + offsetof(Elf64_##type, member),     \
				sizeof(((Elf64_##type *)0)->member), (value)) : \
		      build_put((b), (at) + offsetof(Elf32_##type, member),     \
				sizeof(((Elf32_##type *)0)->member), (value)))
#define SIZEOF(b, type) ((b)->is_64 ? sizeof(Elf64_##type) : sizeof(Elf32_##type))

static void put_segment(struct builder *b, size_t i, uint32_t type, uint32_t flags, uint64_t offset,
			uint64_t addr, uint64_t size)
{
	size_t at = SIZEOF(b, Ehdr) + i * SIZEOF(b, Phdr);

	PUT(b, at, Phdr, p_type, type);
	PUT(b, at, Phdr, p_flags, flags);
	PUT(b, at, Phdr, p_offset, offset);
	PUT(b, at, Phdr, p_vaddr, addr);
	PUT(b, at, Phdr, p_filesz, size);
	PUT(b, at, Phdr, p_memsz, size);
}

void build_start(struct builder *b, unsigned int variant, uint16_t machine)
{
	*b = (struct builder){ .is_64 = variant & 1, .is_big = variant & 2 };
	memcpy(b->data, ELFMAG, SELFMAG);
	b->data[EI_CLASS] = b->is_64 ? ELFCLASS64 : ELFCLASS32;
	b->data[EI_DATA] = b->is_big ? ELFDATA2MSB : ELFDATA2LSB;
	b->len = DATA_OFFSET + PART_SIZE;
	b->names_len = 1;
	b->n_sections = 1;
	PUT(b, 0, Ehdr, e_type, ET_DYN);
	PUT(b, 0, Ehdr, e_machine, machine);
	PUT(b, 0, Ehdr, e_phoff, SIZEOF(b, Ehdr));
	PUT(b, 0, Ehdr, e_phentsize, SIZEOF(b, Phdr));
	PUT(b, 0, Ehdr, e_phnum, 3);
	PUT(b, 0, Ehdr, e_shentsize, SIZEOF(b, Shdr));
	put_segment(b, 0, PT_LOAD, PF_R | PF_X, TEXT_OFFSET, TEXT_ADDR, PART_SIZE);
	put_segment(b, 1, PT_LOAD, PF_R | PF_W, DATA_OFFSET, DATA_ADDR, PART_SIZE);
}

size_t build_section(struct builder *b, const char *name, uint32_t type, uint64_t addr,
		     const void *data, size_t len)
{
	size_t i = b->n_sections++, name_len = strlen(name) + 1;

	assert_true(i < 16 && b->names_len + name_len <= sizeof(b->names));
	b->len = (b->len + 7) & ~(size_t)7;
	assert_true(b->len + len <= sizeof(b->data));
	memcpy(b->data + b->len, data, len);
	memcpy(b->names + b->names_len, name, name_len);
	b->sections[i].name = (uint32_t)b->names_len;
	b->sections[i].type = type;
	b->sections[i].addr = addr;
	b->sections[i].offset = b->len;
	b->sections[i].size = len;
	b->names_len += name_len;
	b->len += len;
	if (type == SHT_NOTE && !b->note_size) {
		b->note_offset = b->sections[i].offset;
		b->note_size = len;
	}
	return i;
}

static size_t put_symbol(struct builder *b, size_t at, const struct made_symbol *symbol,
			 size_t name)
{
	PUT(b, at, Sym, st_name, name);
	PUT(b, at, Sym, st_value, symbol->addr);
	PUT(b, at, Sym, st_size, 16);
	PUT(b, at, Sym, st_info, ELF64_ST_INFO(symbol->bind, symbol->type));
	PUT(b, at, Sym, st_shndx, 1);
	return at + SIZEOF(b, Sym);
}

void build_symbols(struct builder *b, uint32_t type, const struct made_symbol *symbols, size_t n)
{
	static const uint8_t zero[4096];
	char strings[1024] = "";
	uint8_t versions[128] = { 0 };
	size_t len = 1, table, at;
	bool dynamic = type == SHT_DYNSYM;

	table = build_section(b, dynamic ? ".dynsym" : ".symtab", type, 0, zero,
			      (n + 1) * SIZEOF(b, Sym));
	at = b->sections[table].offset + SIZEOF(b, Sym);
	for (size_t i = 0; i < n; i++) {
		at = put_symbol(b, at, &symbols[i], len);
		put_bytes(b, versions + 2 * (i + 1), 2, symbols[i].version);
		len += (size_t)snprintf(strings + len, sizeof(strings) - len, "%s",
					symbols[i].name) +
		       1;
		assert_true(len < sizeof(strings));
	}
	b->sections[table].link = (uint32_t)build_section(b, dynamic ? ".dynstr" : ".strtab",
							  SHT_STRTAB, 0, strings, len);
	if (dynamic)
		build_section(b, ".gnu.version", SHT_GNU_versym, 0, versions, 2 * (n + 1));
}

void build_versions(struct builder *b, const char *const *names, size_t n)
{
	const size_t each = sizeof(Elf64_Verdef) + sizeof(Elf64_Verdaux);
	static const uint8_t zero[1024];
	size_t table = build_section(b, ".gnu.version_d", SHT_GNU_verdef, 0, zero, n * each);
	size_t len = 1;
	char strings[256] = "";

	for (size_t i = 0; i < n; i++) {
		size_t at = b->sections[table].offset + i * each;

		PUT(b, at, Verdef, vd_ndx, i + 2);
		PUT(b, at, Verdef, vd_aux, sizeof(Elf64_Verdef));
		PUT(b, at, Verdef, vd_next, i + 1 < n ? each : 0);
		PUT(b, at + sizeof(Elf64_Verdef), Verdaux, vda_name, len);
		len += (size_t)snprintf(strings + len, sizeof(strings) - len, "%s", names[i]) + 1;
	}
	b->sections[table].link =
		(uint32_t)build_section(b, ".verstr", SHT_STRTAB, 0, strings, len);
}

size_t build_usdt_note(struct builder *b, uint8_t *out, uint64_t addr, uint64_t base,
		       uint64_t semaphore, const char *provider, const char *name, const char *args)
{
	const char *const texts[] = { provider, name, args };
	size_t word = b->is_64 ? 8 : 4, len = 3 * word;

	put_bytes(b, out, 4, 8);
	put_bytes(b, out + 8, 4, 3);
	memcpy(out + 12, "stapsdt", 8);
	put_bytes(b, out + 20, word, addr);
	put_bytes(b, out + 20 + word, word, base);
	put_bytes(b, out + 20 + 2 * word, word, semaphore);
	for (size_t i = 0; i < 3; i++) {
		memcpy(out + 20 + len, texts[i], strlen(texts[i]) + 1);
		len += strlen(texts[i]) + 1;
	}
	put_bytes(b, out + 4, 4, len);
	return (20 + len + 3) & ~(size_t)3;
}

void build_finish(struct builder *b)
{
	size_t names = build_section(b, ".shstrtab", SHT_STRTAB, 0, b->names, sizeof(b->names));
	size_t at = (b->len + 7) & ~(size_t)7;

	memcpy(b->data + b->sections[names].offset, b->names, sizeof(b->names));
	put_segment(b, 2, PT_NOTE, PF_R, b->note_offset, 0, b->note_size);
	PUT(b, 0, Ehdr, e_shoff, at);
	PUT(b, 0, Ehdr, e_shnum, b->n_sections);
	PUT(b, 0, Ehdr, e_shstrndx, names);
	for (size_t i = 0; i < b->n_sections; i++, at += SIZEOF(b, Shdr)) {
		PUT(b, at, Shdr, sh_name, b->sections[i].name);
		PUT(b, at, Shdr, sh_type, b->sections[i].type);
		PUT(b, at, Shdr, sh_link, b->sections[i].link);
		PUT(b, at, Shdr, sh_addr, b->sections[i].addr);
		PUT(b, at, Shdr, sh_offset, b->sections[i].offset);
		PUT(b, at, Shdr, sh_size, b->sections[i].size);
	}
	b->len = at;
}

#define FUNC STT_FUNC

static const struct made_symbol local[] = {
	{ "main", IN_TEXT, FUNC, STB_GLOBAL, 0 },
	{ "twice", IN_TEXT + 0x20, FUNC, STB_LOCAL, 0 },
	{ "twice", IN_TEXT + 0x40, FUNC, STB_LOCAL, 0 },
	{ "hidden_twin", IN_TEXT + 0x60, FUNC, STB_LOCAL, 0 },
	{ "hidden_twin", IN_TEXT + 0x80, FUNC, STB_GLOBAL, 0 },
	{ "old_style@V1", IN_TEXT + 0xa0, FUNC, STB_GLOBAL, 0 },
	{ "old_style@@V2", IN_TEXT + 0xc0, FUNC, STB_GLOBAL, 0 },
	{ "label", IN_TEXT + 0xe0, STT_NOTYPE, STB_LOCAL, 0 },
	{ "chosen", IN_TEXT + 0xf0, STT_GNU_IFUNC, STB_GLOBAL, 0 },
	{ "variable", DATA_ADDR + 0x10, STT_OBJECT, STB_GLOBAL, 0 },
};

static const struct made_symbol exported[] = {
	{ "main", IN_TEXT, FUNC, STB_GLOBAL, 1 },
	{ "copy", IN_TEXT + 0x120, FUNC, STB_GLOBAL, 2 | 0x8000 },
	{ "copy", IN_TEXT + 0x140, FUNC, STB_GLOBAL, 3 },
	{ "only_old", IN_TEXT + 0x160, FUNC, STB_GLOBAL, 2 | 0x8000 },
};

static const char *const versions[] = { "LIB_1.0", "LIB_2.0" };

void build_example(struct builder *b, unsigned int variant, bool stripped)
{
	static const uint8_t content[] = { 'G', 'N', 'U', 0, 1, 2, 3 };
	uint8_t note[64] = { 0 }, probe[256] = { 0 };
	size_t len;

	build_start(b, variant, EM_X86_64);
	if (!stripped)
		build_symbols(b, SHT_SYMTAB, local, sizeof(local) / sizeof(local[0]));
	build_symbols(b, SHT_DYNSYM, exported, sizeof(exported) / sizeof(exported[0]));
	build_versions(b, versions, 2);
	note[b->is_big ? 3 : 0] = 4;
	note[b->is_big ? 7 : 4] = 3;
	note[b->is_big ? 11 : 8] = NT_GNU_BUILD_ID;
	memcpy(note + 12, content, sizeof(content));
	build_section(b, ".note.gnu.build-id", SHT_NOTE, 0, note, 20);
	len = build_usdt_note(b, probe, IN_TEXT, 0, DATA_ADDR, "made", "probe", "4@%eax");
	build_section(b, ".note.stapsdt", SHT_NOTE, 0, probe, len);
	build_finish(b);
}
