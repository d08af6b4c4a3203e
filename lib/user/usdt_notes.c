// SPDX-License-Identifier: MIT
#include "user/usdt.h"

#include <string.h>

#define NOTE_NAME "stapsdt"
#define NOTE_TYPE 3

bool skep_usdt_notes_open(struct skep_usdt_notes *notes, const struct skep_image *image)
{
	*notes = (struct skep_usdt_notes){ .image = image };
	if (!skep_image_section_named(image, ".note.stapsdt", &notes->section) ||
	    !notes->section.data)
		return false;
	if (!skep_image_section_named(image, ".stapsdt.base", &notes->base))
		notes->base = (struct skep_section){ 0 };
	return true;
}

static const char *take_string(const char **text, size_t *left)
{
	const char *start = *text, *end = memchr(start, '\0', *left);

	if (!end)
		return NULL;
	*left -= (size_t)(end + 1 - start);
	*text = end + 1;
	return start;
}

static bool read_note(const struct skep_usdt_notes *notes, const struct skep_note *raw,
		      struct skep_usdt_note *note)
{
	const struct skep_image *image = notes->image;
	size_t word = image->is_64 ? 8 : 4, left = raw->desc_len;
	const char *text = (const char *)raw->desc + 3 * word;
	uint64_t base;

	if (left < 3 * word)
		return false;
	left -= 3 * word;
	note->addr = skep_image_number(image, raw->desc, word);
	base = skep_image_number(image, raw->desc + word, word);
	note->semaphore = skep_image_number(image, raw->desc + 2 * word, word);
	note->provider = take_string(&text, &left);
	note->name = note->provider ? take_string(&text, &left) : NULL;
	note->args = note->name ? take_string(&text, &left) : NULL;
	if (!note->args)
		return false;
	/* A file moved after it was linked: its sections tell by how much, notes do not change. */
	if (base && notes->base.addr) {
		note->addr += notes->base.addr - base;
		if (note->semaphore)
			note->semaphore += notes->base.addr - base;
	}
	return true;
}

bool skep_usdt_notes_next(struct skep_usdt_notes *notes, struct skep_usdt_note *note)
{
	struct skep_note raw;

	while (skep_image_note(notes->image, notes->section.data, notes->section.size, &notes->at,
			       &raw))
		if (raw.type == NOTE_TYPE && raw.name_len == sizeof(NOTE_NAME) &&
		    !memcmp(raw.name, NOTE_NAME, sizeof(NOTE_NAME)) && read_note(notes, &raw, note))
			return true;
	return false;
}
