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
	assert_string_equal(err.log, "0: (85) call <it uses map 'events', which was not created>\n"
				     "invalid func <it uses map 'events', which was not created>\n"
				     "processed 1 insns\n");
}

static void a_poisoned_function_is_named(void **state)
{
	struct bpf_insn insns[1] = { { .code = BPF_JMP | BPF_CALL, .imm = SKEP_POISON_KSYM + 1 } };
	struct skep_code code = { .insns = insns, .n_insns = 1 };
	struct skep_extern_spec ours = { .name = "missing" };
	struct skep_extern_spec kernels = { .name = "bpf_missing", .kind = SKEP_EXTERN_KSYM };
	struct skep_extern_spec *externs[] = { &ours, &kernels };
	struct skep_spec spec = { .license = "GPL", .externs = externs, .n_externs = 2 };
	struct skep_error err = { 0 };
	static const char log[] = "0: (85) call unknown#2002000001\n"
				  "invalid func unknown#2002000001\nprocessed 1 insns\n";

	(void)state;
	skep_verifier_explain(&err, EINVAL, &code, &spec, log);
	assert_error_says(&err, "it calls 'bpf_missing', which this kernel does not have");
	insns[0].imm--;
	skep_verifier_explain(&err, EINVAL, &code, &spec, log);
	assert_error_says(&err, "it calls 'missing', which the object does not define");
	/* One more than there are is no poison. */
	insns[0].imm += 2;
	skep_verifier_explain(&err, EINVAL, &code, &spec, log);
	assert_error_says(&err, "the kernel has no helper with the number");
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

/* "$2", "$b2", "$m2", "$v2" */
static bool names_a_capture(const char *form, int n)
{
	form += strchr("bmv", *form) ? 1 : 0;
	return *form >= '1' && *form - '0' <= n;
}

static void every_rule_is_complete(void **state)
{
	const struct skep_verifier_rule *rule;
	size_t n = 0;

	(void)state;
	for (; (rule = skep_verifier_rule(n)); n++) {
		int wildcards = 0;

		for (const char *c = rule->pattern; *c; c++)
			wildcards += *c == '%' || *c == '*';
		assert_true(wildcards <= SKEP_RULE_CAPTURES);
		assert_true(rule->insn <= wildcards);
		assert_true(strlen(rule->cause) > 0);
		for (const char *c = strchr(rule->cause, '$'); c; c = strchr(c + 1, '$'))
			if (c[1] != 'a' && !names_a_capture(c + 1, wildcards))
				fail_msg("\"%s\" has no $%.2s", rule->pattern, c + 1);
		if (!rule->hint[0] && !strstr(rule->pattern, "GPL"))
			fail_msg("\"%s\" has no hint", rule->pattern);
	}
	assert_true(n >= 120);
}

/* What a log of these lines tells of a register. */
static void value_is(int reg, const char *log, const char *words)
{
	struct skep_text out = { 0 };
	bool known = skep_verifier_value(log, reg, &out);

	if (known != !!words || (words && strcmp(skep_text_string(&out), words)))
		fail_msg("R%d is '%s', not '%s'", reg, skep_text_string(&out), words);
	skep_text_free(&out);
}

static void a_register_s_numbers_are_told(void **state)
{
	(void)state;
	value_is(2, "4: (b4) w2 = 16 ; R2=16\n", "is 16");
	value_is(2, "4: (b4) w2 = 16 ; R2_w=-16\n", "is -16");
	value_is(2, "4: (57) r2 ; R2_w=scalar(umax=15,var_off=(0x0; 0xf))\n", "is 0 to 15");
	value_is(2, "4: (57) r2 ; R2=scalar(smin=smin32=0,smax=umax=smax32=umax32=31)\n",
		 "is 0 to 31");
	value_is(2, "4: (57) r2 ; R2_rw=Pscalar(smin=-8,smax=7,umin=0)\n", "is -8 to 7");
	value_is(2, "4: (57) r2 ; R2=scalar(smin=0xffffffff80000000,smax=smax32=7)\n",
		 "is -2147483648 to 7");
	value_is(2, "4: (57) r2 ; R2=scalar(smax=7)\n", "is at most 7 and may be negative");
	value_is(2, "4: (57) r2 ; R2=scalar(umin=5)\n", "is at least 5");
	value_is(2, "4: (57) r2 ; R2=scalar(id=3)\n", NULL);
	value_is(2,
		 "from 3 to 4: R1=inv1 R2=inv(id=0,umin_value=2,umax_value=9) R10=fp0\n"
		 "4: (85) call 1\n",
		 "is 2 to 9");
}

static void a_register_s_pointer_is_told(void **state)
{
	(void)state;
	value_is(1, "4: ; R1=map_value(map=m,ks=4,vs=64)\n",
		 "points to offset 0 of 64 bytes of the map's value");
	value_is(1, "4: ; R1_w=map_value(off=8,ks=4,vs=64,umax=56,var_off=(0x0; 0x38))\n",
		 "points to offsets 8 to 64 of 64 bytes of the map's value");
	value_is(1, "4: ; R1=map_value(map=m,ks=4,vs=64,var_off=(0x0; 0xfffffffffffffff8))\n",
		 "points to any offset of 64 bytes of the map's value");
	value_is(1, "4: ; R1=map_value_or_null(id=1,map=m,ks=4,vs=64)\n", NULL);
	value_is(1, "4: ; R1=fp-16\n", "points to offset -16 of the stack");
	value_is(1, "4: ; R1=fp(off=-16,smin=smin32=0,smax=umax=7,var_off=(0x0; 0x7))\n",
		 "points to offsets -16 to -9 of the stack");
	value_is(1, "4: ; R1_w=pkt(off=14,r=14)\n",
		 "points to offset 14 of the packet, of which 14 bytes have been checked");
	value_is(1, "4: ; R1=pkt_end()\n", NULL);
	value_is(1, "4: ; R1=mem(id=1,sz=8)\n", "points to offset 0 of 8 bytes of memory");
	value_is(1, "4: ; R1=ctx()\n", NULL);
}

/* R1 is not R10, an older path is not this one, and what changed unseen is not told. */
static void only_what_holds_at_the_end_is_told(void **state)
{
	(void)state;
	value_is(1, "3: ; R10=fp0\n4: ; R11=5\n", NULL);
	value_is(1, "3: ; R1=5\n4: ; R1=6\n5: ; R2=R1\n", "is 6");
	value_is(6, "3: (b7) r6 = 5 ; R6=5\nfrom 2 to 9: R0=1 R10=fp0\n9: (95) exit\n", NULL);
	value_is(6, "3: (b7) r6 = 5 ; R6=5\nfrom 2 to 9: R0=1 R6=7 R10=fp0\n9: (95) exit\n",
		 "is 7");
	value_is(1, "0: R1=inv5 R10=fp0\n0: (07) r1 += 1\n1: (95) exit\n", NULL);
	value_is(1, "0: R1=inv5 R10=fp0\n0: (07) r1 += 1\n", "is 5");
}

static void damaged_values_are_survived(void **state)
{
	static const char *const logs[] = {
		"",
		"R1",
		"R1=",
		"; R1=\n",
		"; R1=(",
		"; R1=scalar(umax=",
		"; R1=scalar(umax=umax=umax=",
		"; R1=scalar(umax=,smin=-)",
		"; R1=fp",
		"; R1=fp(",
		"; R1=map_value(vs=)",
		"; R1=pkt(r=x",
		"; R1=inv",
		"; R1=P",
		"; R1=mem(sz=99999999999999999999999)",
		"; R1_rwrw",
		"; R1_w=((((((",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		struct skep_text out = { 0 };

		skep_verifier_value(logs[i], 1, &out);
		skep_text_free(&out);
	}
}

static void words_are_written_with_what_was_matched(void **state)
{
	static const struct {
		const char *pattern, *text, *words, *written;
	} cases[] = {
		{ "off=% size=%", "off=8 size=1", "$b2 at $1", "1 byte at 8" },
		{ "off=% size=%", "off=-8 size=4", "$b2 at $1", "4 bytes at -8" },
		{ "map_type %", "map_type 1", "a $m1", "a hash" },
		{ "map_type %", "map_type 9999", "a $m1", "a 9999" },
		{ "has * in *", "has value (0x5; 0x0) in (0x0; 0x1)", "$v1, not $v2",
		  "5, not 0 to 1" },
		{ "has * in *", "has smin=5 smax=9 in [0, 1]", "$v1, not $v2",
		  "5 to 9, not 0 to 1" },
		{ "has * in *", "has unknown scalar value in x", "$v1, not $v2",
		  "unknown scalar value, not x" },
		{ "x", "x", "may be $a; $1 and $", "may be written; $1 and $" },
	};
	struct skep_rule_match m;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct skep_text out = { 0 };

		assert_true(matches(cases[i].pattern, cases[i].text, &m));
		skep_rule_write(&out, cases[i].words, &m, true);
		assert_string_equal(skep_text_string(&out), cases[i].written);
		skep_text_free(&out);
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
		cmocka_unit_test(a_poisoned_function_is_named),
		cmocka_unit_test(empty_and_broken_logs_are_survived),
		cmocka_unit_test(every_rule_is_complete),
		cmocka_unit_test(a_register_s_numbers_are_told),
		cmocka_unit_test(a_register_s_pointer_is_told),
		cmocka_unit_test(only_what_holds_at_the_end_is_told),
		cmocka_unit_test(damaged_values_are_survived),
		cmocka_unit_test(words_are_written_with_what_was_matched),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
