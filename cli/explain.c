// SPDX-License-Identifier: MIT
/* skep explain: what a verifier log means. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <skep/explain.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "package/source.h"

/* The kernel writes no log of more than 16 MiB; a text may have several. */
#define MAX_TEXT (256u << 20)

static bool json;
static const char *object, *program;

static int command_explain_main(int argc, char **argv);

static const struct option options[] = {
	{ OPTION_STRING, 0, "object", "FILE",
	  "the object, or its source, that was refused: for lines", &object },
	{ OPTION_STRING, 0, "program", "NAME", "which of its programs, if the text does not say it",
	  &program },
	{ OPTION_FLAG, 0, "json", NULL, "a JSON object for each log", &json },
	{ OPTION_END },
};

const struct command command_explain = {
	.name = "explain",
	.usage = "[FILE|-] [--object FILE.o|FILE.bpf.c] [--program NAME] [--json]",
	.summary = "say in plain words why the verifier refused a program",
	.text = "FILE, or stdin, is a verifier log as libbpf, bpftool, tc, cilium/ebpf, Aya or skep\n"
		"printed it, with times and names before each line or not; it may have several logs.\n"
		"The exit code is 1 if there is none.",
	.main = command_explain_main,
};

SKEP_DEFINE_SCOPED(spec, struct skep_spec, skep_spec_free)
SKEP_DEFINE_SCOPED(explain, struct skep_explain, skep_explain_free)

static int read_all(int fd, struct skep_text *text, struct skep_error *err)
{
	for (;;) {
		ssize_t n;

		if (!skep_text_room(text, 65536))
			return skep_error_nomem(err, SKEP_STAGE_READ);
		n = read(fd, text->data + text->len, 65536);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return skep_error_set_errno(err, SKEP_STAGE_READ, errno, "cannot be read");
		if (!n)
			return 0;
		text->len += (size_t)n;
		if (text->len > MAX_TEXT)
			return skep_error_set(err, SKEP_STAGE_READ, EFBIG,
					      "a text has at most %u MiB", MAX_TEXT >> 20);
	}
}

static int read_text(const char *path, struct skep_text *text, struct skep_error *err)
{
	bool is_stdin = !path || !strcmp(path, "-");
	SKEP_SCOPED(skep_scoped_fd) int opened = is_stdin ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	int ret = 0;

	if (!is_stdin && opened < 0)
		ret = skep_error_set_errno(err, SKEP_STAGE_READ, errno, "cannot be opened");
	ret = ret ?: read_all(is_stdin ? STDIN_FILENO : opened, text, err);
	if (ret)
		skep_error_add_object(err, "%s", is_stdin ? "stdin" : path);
	return ret;
}

static void write_row(struct skep_text *out, const char *name, const char *value)
{
	size_t start = out->len;

	if (!*value)
		return;
	skep_text_str(out, name);
	skep_text_pad(out, start, 14);
	skep_text_escaped(out, value, strlen(value));
	skep_text_char(out, '\n');
}

static void write_log(struct skep_text *out, const char *log)
{
	skep_text_lit(out, "  the log ends with\n");
	for (const char *line = log; *line;) {
		size_t len = strcspn(line, "\n");

		skep_text_lit(out, "    ");
		skep_text_escaped(out, line, len);
		skep_text_char(out, '\n');
		line += len + (line[len] == '\n');
	}
}

/* The last lines tell what the rest says in numbers. */
static const char *last_lines(const char *log, int n)
{
	const char *at = log + strlen(log);

	while (at > log && (at[-1] != '\n' || at[0] == '\0' || --n))
		at--;
	return at;
}

