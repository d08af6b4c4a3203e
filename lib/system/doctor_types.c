// SPDX-License-Identifier: MIT
/* Types of programs and maps and features, found out by trying; and whether anything is loaded. */
#include "system/doctor.h"

#include <stdio.h>
#include <string.h>
#include <skep/probe.h>
#include <skep/text.h>

/* One table of things that are asked for by number. */
struct kind {
	const char *name, *what;
	uint32_t first;
	const char *(*name_of)(uint32_t number);
	enum skep_answer (*ask)(uint32_t number, struct skep_probe *why);
};

static const char *feature_name(uint32_t number)
{
	return skep_feature_name((enum skep_feature)number);
}

static enum skep_answer ask_feature(uint32_t number, struct skep_probe *why)
{
	return skep_probe_feature((enum skep_feature)number, why);
}

static const char *btf_name(uint32_t number)
{
	return skep_btf_feature_name((enum skep_btf_feature)number);
}

static enum skep_answer ask_btf(uint32_t number, struct skep_probe *why)
{
	return skep_probe_btf((enum skep_btf_feature)number, why);
}

static const struct kind kinds[] = {
	{ "programs", "types of programs", 1, skep_program_type_name, skep_probe_program_type },
	{ "maps", "types of maps", 1, skep_map_type_name, skep_probe_map_type },
	{ "features", "features", 0, feature_name, ask_feature },
	{ "btf", "kinds of BTF", 0, btf_name, ask_btf },
};

struct answers {
	uint32_t n, yes;
	struct skep_text no, unknown; /* names */
	char reason[384];	      /* of the first that is unknown */
};

static void add_name(struct skep_text *names, const char *name)
{
	if (names->len)
		skep_text_lit(names, ", ");
	skep_text_str(names, name);
}

static void ask_all(const struct kind *kind, struct answers *a)
{
	const char *name;

	for (uint32_t i = kind->first; (name = kind->name_of(i)); i++) {
		struct skep_probe why = { .size = sizeof(why) };
		enum skep_answer answer = kind->ask(i, &why);

		a->n++;
		if (answer == SKEP_YES) {
			a->yes++;
			continue;
		}
		if (answer == SKEP_UNKNOWN && !a->unknown.len)
			snprintf(a->reason, sizeof(a->reason), "%s", why.reason);
		add_name(answer == SKEP_NO ? &a->no : &a->unknown, name);
	}
}

static bool lacks_rights(const struct skep_examination *e)
{
	return skep_rights_are_missing(&e->rights, SKEP_RIGHT_BPF | SKEP_RIGHT_PERFMON |
							   SKEP_RIGHT_NET_ADMIN |
							   SKEP_RIGHT_SYS_ADMIN);
}

static void tell(struct skep_examination *e, const struct kind *kind, struct answers *a)
{
	if (a->yes == a->n)
		skep_find(e, kind->name, SKEP_FINDING_GOOD, NULL, "the kernel has all %u %s", a->n,
			  kind->what);
	else if (a->yes)
		skep_find(e, kind->name, SKEP_FINDING_GOOD, NULL, "the kernel has %u of %u %s",
			  a->yes, a->n, kind->what);
	if (a->no.len)
		skep_find(e, kind->name, SKEP_FINDING_NOTE,
			  "a newer kernel, or one with more options, may have them",
			  "the kernel lacks %s", skep_text_string(&a->no));
	if (a->unknown.len)
		skep_find(e, kind->name, a->yes ? SKEP_FINDING_NOTE : SKEP_FINDING_UNKNOWN,
			  lacks_rights(e) ? "look again with the rights that are missing" :
					    "skep inspect feature tells the reason for each",
			  "it cannot be found out about %s: %s", skep_text_string(&a->unknown),
			  a->reason);
}

static void judge(struct skep_examination *e, const struct answers *programs)
{
	e->doctor.can_load = programs->yes > 0;
	if (programs->yes)
		snprintf(e->verdict, sizeof(e->verdict),
			 "programs can be loaded, of %u of the %u types that there are",
			 programs->yes, programs->n);
	else
		snprintf(e->verdict, sizeof(e->verdict), "no programs can be loaded: %s",
			 programs->reason[0] ? programs->reason :
					       "the kernel has none of their types");
}

void skep_examine_types(struct skep_examination *e)
{
	e->area = "types";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct answers answers = { 0 };

		ask_all(&kinds[i], &answers);
		tell(e, &kinds[i], &answers);
		if (!i)
			judge(e, &answers);
		e->failed |= answers.no.failed || answers.unknown.failed;
		skep_text_free(&answers.no);
		skep_text_free(&answers.unknown);
	}
}
