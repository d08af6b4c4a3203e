// SPDX-License-Identifier: MIT
/* skep doctor: what this machine can do for eBPF, what is missing, and what to do about it. */
#include "cli/cli.h"

#include <string.h>
#include <skep/doctor.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/doctor/tools.h"

static bool json, brief;

static int command_doctor_main(int argc, char **argv);

static const struct option options[] = {
	{ OPTION_FLAG, 'b', "brief", NULL, "only what is not good", &brief },
	{ OPTION_FLAG, 0, "json", NULL, "one JSON object", &json },
	{ OPTION_END },
};

const struct command command_doctor = {
	.name = "doctor",
	.usage = "[--brief] [--json]",
	.summary = "say what this machine can do for eBPF, and what is missing",
	.text = "As this user sees it: without rights much cannot be found out, which is said. Nothing\n"
		"is changed. The exit code is 0 if programs can be loaded, and 3 if none can.",
	.main = command_doctor_main,
};

SKEP_DEFINE_SCOPED(doctor, struct skep_doctor, skep_doctor_free)

/* Findings are short lines; what they are about is in the first columns. */
static void write_finding(const struct skep_finding *f, struct skep_text *out)
{
	size_t start = out->len;

	if (brief && f->state == SKEP_FINDING_GOOD)
		return;
	skep_text_str(out, skep_finding_state_name(f->state));
	skep_text_pad(out, start, 9);
	skep_text_str(out, f->area);
	skep_text_pad(out, start, 19);
	skep_text_str(out, f->name);
	skep_text_lit(out, ": ");
	skep_text_escaped(out, f->text, strlen(f->text));
	skep_text_char(out, '\n');
	if (!*f->fix)
		return;
	start = out->len;
	skep_text_pad(out, start, 19);
	skep_text_lit(out, "  what to do: ");
	skep_text_escaped(out, f->fix, strlen(f->fix));
	skep_text_char(out, '\n');
}

static void write_json(const struct skep_finding *f, struct skep_text *out)
{
	const char *const members[][2] = { { "area", f->area },
					   { "name", f->name },
					   { "state", skep_finding_state_name(f->state) },
					   { "text", f->text },
					   { "fix", f->fix } };

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (!*members[i][1])
			continue;
		skep_text_printf(out, "%s\"%s\":", i ? "," : "{", members[i][0]);
		skep_text_json_string(out, members[i][1], strlen(members[i][1]));
	}
	skep_text_char(out, '}');
}

static void write_all(const struct skep_doctor *doctor, const struct tool *tools, size_t n_tools,
		      struct skep_text *out)
{
	size_t n = doctor->n_findings + n_tools;

	if (json) {
		skep_text_printf(
			out, "{\"can_load\":%s,\"verdict\":", doctor->can_load ? "true" : "false");
		skep_text_json_string(out, doctor->verdict, strlen(doctor->verdict));
		skep_text_lit(out, ",\"findings\":[");
	}
	for (size_t i = 0; i < n; i++) {
		const struct skep_finding *f = i < doctor->n_findings ?
						       &doctor->findings[i] :
						       &tools[i - doctor->n_findings].finding;

		if (json && i)
			skep_text_lit(out, ",\n");
		if (json)
			write_json(f, out);
		else
			write_finding(f, out);
	}
	if (json)
		skep_text_lit(out, "]}\n");
	else
		skep_text_printf(out, "%s%s\n", out->len ? "\n" : "", doctor->verdict);
}

static int examine(struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_doctor) struct skep_doctor *doctor = skep_doctor_new(err);
	SKEP_SCOPED(skep_text_free) struct skep_text out = { 0 };
	struct tool tools[N_TOOLS];
	int ret;

	if (!doctor)
		return cli_fail(err);
	write_all(doctor, tools, examine_tools(tools), &out);
	ret = cli_print(&out);
	return ret ?: doctor->can_load ? EXIT_OK : EXIT_IMPOSSIBLE;
}

static int command_doctor_main(int argc, char **argv)
{
	struct option_args args = { 0 };
	struct skep_error err = { 0 };
	int ret;

	if (options_parse(&command_doctor, options, argc, argv, &args, &err)) {
		ret = cli_fail(&err);
	} else if (args.help) {
		options_help(&command_doctor, options, stdout);
		ret = EXIT_OK;
	} else if (args.n_words || args.command) {
		skep_error_set(&err, SKEP_STAGE_USAGE, EINVAL, "doctor takes no words");
		ret = cli_fail(&err);
	} else {
		ret = examine(&err);
	}
	options_free(options, &args);
	return ret;
}