static void write_program(const struct skep_explanation *why, struct skep_text *out)
{
	const char *verdict =
		why->is_accepted ? "accepted by the verifier" : "refused by the verifier";

	if (why->program[0]) {
		skep_text_lit(out, "program '");
		skep_text_escaped(out, why->program, strlen(why->program));
		skep_text_printf(out, "' is %s", verdict);
	} else {
		skep_text_printf(out, "a program is %s", verdict);
	}
	if (why->looked_at)
		skep_text_printf(out, ", which went through %llu instructions",
				 (unsigned long long)why->looked_at);
	skep_text_char(out, '\n');
}

static void write_people(const struct skep_explanation *why, struct skep_text *out)
{
	write_program(why, out);
	if (why->is_accepted)
		return;
	write_row(out, "  why", why->error.cause);
	write_row(out, "  what to do", why->error.hint);
	write_row(out, "  where", why->error.source);
	write_row(out, "  source", why->quote);
	write_row(out, "  instruction", why->code);
	write_log(out, last_lines(why->error.log, 4));
}

static void write_member(struct skep_text *out, const char *name, const char *value)
{
	if (!*value)
		return;
	skep_text_printf(out, ",\"%s\":", name);
	skep_text_json_string(out, value, strlen(value));
}

static void write_json(const struct skep_explanation *why, struct skep_text *out)
{
	skep_text_printf(out, "{\"accepted\":%s", why->is_accepted ? "true" : "false");
	write_member(out, "program", why->program);
	write_member(out, "cause", why->error.cause);
	write_member(out, "hint", why->error.hint);
	write_member(out, "source", why->error.source);
	write_member(out, "quote", why->quote);
	write_member(out, "code", why->code);
	if (why->insn >= 0)
		skep_text_printf(out, ",\"insn\":%lld", (long long)why->insn);
	if (why->looked_at)
		skep_text_printf(out, ",\"processed\":%llu", (unsigned long long)why->looked_at);
	write_member(out, "log", why->error.log);
	skep_text_lit(out, "}\n");
}

static int explain_all(const struct skep_text *text, const struct skep_spec *spec,
		       struct skep_text *out, struct skep_error *err)
{
	const struct skep_explain_opts opts = { .size = sizeof(opts),
						.spec = spec,
						.program = program };
	SKEP_SCOPED(skep_scoped_explain)
	struct skep_explain *explain = skep_explain_new(text->data ?: "", text->len, &opts, err);
	struct skep_explanation why = { .size = sizeof(why) };
	int ret, n = 0;

	if (!explain)
		return -EINVAL;
	while ((ret = skep_explain_next(explain, &why, err)) > 0) {
		if (n++ && !json)
			skep_text_char(out, '\n');
		if (json)
			write_json(&why, out);
		else
			write_people(&why, out);
	}
	if (!ret && !n) {
		ret = skep_error_set(err, SKEP_STAGE_READ, ENOENT,
				     "there is no verifier log in it");
		skep_error_add_hint(err, "a log has lines such as '12: (79) r1 = *(u64 *)(r1 +0)'; "
					 "libbpf prints it when its log level is raised");
	}
	return ret;
}

static int run_explain(const char *path, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_spec) struct skep_spec *spec = NULL;
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text out = { 0 };

	if (object && !(spec = skep_source_open(object, err)))
		return cli_fail(err);
	if (read_text(path, &text, err) || explain_all(&text, spec, &out, err))
		return cli_fail(err);
	return cli_print(&out);
}

static int command_explain_main(int argc, char **argv)
{
	struct option_args args = { 0 };
	struct skep_error err = { 0 };
	int ret;

	if (options_parse(&command_explain, options, argc, argv, &args, &err)) {
		ret = cli_fail(&err);
	} else if (args.help) {
		options_help(&command_explain, options, stdout);
		ret = EXIT_OK;
	} else if (args.n_words > 1 || args.command) {
		skep_error_set(&err, SKEP_STAGE_USAGE, EINVAL, "one text at a time");
		ret = cli_fail(&err);
	} else {
		ret = run_explain(args.n_words ? args.words[0] : NULL, &err);
	}
	options_free(options, &args);
	return ret;
}
