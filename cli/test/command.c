// SPDX-License-Identifier: MIT
/* skep test: runs the tests that a BPF source has beside its programs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/glob.h"
#include "cli/cli.h"
#include "cli/test/compile.h"
#include "cli/test/coverage.h"
#include "cli/test/describe.h"
#include "cli/test/test.h"
#include "stream/output.h"

static const char *kernels, *filter, *where = "text";
static const char *lcov, *object;
static bool list, coverage;

static const struct option options[] = {
	{ OPTION_STRING, 'k', "kernel", "NAME[,NAME]...",
	  "in virtual machines with these kernels (5.10, 6.1, 6.12, 7.2); 'host' is this one",
	  &kernels },
	{ OPTION_STRING, 'f', "filter", "PATTERN", "only tests of this name (* ?)", &filter },
	{ OPTION_STRING, 'o', "output", "text|tap|junit[:FILE]", "how results are written",
	  &where },
	{ OPTION_FLAG, 'c', "coverage", NULL, "tell which lines of the source were run",
	  &coverage },
	{ OPTION_STRING, 0, "lcov", "FILE", "write them as a tracefile of LCOV", &lcov },
	{ OPTION_STRING, 0, "object", "FILE", "what FILE.json tests, instead of what it names",
	  &object },
	{ OPTION_FLAG, 'l', "list", NULL, "name the tests and run none", &list },
	{ OPTION_END },
};

static int command_test_main(int argc, char **argv);

const struct command command_test = {
	.name = "test",
	.usage =
		"FILE.bpf.c|FILE.o|FILE.json [--kernel NAMES] [--filter PATTERN] [-o text|tap|junit[:FILE]]",
	.summary = "run the tests of BPF programs, here or on other kernels",
	.text = "Tests are written with skep/bpf/test.h beside the programs: they call them with a\n"
		"packet or context of their own, and look at what came of it. Or FILE.json describes\n"
		"them (see skep-test(1)). Each runs on a freshly loaded object; nothing is attached.\n"
		"What the kernel lacks is skipped, and said.",
	.main = command_test_main,
};

SKEP_DEFINE_SCOPED(spec, struct skep_spec, skep_spec_free)

enum style { STYLE_TEXT, STYLE_TAP, STYLE_JUNIT };

/* A test of either kind. */
struct test_case {
	const char *name;
	struct skep_program_spec *program; /* written in C; or NULL */
	const struct described_test *described;
};

struct session {
	const char *file;		/* as it was given */
	struct description description; /* path NULL: the tests are in the object */
	struct skep_vec(struct test_case) cases;
	struct test_object object;
	enum style style;
	struct skep_output out;
	struct test_results results;
	size_t n_told;
	struct coverage coverage;
};

/* The command that has started this one in a machine puts the flags of all kernels together. */
static bool is_in_machine(void)
{
	return getenv(TEST_IN_MACHINE) != NULL;
}

static bool counts_lines(void)
{
	return coverage || lcov;
}

static int add_case(struct session *s, const struct test_case *test, struct skep_error *err)
{
	struct test_case *added;

	if (filter && !skep_glob_matches(filter, test->name))
		return 0;
	added = skep_vec_push(&s->cases);
	if (!added)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	*added = *test;
	return 0;
}

static int find_cases(struct session *s, const struct skep_spec *spec, struct skep_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < s->description.tests.len; i++) {
		const struct described_test *test = &s->description.tests.items[i];

		ret = add_case(s, &(struct test_case){ test->name, NULL, test }, err);
	}
	for (size_t i = 0; !ret && !s->description.path && i < spec->n_programs; i++) {
		struct skep_program_spec *p = spec->programs[i];

		if (test_is_test(spec, p))
			ret = add_case(s, &(struct test_case){ p->name, p, NULL }, err);
	}
	return ret;
}

/* Text comes as tests end; the other formats begin with how many there are. */
static int tell(struct session *s, struct skep_error *err)
{
	for (; s->n_told < s->results.items.len; s->n_told++) {
		struct test_result *result = &s->results.items.items[s->n_told];

		s->results.count[result->status]++;
		if (s->style == STYLE_TEXT)
			test_write_text(skep_output_text(&s->out), result);
	}
	return s->style == STYLE_TEXT ? skep_output_flush(&s->out, err) : 0;
}

static int run_case(struct session *s, struct skep_spec *spec, const struct test_case *test,
		    struct skep_error *err)
{
	struct test_result *result = test_results_add(&s->results, test->name, "");
	struct coverage *counted = counts_lines() ? &s->coverage : NULL;

	if (!result)
		return skep_error_nomem(err, SKEP_STAGE_LOAD);
	result->spec = spec;
	if (test->program)
		return test_execute(spec, test->program, counted, result, err);
	return description_execute(&s->description, test->described, spec, counted, result, err);
}

static int run_here(struct session *s, struct skep_spec *spec, struct skep_error *err)
{
	int ret = 0;

	test_prepare(spec);
	for (size_t i = 0; !ret && i < s->cases.len; i++)
		ret = run_case(s, spec, &s->cases.items[i], err) ?: tell(s, err);
	return ret;
}

static int run_there(struct session *s, const char *kernel, struct skep_error *err)
{
	struct test_files files = { .object = s->object.path };
	int ret;

	if (s->description.path) {
		files.taken = description_files(&s->description, err);
		if (!files.taken)
			return -EINVAL;
	}
	ret = test_in_machine(&files, kernel, filter, &s->results, counts_lines() ? &s->coverage : NULL, err) ?:
		      tell(s, err);
	description_files_free(files.taken);
	return ret;
}

