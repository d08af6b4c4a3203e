// SPDX-License-Identifier: MIT
/* Sections of one name become one: the bytes of each file behind those of the files before. */
#include <stdlib.h>
#include <string.h>

#include "linker/linker.h"

/* No map takes more, nor does anybody write that much code. */
#define MAX_SECTION (64u << 20)
#define MAX_OBJECT  (256u << 20)
#define MAX_ALIGN   (1u << 16)

static bool is_linked(const struct skep_elf_section *s)
{
	return (s->type == SHT_PROGBITS || s->type == SHT_NOBITS) && s->flags & SHF_ALLOC &&
	       s->size && strcmp(s->name, ".eh_frame") != 0;
}

/* There is one of these, however many files have it. */
static bool is_said_once(const char *name)
{
	return !strcmp(name, "license") || !strcmp(name, "version");
}

static int fail(struct skep_ld *link, const struct skep_ld_input *input, const char *name,
		const struct skep_ld_input *other, const char *what, const char *theirs)
{
	skep_error_set(link->err, SKEP_STAGE_BUILD, EINVAL, "section '%s' %s, but %s in %s", name,
		       what, theirs, other->name);
	skep_error_add_object(link->err, "%s", input->name);
	return -EINVAL;
}

static struct skep_ld_section *find(struct skep_ld *link, const struct skep_elf_section *s,
				    const struct skep_ld_input *input)
{
	struct skep_ld_section *out;
	uintptr_t *place;
	bool is_new;

	place = skep_hash_put(&link->by_section, s->name, strlen(s->name), &is_new);
	if (!place)
		return NULL;
	if (!is_new)
		return &link->sections.items[*place];
	*place = link->sections.len;
	out = skep_vec_push(&link->sections);
	if (!out)
		return NULL;
	out->name = s->name;
	out->type = SHT_NOBITS;
	out->flags = s->flags;
	out->entsize = s->entsize;
	out->align = 1;
	out->first = input;
	return out;
}

static int check_again(struct skep_ld *link, const struct skep_ld_section *out,
		       const struct skep_ld_input *input, const struct skep_elf_section *s)
{
	const struct skep_elf_section *first;

	if ((out->flags ^ s->flags) & SHF_EXECINSTR)
		return fail(link, input, s->name, out->first,
			    s->flags & SHF_EXECINSTR ? "is code" : "is data",
			    s->flags & SHF_EXECINSTR ? "data" : "code");
	if (!is_said_once(s->name) || out->first == input)
		return 0;
	first = skep_elf_section(&out->first->elf, s->name);
	if (first->size == s->size && s->data && first->data &&
	    !memcmp(first->data, s->data, s->size))
		return 0;
	if (s->data && first->data && !strcmp(s->name, "license")) {
		char ours[64], theirs[64];

		snprintf(ours, sizeof(ours), "is '%.*s'", (int)strnlen((char *)s->data, s->size),
			 (const char *)s->data);
		snprintf(theirs, sizeof(theirs), "'%.*s'",
			 (int)strnlen((char *)first->data, first->size), (const char *)first->data);
		return fail(link, input, s->name, out->first, ours, theirs);
	}
	return fail(link, input, s->name, out->first, "has one content", "another");
}

static int place(struct skep_ld *link, struct skep_ld_input *input, uint32_t index)
{
	const struct skep_elf_section *s = &input->elf.sections[index];
	uint64_t align = s->align ? s->align : 1, base;
	struct skep_ld_section *out = find(link, s, input);
	int ret;

	if (!out)
		return skep_ld_nomem(link);
	ret = check_again(link, out, input, s);
	if (ret)
		return ret;
	input->section[index] = (uint32_t)(out - link->sections.items);
	input->is_repeated[index] = is_said_once(s->name) && out->size;
	if (input->is_repeated[index])
		return 0;
	if (s->flags & SHF_EXECINSTR && s->size % 8)
		return skep_error_set(link->err, SKEP_STAGE_BUILD, EINVAL,
				      "section '%s' of %s has %llu bytes, no multiple of an "
				      "instruction's 8",
				      s->name, input->name, (unsigned long long)s->size);
	if (align & (align - 1) || align > MAX_ALIGN)
		return skep_error_set(link->err, SKEP_STAGE_BUILD, EINVAL,
				      "section '%s' of %s is aligned to %llu", s->name, input->name,
				      (unsigned long long)align);
	base = (out->size + align - 1) & ~(align - 1);
	if (s->size > MAX_SECTION || base + s->size > MAX_SECTION)
		return skep_error_set(link->err, SKEP_STAGE_BUILD, E2BIG,
				      "section '%s' is larger than %u MiB", s->name,
				      MAX_SECTION >> 20);
	input->base[index] = base;
	out->size = base + s->size;
	out->align = align > out->align ? align : out->align;
	out->flags |= s->flags & SHF_WRITE;
	if (s->type != SHT_NOBITS)
		out->type = s->type;
	return 0;
}

static int fill(struct skep_ld *link, const struct skep_ld_input *input, uint32_t index)
{
	const struct skep_elf_section *s = &input->elf.sections[index];
	struct skep_ld_section *out = &link->sections.items[input->section[index]];

	if (!out->data && out->type != SHT_NOBITS) {
		link->bytes += out->size;
		if (link->bytes > MAX_OBJECT)
			return skep_error_set(link->err, SKEP_STAGE_BUILD, E2BIG,
					      "the object is larger than %u MiB", MAX_OBJECT >> 20);
		out->data = calloc(1, out->size);
		if (!out->data)
			return skep_ld_nomem(link);
	}
	if (out->data && s->data && !input->is_repeated[index])
		memcpy(out->data + input->base[index], s->data, s->size);
	return 0;
}

int skep_ld_sections(struct skep_ld *link)
{
	int ret = 0;

	for (size_t i = 0; i < link->n_inputs; i++)
		for (uint32_t s = 1; s < link->inputs[i]->elf.n_sections && !ret; s++)
			if (is_linked(&link->inputs[i]->elf.sections[s]))
				ret = place(link, link->inputs[i], s);
	for (size_t i = 0; i < link->n_inputs; i++)
		for (uint32_t s = 1; s < link->inputs[i]->elf.n_sections && !ret; s++)
			if (link->inputs[i]->section[s] != SKEP_LD_NONE)
				ret = fill(link, link->inputs[i], s);
	return ret;
}
