// SPDX-License-Identifier: MIT
#include "cli/test/compile.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/test/coverage.h"
#include "package/clang.h"

SKEP_DEFINE_SCOPED(file, FILE, fclose)

static int fail(struct skep_error *err, const char *what)
{
	return skep_error_set_errno(err, SKEP_STAGE_BUILD, errno, "%s", what);
}

/* Where a "comdat" with its name in brackets begins in @line; its end to *@end. */
static char *find_comdat(char *line, char **end)
{
	char *at = strstr(line, " comdat");

	if (!at)
		return NULL;
	*end = at + strlen(" comdat");
	if (**end == '(')
		*end += strcspn(*end, ")") + 1;
	return at > line && at[-1] == ',' ? at - 1 : at;
}

/*
 * With flags, clang puts each function into a group, and so into a section of its own, which has
 * the same name as the others: line information, which goes by names, would be of no use.
 */
static int ungroup(const char *from, const char *to, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_file) FILE *in = fopen(from, "re");
	SKEP_SCOPED(skep_scoped_file) FILE *out = fopen(to, "we");
	SKEP_SCOPED(skep_scoped_free) char *line = NULL;
	size_t size = 0;

	if (!in || !out)
		return fail(err, "the compiler's code cannot be read or written");
	while (getline(&line, &size, in) > 0) {
		char *end, *comdat = NULL;

		if (*line == '$')
			continue;
		if (*line == '@' || !strncmp(line, "define ", 7))
			comdat = find_comdat(line, &end);
		if (comdat)
			memmove(comdat, end, strlen(end) + 1);
		fputs(line, out);
	}
	return ferror(in) || ferror(out) || fflush(out) ?
		       fail(err, "there is no room for the compiler's code") :
		       0;
}

static int compile_counting(struct test_object *object, const char *file, struct skep_error *err)
{
	static char *const to_code[] = { COVERAGE_FLAGS, "-S", "-emit-llvm", NULL };
	static char *const to_object[] = { "-Xclang", "-disable-llvm-passes",
					   "-Wno-unused-command-line-argument", NULL };
	const struct skep_clang_opts first = { .flags = to_code }, second = { .flags = to_object };

	/* The object's place serves for what clang writes first. */
	return skep_clang_compile(file, object->made, &first, err) ?:
		       ungroup(object->made, object->code, err)	   ?:
		       skep_clang_compile(object->code, object->made, &second, err);
}

/* What a signal must not leave behind. */
static struct test_object *unfinished;

static void end_by_signal(int number)
{
	test_object_remove(unfinished);
	raise(number); /* again when this returns, and then with its default action */
}

static void remove_on_signals(struct test_object *object)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	const struct sigaction action = { .sa_handler = end_by_signal, .sa_flags = SA_RESETHAND };
	struct sigaction before;

	unfinished = object;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (!sigaction(signals[i], NULL, &before) && before.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
}

static int make_folder(struct test_object *object, struct skep_error *err)
{
	const char *parent = getenv("TMPDIR");
	size_t size = sizeof(object->folder);

	if (!parent || *parent != '/')
		parent = "/tmp";
	if (snprintf(object->folder, size, "%s/skep-test-XXXXXX", parent) >= (int)size)
		errno = ENAMETOOLONG;
	else if (mkdtemp(object->folder))
		return 0;
	*object->folder = '\0';
	return skep_error_set_errno(err, SKEP_STAGE_BUILD, errno,
				    "there is no room for the object in %s", parent);
}

int test_compile(struct test_object *object, const char *file, bool counts_lines,
		 struct skep_error *err)
{
	size_t len = strlen(file);

	*object = (struct test_object){ .path = file };
	if (len < 2 || strcmp(file + len - 2, ".c"))
		return 0;
	if (make_folder(object, err))
		return -EIO;
	snprintf(object->made, sizeof(object->made), "%s/test.o", object->folder);
	snprintf(object->code, sizeof(object->code), "%s/test.ll", object->folder);
	object->path = object->made;
	remove_on_signals(object);
	return counts_lines ? compile_counting(object, file, err) :
			      skep_clang_compile(file, object->made, NULL, err);
}

void test_object_remove(struct test_object *object)
{
	if (!*object->folder)
		return;
	unlink(object->made);
	unlink(object->code);
	rmdir(object->folder);
}
