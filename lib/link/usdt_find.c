// SPDX-License-Identifier: MIT
/* The places of a static probe in a file, and what is told when there are none. */
#include "link/usdt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "user/symbols.h"

#define MAX_PLACES (1u << 20)

static bool is_wanted(const struct skep_usdt_note *note, const char *provider, const char *name)
{
	return !strcmp(note->name, name) && (!provider || !strcmp(note->provider, provider));
}

static int damaged(const struct skep_binary *binary, const struct skep_usdt_note *note,
		   const char *what, struct skep_error *err)
{
	return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
			      "the note of the static probe %s:%s in '%s' makes no sense: %s",
			      note->provider, note->name, binary->label, what);
}

/* A variable is as far from the probe in memory as it is in the file. */
static void find_variable(const struct skep_image *image, const struct skep_usdt_note *note,
			  struct skep_usdt_arg *arg)
{
	uint64_t addr = 0;

	if (skep_image_variable(image, arg->symbol, arg->symbol_len, &addr))
		arg->kind = SKEP_USDT_MEMORY;
	else
		arg->kind = SKEP_USDT_UNREADABLE;
	arg->value = (int64_t)((uint64_t)arg->value + addr - note->addr);
	arg->symbol = NULL;
}

static int read_args(const struct skep_binary *binary, const struct skep_usdt_notation *notation,
		     const struct skep_usdt_note *note, struct skep_usdt_place *place,
		     struct skep_error *err)
{
	place->n_args = skep_usdt_parse(notation, note->args, place->args);
	for (int i = 0; i < place->n_args; i++)
		if (place->args[i].kind == SKEP_USDT_SYMBOL)
			find_variable(&binary->image, note, &place->args[i]);
	if (place->n_args >= 0)
		return 0;
	if (place->n_args == -E2BIG)
		return skep_error_set(err, SKEP_STAGE_ATTACH, E2BIG,
				      "the static probe %s:%s in '%s' has more than %d arguments",
				      note->provider, note->name, binary->label,
				      SKEP_USDT_MAX_ARGS);
	skep_error_set(
		err, SKEP_STAGE_ATTACH, EINVAL,
		"the arguments of the static probe %s:%s in '%s' are not understood: '%.120s'",
		note->provider, note->name, binary->label, note->args);
	return -EINVAL;
}

static int add_place(const struct skep_binary *binary, const struct skep_usdt_notation *notation,
		     const struct skep_usdt_note *note, struct skep_usdt_places *found,
		     struct skep_error *err)
{
	struct skep_usdt_place *places =
		realloc(found->places, (found->n + 1) * sizeof(*found->places));
	struct skep_uprobe_point *points, *point;
	int ret;

	if (!places)
		return skep_error_nomem(err, SKEP_STAGE_ATTACH);
	found->places = places;
	points = realloc(found->points, (found->n + 1) * sizeof(*found->points));
	if (!points)
		return skep_error_nomem(err, SKEP_STAGE_ATTACH);
	found->points = points;
	ret = read_args(binary, notation, note, &places[found->n], err);
	if (ret)
		return ret;
	places[found->n].addr = note->addr;
	point = &points[found->n++];
	*point = (struct skep_uprobe_point){ 0 };
	if (!skep_image_offset(&binary->image, note->addr, PF_X, &point->offset))
		return damaged(binary, note, "its address has no code", err);
	point->offset += binary->member;
	if (!note->semaphore)
		return 0;
	if (!skep_image_offset(&binary->image, note->semaphore, PF_W, &point->ref_ctr))
		return damaged(binary, note, "its semaphore is not in the file's data", err);
	point->ref_ctr += binary->member;
	return 0;
}

/* The names that there are, as far as there is room; those of the provider if it is known. */
static void list_probes(const struct skep_binary *binary, const char *provider, char *out,
			size_t size)
{
	struct skep_usdt_notes notes;
	struct skep_usdt_note note;
	char one[128];
	size_t len = 0;

	*out = '\0';
	if (!skep_usdt_notes_open(&notes, &binary->image))
		return;
	while (len + 8 < size && skep_usdt_notes_next(&notes, &note)) {
		if (provider && strcmp(note.provider, provider) != 0)
			continue;
		snprintf(one, sizeof(one), " %s:%s", note.provider, note.name);
		if (strstr(out, one))
			continue;
		if (len + strlen(one) + 5 > size) {
			snprintf(out + len, size - len, " ...");
			return;
		}
		len += (size_t)snprintf(out + len, size - len, "%s", one);
	}
}

static int not_found(const struct skep_binary *binary, const char *provider, const char *name,
		     struct skep_error *err)
{
	char probes[256];

	skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT, "'%s' has no static probe '%s%s%s'",
		       binary->label, provider ? provider : "", provider ? ":" : "", name);
	list_probes(binary, provider, probes, sizeof(probes));
	if (!probes[0])
		list_probes(binary, NULL, probes, sizeof(probes));
	if (probes[0])
		skep_error_add_hint(err, "it has:%s", probes);
	else
		skep_error_add_hint(err, "it has none at all; programs may have to be built with "
					 "them, often by an option named dtrace, sdt or usdt");
	return -ENOENT;
}

int skep_usdt_find(const struct skep_binary *binary, const char *provider, const char *name,
		   struct skep_usdt_places *found, struct skep_error *err)
{
	const struct skep_usdt_notation *notation =
		skep_usdt_notation(binary->image.machine, skep_usdt_kernel_machine());
	struct skep_usdt_notes notes;
	struct skep_usdt_note note;
	int ret = 0;

	if (!notation)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
				      "skep does not know the registers of '%s' (ELF machine %u)",
				      binary->label, binary->image.machine);
	if (!skep_usdt_notes_open(&notes, &binary->image))
		return not_found(binary, provider, name, err);
	while (!ret && found->n < MAX_PLACES && skep_usdt_notes_next(&notes, &note))
		if (is_wanted(&note, provider, name))
			ret = add_place(binary, notation, &note, found, err);
	return ret || found->n ? ret : not_found(binary, provider, name, err);
}