static int run_on(struct session *s, struct skep_spec *spec, char *names, struct skep_error *err)
{
	char *save = NULL;
	int ret = 0;

	for (char *name = strtok_r(names, ",", &save); name && !ret;
	     name = strtok_r(NULL, ",", &save)) {
		ret = strcmp(name, "host") ? run_there(s, name, err) : run_here(s, spec, err);
	}
	return ret;
}

static int tell_coverage(struct session *s, struct skep_error *err)
{
	if (!counts_lines() || is_in_machine())
		return 0;
	if (coverage_end(&s->coverage))
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	return coverage_tell(&s->coverage, coverage, lcov, err);
}

static int finish(struct session *s, struct skep_error *err)
{
	struct skep_text *text = skep_output_text(&s->out);

	if (s->style == STYLE_TEXT)
		test_write_text_end(text, &s->results);
	else if (s->style == STYLE_TAP)
		test_write_tap(text, &s->results);
	else
		test_write_junit(text, s->file, &s->results);
	if (counts_lines() && is_in_machine())
		coverage_write_flags(text, &s->coverage);
	return skep_output_flush(&s->out, err);
}

static int list_tests(struct session *s, struct skep_error *err)
{
	for (size_t i = 0; i < s->cases.len; i++)
		skep_text_printf(skep_output_text(&s->out), "%s\n", s->cases.items[i].name);
	return skep_output_flush(&s->out, err);
}

static int no_tests(const struct session *s, struct skep_error *err)
{
	skep_error_set(err, SKEP_STAGE_USAGE, ENOENT, "%s has no test%s%s", s->file,
		       filter ? " that matches " : "", filter ?: "");
	if (!filter)
		skep_error_add_hint(err, s->description.path ?
						 "describe one in its member 'tests'" :
						 "write one with SKEP_TEST() of skep/bpf/test.h");
	return -ENOENT;
}

static int run_tests(struct session *s, struct skep_spec *spec, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) char *names = strdup(kernels ?: "host");
	int ret = names ? find_cases(s, spec, err) : skep_error_nomem(err, SKEP_STAGE_LOAD);

	if (ret)
		return ret;
	if (!s->cases.len)
		return no_tests(s, err);
	if (list)
		return list_tests(s, err);
	if (counts_lines() && coverage_begin(&s->coverage, spec, err))
		return -ENOTSUP;
	return run_on(s, spec, names, err) ?: finish(s, err) ?: tell_coverage(s, err);
}

/* What is compiled or read: what the description names, or what was given. */
static const char *tested_file(const struct session *s)
{
	return !s->description.path ? s->file : object ?: s->description.object;
}

static int run(struct session *s, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_spec) struct skep_spec *spec = NULL;
	struct skep_spec_opts opts = { .size = sizeof(opts) };
	const char *slash;
	int ret = description_is(s->file) ? description_open(&s->description, s->file, err) : 0;

	ret = ret ?: test_compile(&s->object, tested_file(s), counts_lines(), err);
	if (ret)
		return ret;
	opts.path = tested_file(s);
	slash = strrchr(opts.path, '/');
	opts.name = slash ? slash + 1 : opts.path;
	spec = skep_spec_open(s->object.path, &opts, err);
	ret = spec ? run_tests(s, spec, err) : -EINVAL;
	coverage_free(&s->coverage);
	return ret;
}

static int open_output(struct session *s, struct skep_error *err)
{
	static const char *const styles[] = { "text", "tap", "junit" };
	size_t len = strcspn(where, ":");

	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		if (strlen(styles[i]) != len || memcmp(styles[i], where, len))
			continue;
		s->style = (enum style)i;
		if (where[len] && where[len + 1])
			return skep_output_open(&s->out, where + len + 1, err);
		if (where[len])
			break;
		skep_output_fd(&s->out, STDOUT_FILENO, "stdout");
		return 0;
	}
	skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "--output does not know '%s'", where);
	skep_error_add_hint(err, "allowed: text, tap, junit, each with :FILE");
	return -EINVAL;
}

static int check_words(const struct option_args *args, struct skep_error *err)
{
	if (args->n_words == 1 && object && !description_is(args->words[0]))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "--object is for descriptions: %s is tested itself",
				      args->words[0]);
	if (args->n_words == 1)
		return 0;
	if (!args->n_words)
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "no file is given");
	else
		skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "one file at a time, not also '%s'",
			       args->words[1]);
	skep_error_add_hint(err, "see 'skep test --help'");
	return -EINVAL;
}

static int test_file(const char *file, struct skep_error *err)
{
	struct session s = { .file = file };
	int ret = open_output(&s, err);

	if (ret)
		return cli_fail(err);
	ret = run(&s, err);
	ret = ret ? cli_fail(err) : s.results.count[TEST_FAILED] ? EXIT_FAILED : EXIT_OK;
	test_object_remove(&s.object);
	skep_vec_free(&s.cases);
	description_close(&s.description);
	test_results_free(&s.results);
	skep_output_close(&s.out);
	return ret;
}

static int command_test_main(int argc, char **argv)
{
	struct option_args args = { 0 };
	struct skep_error err = { 0 };
	int ret = options_parse(&command_test, options, argc, argv, &args, &err);

	if (!ret && args.help)
		options_help(&command_test, options, stdout);
	else if (!ret)
		ret = check_words(&args, &err) ?: test_check_kernels(kernels, &err);
	if (ret)
		ret = cli_fail(&err);
	else if (!args.help)
		ret = test_file(args.words[0], &err);
	options_free(options, &args);
	return ret;
}
