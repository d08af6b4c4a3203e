// SPDX-License-Identifier: MIT
/* Which definition a name stands for. */
#include <string.h>

#include "linker/linker.h"

static bool is_defined(const struct skep_elf_symbol *s)
{
	return s->section != SHN_UNDEF;
}

static bool has_definition(const struct skep_ld_symbol *s)
{
	return s->section != SKEP_LD_NONE || s->input->elf.symbols[s->index].section;
}

static const char *file_of(const struct skep_ld_symbol *s)
{
	return s->input->name;
}

static void define(struct skep_ld_symbol *out, struct skep_ld_input *input, uint32_t index)
{
	const struct skep_elf_symbol *s = &input->elf.symbols[index];
	bool is_placed = s->section && s->section < input->elf.n_sections;

	out->name = s->name;
	out->input = input;
	out->index = index;
	out->section = is_placed ? input->section[s->section] : SKEP_LD_NONE;
	out->value = s->value + (is_placed ? input->base[s->section] : 0);
	out->size = s->size;
	out->type = s->type;
	out->bind = s->bind;
}

/* The more a file hides a symbol, the more it is hidden. */
static uint8_t strictest(uint8_t a, uint8_t b)
{
	static const uint8_t rank[] = {
		[STV_DEFAULT] = 0, [STV_INTERNAL] = 3, [STV_HIDDEN] = 2, [STV_PROTECTED] = 1
	};

	return rank[a & 3] > rank[b & 3] ? a : b;
}

/* Code that was overridden stays where it is, since jumps cross it; what it refers to does not. */
static int bury(struct skep_ld *link, struct skep_ld_input *input, uint32_t index)
{
	const struct skep_elf_symbol *s = &input->elf.symbols[index];
	struct skep_ld_range *range;

	if (s->type != STT_FUNC)
		return 0;
	range = skep_vec_push(&input->dead);
	if (!range)
		return skep_ld_nomem(link);
	*range = (struct skep_ld_range){ s->section, s->value, s->value + s->size };
	return 0;
}

static int defined_twice(struct skep_ld *link, const struct skep_ld_symbol *out,
			 const struct skep_ld_input *input)
{
	skep_error_set(link->err, SKEP_STAGE_BUILD, EEXIST, "'%s' is defined here and in %s",
		       out->name, file_of(out));
	skep_error_add_object(link->err, "%s", input->name);
	skep_error_add_hint(link->err, "make one of them static, or __weak");
	return -EEXIST;
}

static void replace_type(struct skep_ld_input *input, const char *name)
{
	input->is_replaced[skep_ld_type_of(input, name)] = true;
}

/* The symbol of one more file becomes the name's, or gives way to what the name has. */
static int meet(struct skep_ld *link, struct skep_ld_symbol *out, struct skep_ld_input *input,
		uint32_t index)
{
	const struct skep_elf_symbol *s = &input->elf.symbols[index];
	struct skep_ld_input *other = out->input;
	uint8_t visibility = strictest(out->visibility, s->visibility);
	bool wins, both = is_defined(s) && has_definition(out);
	uint8_t bind = out->bind;
	int ret = skep_ld_compare(s->name, other, input, link->err);

	if (ret)
		return ret;
	if (both && s->bind != STB_WEAK && out->bind != STB_WEAK)
		return defined_twice(link, out, input);
	wins = both ? out->bind == STB_WEAK && s->bind != STB_WEAK :
		      is_defined(s) || (!has_definition(out) && !skep_ld_type_of(other, s->name) &&
					skep_ld_type_of(input, s->name));
	if (both)
		ret = wins ? bury(link, other, out->index) : bury(link, input, index);
	if (wins) {
		replace_type(other, s->name);
		define(out, input, index);
	} else {
		replace_type(input, s->name);
	}
	/* One that must be there, must. */
	if (!is_defined(s) && !has_definition(out) && (bind != STB_WEAK || s->bind != STB_WEAK))
		out->bind = STB_GLOBAL;
	out->visibility = visibility;
	return ret;
}

static int add_global(struct skep_ld *link, struct skep_ld_input *input, uint32_t index)
{
	const struct skep_elf_symbol *s = &input->elf.symbols[index];
	struct skep_ld_symbol *out;
	uintptr_t *place;
	bool is_new;

	place = skep_hash_put(&link->by_symbol, s->name, strlen(s->name), &is_new);
	if (!place)
		return skep_ld_nomem(link);
	if (is_new) {
		*place = link->symbols.len;
		out = skep_vec_push(&link->symbols);
		if (!out)
			return skep_ld_nomem(link);
		define(out, input, index);
		out->visibility = s->visibility;
	}
	input->symbol[index] = (uint32_t)*place;
	return is_new ? 0 : meet(link, &link->symbols.items[*place], input, index);
}

/* Labels inside functions are of no use to anybody. */
static bool is_wanted(const struct skep_ld_input *input, const struct skep_elf_symbol *s)
{
	bool is_placed = s->section && s->section < input->elf.n_sections;

	if (is_placed &&
	    (input->section[s->section] == SKEP_LD_NONE || input->is_repeated[s->section]))
		return false;
	if (s->bind == STB_LOCAL)
		return is_placed && (s->type == STT_FUNC || s->type == STT_OBJECT);
	return s->type <= STT_FUNC;
}

static int add_local(struct skep_ld *link, struct skep_ld_input *input, uint32_t index)
{
	struct skep_ld_symbol *out = skep_vec_push(&link->symbols);

	if (!out)
		return skep_ld_nomem(link);
	input->symbol[index] = (uint32_t)link->symbols.len - 1;
	define(out, input, index);
	out->visibility = input->elf.symbols[index].visibility;
	return 0;
}

static int add_symbol(struct skep_ld *link, struct skep_ld_input *input, uint32_t index)
{
	const struct skep_elf_symbol *s = &input->elf.symbols[index];

	if (s->section == SHN_COMMON) {
		skep_error_set(link->err, SKEP_STAGE_BUILD, EINVAL,
			       "'%s' is a common symbol, which is in no section", s->name);
		skep_error_add_object(link->err, "%s", input->name);
		skep_error_add_hint(link->err, "compile with -fno-common");
		return -EINVAL;
	}
	if (!is_wanted(input, s))
		return 0;
	return s->bind == STB_LOCAL ? add_local(link, input, index) :
				      add_global(link, input, index);
}

int skep_ld_symbols(struct skep_ld *link)
{
	int ret = 0;

	for (size_t i = 0; i < link->n_inputs; i++)
		for (uint32_t s = 1; s < link->inputs[i]->elf.n_symbols && !ret; s++)
			ret = add_symbol(link, link->inputs[i], s);
	return ret;
}
