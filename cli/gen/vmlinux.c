// SPDX-License-Identifier: MIT
/* skep gen vmlinux: types as a C header. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <skep/btf.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/glob.h"
#include "base/near.h"
#include "base/vec.h"
#include "cli/btf_source.h"
#include "cli/gen/gen.h"

static const char *source_word, *base_path, *out_path, *machine;
static bool plain, no_kfuncs;

static int main_(int argc, char **argv);

static const struct option options[] = {
	{ OPTION_STRING, 'b', "btf", BTF_SOURCE_VALUE, "whose types (default: kernel)",
	  &source_word },
	{ OPTION_STRING, 0, "base", "FILE", "what the BTF of a file continues", &base_path },
	{ OPTION_STRING, 'o', "output", "FILE", "where the header goes (default: stdout)",
	  &out_path },
	{ OPTION_STRING, 'm', "machine", "NAME", "what programs are for (default: the BTF's own)",
	  &machine },
	{ OPTION_FLAG, 0, "plain", NULL, "no guard, no attributes of BPF, no functions", &plain },
	{ OPTION_FLAG, 0, "no-kfuncs", NULL, "no prototypes of the kernel's functions",
	  &no_kfuncs },
	{ OPTION_END },
};

const struct command verb_gen_vmlinux = {
	.name = "gen vmlinux",
	.usage = "[-b SOURCE] [-o FILE] [TYPE...]",
	.summary = "a C header of the kernel's types, or of any BTF's",
	.text = "With TYPEs the header has these and what they need: 'task_struct', 'struct path',\n"
		"'enum bpf_*', or the name of a function of the kernel. Quote patterns (* and ?).\n"
		"A FILE is raw BTF (/sys/kernel/btf/*) or an ELF file that has some: an object, a\n"
		"kernel, a module (with --base vmlinux). Programs that include the header need no\n"
		"-D__TARGET_ARCH_x86: it is known by the kernel's registers. NAME is x86, i386, arm64,\n"
		"arm, s390, powerpc, loongarch, riscv, mips, or none: then it is not said.",
	.main = main_,
};

struct roots skep_vec(uint32_t);

/* "struct path" asks for one kind, "path" for any that has a name in C. */
static const char *kinds_of(const char *word, uint32_t *kinds)
{
	static const struct {
		const char *word;
		uint32_t kinds;
	} words[] = {
		{ "struct ", 1u << BTF_KIND_STRUCT },
		{ "union ", 1u << BTF_KIND_UNION },
		{ "enum ", 1u << BTF_KIND_ENUM | 1u << BTF_KIND_ENUM64 },
		{ "typedef ", 1u << BTF_KIND_TYPEDEF },
		{ "func ", 1u << BTF_KIND_FUNC },
	};

	*kinds = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strncmp(word, words[i].word, strlen(words[i].word))) {
			*kinds = words[i].kinds;
			return word + strlen(words[i].word);
		}
		*kinds |= words[i].kinds;
	}
	return word;
}

static int unknown_type(const struct skep_btf *btf, const char *word, const char *name,
			uint32_t kinds, struct skep_error *err)
{
	unsigned int least = (unsigned int)strlen(name) / 3 + 1;
	const char *near = NULL;

	for (uint32_t id = 1; id < skep_btf_count(btf); id++) {
		const char *other = skep_btf_name(btf, id);
		unsigned int distance;

		if (!*other || !(kinds >> skep_btf_kind(skep_btf_type(btf, id)) & 1))
			continue;
		distance = skep_name_distance(name, other);
		if (distance < least) {
			least = distance;
			near = other;
		}
	}
	skep_error_set(err, SKEP_STAGE_USAGE, ENOENT, "there is no type '%s'", word);
	skep_error_add_object(err, "%s", skep_btf_label(btf));
	if (near)
		skep_error_add_hint(err, "did you mean '%s'?", near);
	return -ENOENT;
}

/* One look at each type for each word: a kernel's are looked through in a millisecond. */
static int find_roots(const struct skep_btf *btf, const char *word, struct roots *roots,
		      struct skep_error *err)
{
	uint32_t kinds, count = skep_btf_count(btf);
	const char *name = kinds_of(word, &kinds);
	bool is_pattern = skep_glob_is_pattern(name);
	size_t before = roots->len;

	for (uint32_t id = 1; id < count; id++) {
		const char *other = skep_btf_name(btf, id);
		uint32_t *slot;

		if (!*other || !(kinds >> skep_btf_kind(skep_btf_type(btf, id)) & 1))
			continue;
		if (is_pattern ? !skep_glob_matches(name, other) : strcmp(name, other) != 0)
			continue;
		slot = skep_vec_push(roots);
		if (!slot)
			return skep_error_nomem(err, SKEP_STAGE_BUILD);
		*slot = id;
	}
	return roots->len > before ? 0 : unknown_type(btf, word, name, kinds, err);
}

static int print(const struct btf_source *source, const struct option_args *args,
		 struct skep_text *text, struct skep_error *err)
{
	struct skep_btf_c_opts opts = { .size = sizeof(opts), .bpf = !plain };
	struct roots roots = { 0 };
	int ret = 0;

	opts.kfuncs = !plain && !no_kfuncs;
	opts.machine = machine ? machine : skep_btf_machine(source->btf);
	if (machine && !strcmp(machine, "none"))
		opts.machine = NULL;
	for (size_t i = 0; i < args->n_words && !ret; i++)
		ret = find_roots(source->btf, args->words[i], &roots, err);
	if (args->n_words) {
		opts.roots = roots.items;
		opts.n_roots = roots.len;
	}
	ret = ret ?: skep_btf_print_c(source->btf, &opts, text, err);
	skep_vec_free(&roots);
	return ret;
}

static int make(const struct option_args *args)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };
	struct skep_error err = { 0 };
	struct btf_source source;
	int ret = btf_source_open(&source, source_word, base_path, &err);

	if (!ret)
		ret = print(&source, args, &text, &err);
	btf_source_close(&source);
	return ret ? cli_fail(&err) : gen_write(out_path, &text);
}

static int main_(int argc, char **argv)
{
	return gen_main(&verb_gen_vmlinux, options, argc, argv, make);
}
