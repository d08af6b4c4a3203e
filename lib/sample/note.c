// SPDX-License-Identifier: MIT
/* What a source says of how its maps are to be shown: SKEP_SAMPLE() of skep/bpf/sample.h. */
#include <errno.h>
#include <skep/sample.h>

#include "base/error.h"
#include "base/scan.h"
#include "btf/kinds.h"
#include "btf/tags.h"

#define MOST_MS 86400000u

static const struct {
	const char *word;
	enum skep_sample_kind kind;
} kinds[] = {
	{ "key_value,", SKEP_SAMPLE_KEY_VALUE },
	{ "log2_hist,", SKEP_SAMPLE_LOG2 },
	{ "linear_hist,", SKEP_SAMPLE_LINEAR },
};

/* "1000,log2_hist,keep,usecs". */
static bool parse(const char *text, struct skep_sample_note *note)
{
	uint64_t interval;

	if (*text == '-' || !skep_scan_number(&text, 10, &interval) || !interval ||
	    interval > MOST_MS || !skep_scan_word(&text, ","))
		return false;
	note->interval_ms = (uint32_t)interval;
	note->kind = SKEP_SAMPLE_NONE;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !note->kind; i++)
		if (skep_scan_word(&text, kinds[i].word))
			note->kind = kinds[i].kind;
	note->clear = skep_scan_word(&text, "clear,");
	if (!note->kind || (!note->clear && !skep_scan_word(&text, "keep,")))
		return false;
	return snprintf(note->unit, sizeof(note->unit), "%s", text) < (int)sizeof(note->unit);
}

static int find_tag(const struct skep_btf_tags *tags, const struct skep_btf *btf, const char *map,
		    const char **text)
{
	for (size_t i = 0; i < tags->list.len; i++) {
		const struct skep_btf_tag *tag = &tags->list.items[i];
		const struct btf_type *t = skep_btf_type(btf, tag->type);

		if (!t || skep_btf_kind(t) != BTF_KIND_VAR || tag->part != -1 ||
		    strcmp(skep_btf_name(btf, tag->type), map) != 0)
			continue;
		*text = tag->text;
		return 1;
	}
	return 0;
}

int skep_sample_note(const struct skep_spec *spec, const char *map, struct skep_sample_note *note,
		     struct skep_error *err)
{
	struct skep_sample_note found = { .size = sizeof(found) };
	struct skep_btf_tags tags = { 0 };
	const char *text = NULL;
	int ret;

	if (!spec || !map || !note || note->size < sizeof(note->size))
		return skep_error_null(err, SKEP_STAGE_USAGE,
				       !spec ? "spec" :
				       !map  ? "map" :
					       "note");
	if (!spec->btf)
		return 0;
	ret = skep_btf_tags_find(&tags, spec->btf, "skep:sample=");
	if (ret)
		skep_error_nomem(err, SKEP_STAGE_READ);
	else
		ret = find_tag(&tags, spec->btf, map, &text);
	if (ret > 0 && (!text || !parse(text, &found))) {
		ret = skep_error_set(err, SKEP_STAGE_READ, EINVAL,
				     "the note on how it is to be sampled cannot be read: '%.64s'",
				     text ?: "");
		skep_error_add_subject(err, "map '%s'", map);
		skep_error_add_hint(err, "write it by SKEP_SAMPLE(), an interval of 1 ms to a day, "
					 "and a unit of at most 31 bytes");
	}
	skep_btf_tags_free(&tags);
	if (ret > 0) {
		found.size = note->size;
		memcpy(note, &found, note->size < sizeof(found) ? note->size : sizeof(found));
	}
	return ret;
}
