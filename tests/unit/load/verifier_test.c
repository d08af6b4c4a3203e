// SPDX-License-Identifier: MIT
#include "test.h"

#include <errno.h>

#include "load/verifier.h"

/* A program of plain moves, in a spec without BTF: the log is all there is. */
static struct skep_error explain(const char *license, const char *log)
{
	struct bpf_insn insns[16] = { 0 };
	struct skep_code code = { .insns = insns, .n_insns = 16 };
	struct skep_spec spec = { .name = "test", .path = "test", .license = license };
	struct skep_error err = { 0 };

	skep_verifier_explain(&err, EACCES, &code, &spec, log);
	assert_int_equal(err.code, EACCES);
	assert_string_equal(err.what, "refused by the verifier");
	return err;
}

static bool matches(const char *pattern, const char *text, struct skep_rule_match *m)
{
	return skep_rule_matches(pattern, text, strlen(text), m);
}

static void patterns_capture_numbers_and_words(void **state)
{
	struct skep_rule_match m;

	(void)state;
	assert_true(matches("R% type=* expected=*", "R12 type=ctx expected=map_ptr", &m));
	assert_int_equal(m.n, 3);
	assert_int_equal(m.len[2], strlen("map_ptr"));
	assert_memory_equal(m.start[0], "12", m.len[0]);
	assert_int_equal(m.len[0], 2);
	assert_int_equal(m.len[1], 3);
	assert_memory_equal(m.start[1], "ctx", 3);
	assert_true(matches("off=% x", "off=-8 x", &m));
	assert_int_equal(m.len[0], 2);
	assert_false(matches("R% x", "R x", &m));
	assert_false(matches("R% x", "R1 ", &m));
	assert_false(matches("off=%", "off=-", &m));
	assert_true(matches("a*b*c", "a11bb22c", &m));
	assert_true(matches("", "", &m));
}

static void long_lines_end_the_matching(void **state)
{
	struct skep_rule_match m;
	char text[4096];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_false(skep_rule_matches("*b*b*b", text, sizeof(text), &m));
}

static void the_reason_is_found_before_the_statistics(void **state)
{
	struct skep_error err = explain("GPL", "func#0 @0\n0: R1=ctx() R10=fp0\n"
					       "; int x; @ a.c:3\n0: (b7) r1 = 0\n"
					       "3: (79) r1 = *(u64 *)(r0 +0)\n"
					       "R0 invalid mem access 'map_value_or_null'\n"
					       "processed 4 insns (limit 1000000) max_states 0\n");

	(void)state;
	assert_string_equal(err.cause, "R0 may be NULL here");
	assert_error_says(&err, "check it against NULL");
	assert_non_null(strstr(err.log, "processed 4 insns"));
}

static void registers_are_told_from_reasons(void **state)
{
	struct skep_error err = explain("GPL", "1: (85) call bpf_ktime_get_ns#5\n"
					       "R0_w=scalar()\nR2 !read_ok\n"
					       "processed 2 insns\n");

	(void)state;
	assert_string_equal(err.cause, "R2 has no value here");
}

static void unknown_reasons_are_quoted(void **state)
{
	struct skep_error err = explain("GPL", "2: (95) exit\nsomething never seen before\n"
					       "and more of it\nprocessed 3 insns\n");

	(void)state;
	assert_string_equal(err.cause, "the verifier says: something never seen before; and more "
				       "of it");
}

static void a_missing_license_is_named(void **state)
{
	static const char log[] = "1: (85) call bpf_probe_read_kernel#113\n"
				  "cannot call GPL-restricted function from non-GPL compatible "
				  "program\nprocessed 2 insns\n";
	struct skep_error err = explain("", log);

	(void)state;
	assert_error_says(&err, "the object has no license section; add char LICENSE[] "
				"SEC(\"license\") = \"GPL\"");
	err = explain("Proprietary", log);
	assert_error_says(&err, "its license is \"Proprietary\"");
}

static void a_poisoned_map_is_named(void **state)
{
	struct bpf_insn insns[1] = { { .code = BPF_JMP | BPF_CALL, .imm = SKEP_POISON_MAP } };
	struct skep_code code = { .insns = insns, .n_insns = 1 };
	struct skep_map_spec map = { .name = "events" };
	struct skep_map_spec *maps[] = { &map };
	struct skep_spec spec = { .license = "GPL", .maps = maps, .n_maps = 1 };
	struct skep_error err = { 0 };

	(void)state;
	skep_verifier_explain(&err, EINVAL, &code, &spec,
			      "0: (85) call unknown#2001000000\n"
			      "invalid func unknown#2001000000\nprocessed 1 insns\n");
	assert_error_says(&err, "map 'events', which was not created");
}

static void empty_and_broken_logs_are_survived(void **state)
{
	static const char *const logs[] = { "",
					    "\n",
					    "\n\n\n",
					    "R",
					    "R1",
					    "0:",
					    "99999999999999999999: (95) exit\nx\n",
					    ": :\n: ",
					    "-1: (95) exit\nR1 !read_ok",
					    "infinite loop detected at insn 4294967295\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++)
		explain("GPL", logs[i]);
	assert_false(skep_verifier_has_looked(""));
	assert_true(skep_verifier_has_looked("0: (95) exit\nR0 !read_ok\n"));
	assert_false(skep_verifier_has_looked("processed 0 insns (limit 1000000)\n"));
}

static void every_rule_is_complete(void **state)
{
	(void)state;
	assert_true(skep_verifier_n_rules >= 40);
	for (size_t i = 0; i < skep_verifier_n_rules; i++) {
		const struct skep_verifier_rule *rule = &skep_verifier_rules[i];
		int wildcards = 0;

		for (const char *c = rule->pattern; *c; c++)
			wildcards += *c == '%' || *c == '*';
		assert_true(wildcards <= SKEP_RULE_CAPTURES);
		assert_true(rule->insn <= wildcards);
		assert_true(strlen(rule->cause) > 0);
		for (const char *c = strchr(rule->cause, '$'); c; c = strchr(c + 1, '$'))
			if (c[1] - '0' < 1 || c[1] - '0' > wildcards)
				fail_msg("\"%s\" has no $%c", rule->pattern, c[1]);
		if (!rule->hint[0] && !strstr(rule->pattern, "GPL"))
			fail_msg("\"%s\" has no hint", rule->pattern);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_capture_numbers_and_words),
		cmocka_unit_test(long_lines_end_the_matching),
		cmocka_unit_test(the_reason_is_found_before_the_statistics),
		cmocka_unit_test(registers_are_told_from_reasons),
		cmocka_unit_test(unknown_reasons_are_quoted),
		cmocka_unit_test(a_missing_license_is_named),
		cmocka_unit_test(a_poisoned_map_is_named),
		cmocka_unit_test(empty_and_broken_logs_are_survived),
		cmocka_unit_test(every_rule_is_complete),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
