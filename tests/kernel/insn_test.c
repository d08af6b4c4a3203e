// SPDX-License-Identifier: MIT
/* Instructions are written as this kernel's verifier writes them. */
#include "kernel/support.h"

#include <skep/insn.h>

/* "12: (b7) r0 = 1        ; R0_w=1": kernels put different things behind the instruction. */
static bool is_insn_line(const char *line, size_t *index, const char **text)
{
	char *end;

	*index = strtoul(line, &end, 10);
	if (end == line || strncmp(end, ": (", 3) != 0)
		return false;
	*text = end + 2;
	return true;
}

static bool begins_with(const char *line, const struct skep_text *text)
{
	return !strncmp(line, text->data, text->len) && strchr(" ;\t\n", line[text->len]);
}

/* Addresses of maps, and numbers of the kernel's functions, are known to the kernel alone. */
static bool is_comparable(const struct bpf_insn *insn)
{
	return insn->code != (BPF_LD | BPF_IMM | BPF_DW) &&
	       !(insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_KFUNC_CALL);
}

static size_t compare(const struct skep_program *program)
{
	size_t n, index, compared = 0;
	const struct bpf_insn *insns = skep_program_insns(program, &n);
	const char *text;

	for (const char *line = skep_program_log(program); line && *line;
	     line = strchr(line, '\n')) {
		struct skep_text ours = { 0 };

		line += *line == '\n';
		if (!is_insn_line(line, &index, &text) || index >= n ||
		    !is_comparable(&insns[index]))
			continue;
		skep_insn_write(insns, n, index, NULL, &ours);
		if (!begins_with(text, &ours))
			fail_msg("%.*s, not %s", (int)strcspn(text, "\n"), text,
				 skep_text_string(&ours));
		skep_text_free(&ours);
		compared++;
	}
	return compared;
}

static void instructions_read_as_in_the_verifiers_log(void **state)
{
	static const char *const fixtures[] = { "system_view", "load_globals", "link_life",
						"load_calls" };
	struct skep_object_opts opts = { .size = sizeof(opts), .log_level = 2 };
	size_t compared = 0;

	(void)state;
	NEED_BPF();
	for (size_t i = 0; i < sizeof(fixtures) / sizeof(fixtures[0]); i++) {
		struct skep_spec *spec = open_fixture(fixtures[i]);
		struct skep_object *object = skep_object_load(spec, &opts, NULL);

		for (size_t p = 0; object && p < skep_object_n_programs(object); p++) {
			const struct skep_program *program = skep_object_program_at(object, p);

			if (skep_program_fd(program) >= 0)
				compared += compare(program);
		}
		skep_object_close(object);
		skep_spec_free(spec);
	}
	assert_true(compared > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instructions_read_as_in_the_verifiers_log),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
