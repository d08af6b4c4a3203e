// SPDX-License-Identifier: MIT
/* Features that a package needs: asked for only after it could not be loaded, to say why. */
#include <stdio.h>
#include <string.h>

#include <skep/probe.h>

#include "base/cleanup.h"
#include "cli/run/run.h"

#define N_NUMBERS 512 /* more than the kernel has of any of them */

static enum skep_answer ask(const char *name, const char *(*name_of)(uint32_t number),
			    enum skep_answer (*probe)(uint32_t number, struct skep_probe *why),
			    struct skep_probe *why)
{
	for (uint32_t i = 0; i < N_NUMBERS; i++) {
		const char *known = name_of(i);

		if (known && !strcmp(known, name))
			return probe(i, why);
	}
	return SKEP_UNKNOWN;
}

static enum skep_answer ask_feature(const char *feature, struct skep_probe *why)
{
	if (!strncmp(feature, "map:", 4))
		return ask(feature + 4, skep_map_type_name, skep_probe_map_type, why);
	if (!strncmp(feature, "program:", 8))
		return ask(feature + 8, skep_program_type_name, skep_probe_program_type, why);
	if (!strncmp(feature, "attach:", 7))
		return ask(feature + 7, skep_attach_type_name, skep_probe_attach_type, why);
	return SKEP_UNKNOWN;
}

void run_report_missing(const struct skep_package *package)
{
	SKEP_SCOPED(skep_text_free) struct skep_text out = { 0 };

	skep_vec_for_each(&package->features, feature) {
		struct skep_probe why = { .size = sizeof(why) };

		if (ask_feature(*feature, &why) != SKEP_NO)
			continue;
		skep_text_lit(&out, "the package needs ");
		skep_text_escaped(&out, *feature, strlen(*feature));
		skep_text_printf(&out, ", which this kernel lacks: %s\n", why.reason);
	}
	if (out.len)
		fwrite(out.data, 1, out.len, stderr);
}
