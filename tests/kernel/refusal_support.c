// SPDX-License-Identifier: MIT
#include "kernel/refusal_support.h"

/* What some kernels take, as they can do more or look closer at what it does. */
static bool may_be_taken(const char *program)
{
	static const char *const programs[] = { "calls_too_deep", "unused_variable",
						"owned_pointer_written" };

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (!strcmp(program, programs[i]))
			return true;
	return false;
}

/* Of what one program uses, and older kernels cannot make. */
static void leave_out_filter(struct skep_spec *spec, const char *program)
{
	struct skep_map_spec *filter = skep_spec_map(spec, "bloom");

	if (filter)
		filter->create = !strcmp(program, "unused_variable");
}

struct skep_error refuse(const char *fixture, const char *program)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec = open_fixture(fixture);
	struct skep_object *object;
	char part[128];

	if (!strcmp(program, "too_long") && getenv("SKEP_EMULATED"))
		SKIP_TEST("the verifier takes minutes for a million steps in an emulated machine");
	only_program(spec, program);
	leave_out_filter(spec, program);
	object = skep_object_load(spec, NULL, &err);
	skep_object_close(object);
	skep_spec_free(spec);
	if (object && may_be_taken(program))
		SKIP_TEST("this kernel takes the program");
	assert_null(object);
	if (error_says(&err, "BPF trampoline") || error_says(&err, "has no program type"))
		SKIP_TEST("%s", err.cause);
	if (error_says(&err, "map 'bloom'"))
		SKIP_TEST("this kernel has no Bloom filters");
	snprintf(part, sizeof(part), "program '%s'", program);
	assert_error_says(&err, part);
	assert_error_says(&err, "refused by the verifier");
	assert_true(err.hint[0] != '\0');
	assert_true(err.log[0] != '\0');
	return err;
}

/* Which of @words, alternatives with '|' between them, the message has. */
static bool says_one_of(const struct skep_error *err, const char *words)
{
	char copy[128];

	snprintf(copy, sizeof(copy), "%s", words);
	for (char *save, *one = strtok_r(copy, "|", &save); one; one = strtok_r(NULL, "|", &save))
		if (error_says(err, one))
			return true;
	return false;
}

void refused_with(const char *fixture, const char *program, int marked, const char *words)
{
	struct skep_error err = refuse(fixture, program);
	char file[64];

	if (!strstr(words, "has no helper") && error_says(&err, "has no helper"))
		SKIP_TEST("this kernel lacks the helper");
	/* So 5.10 says of callbacks, and of pointers that a global function is given. */
	if (error_says(&err, "number of funcs in func_info doesn't match") ||
	    error_says(&err, "of a type that such functions cannot have"))
		SKIP_TEST("this kernel cannot check what the program does");
	if (error_says(&err, "which this kernel does not have"))
		SKIP_TEST("%s", err.cause);
	snprintf(file, sizeof(file), "%s.bpf.c:", fixture);
	assert_error_says(&err, file);
	if (marked)
		assert_error_says(&err, "refused here");
	if (!says_one_of(&err, words))
		assert_error_says(&err, words);
}
