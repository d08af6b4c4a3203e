// SPDX-License-Identifier: MIT
/* skep build: a source becomes a package. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/readable.h"
#include "base/vec.h"
#include "cli/cli.h"
#include "package/build.h"
#include "package/standalone.h"
#include "package/write.h"
#include "stream/output.h"

enum format { SKEP, EUNOMIA_JSON, EUNOMIA_YAML, TAR, OBJECT, SKEL_JSON, HEADER, STANDALONE };

static const char *const formats[] = { "skep",	    "eunomia-json", "eunomia-yaml", "tar", "object",
				       "skel-json", "header",	    "standalone",   NULL };

static int format;
static const char *out_path, *clang, *workspace, *strip, *depfile;
static struct option_list flags, more_flags, machines, btfs, archives;
static bool yaml, types_only, wasm_header, btfgen, no_package, standalone, verbose;

static int main_(int argc, char **argv);

static const struct option options[] = {
	{ OPTION_STRING, 'o', "output-path", "FILE|FOLDER",
	  "where it goes (default: here, by the source's name; -: stdout)", &out_path },
	{ OPTION_CHOICE, 'f', "format", "FORMAT",
	  "skep, eunomia-json, eunomia-yaml, tar, object, skel-json, header or standalone", &format,
	  formats },
	{ OPTION_LIST, 't', "target", "MACHINE,...",
	  "x86, arm64, arm, i386, riscv, s390, loongarch, powerpc, mips (default: this one)",
	  &machines },
	{ OPTION_LIST, 0, "btf", "FILE|FOLDER",
	  "kernels' types to be cut and packed, laid out as BTFHub's; repeatable", &btfs },
	{ OPTION_LIST, 'a', "additional-cflags", "FLAG", "one more for clang; repeatable", &flags },
	{ OPTION_LIST, 0, "cflags", "FLAG", "the same", &more_flags },
	{ OPTION_STRING, 'w', "workspace-path", "FOLDER",
	  "its include/ and include/vmlinux/MACHINE/ are looked at", &workspace },
	{ OPTION_STRING, 'c', "clang-bin", "CLANG", "the compiler", &clang },
	{ OPTION_STRING, 0, "depfile", "FILE", "what the source includes, for make and ninja",
	  &depfile },
	{ OPTION_FLAG, 0, "header-only", NULL, "the types of a header, and no program",
	  &types_only },
	{ OPTION_FLAG, 'v', "verbose", NULL, "tell what was built", &verbose },
	{ OPTION_FLAG, 'y', "yaml", NULL, "as ecc: --format eunomia-yaml", &yaml },
	{ OPTION_FLAG, 's', "standalone", NULL, "as ecc: --format standalone", &standalone },
	{ OPTION_FLAG, 0, "wasm-header", NULL, "as ecc: --format header", &wasm_header },
	{ OPTION_FLAG, 'n', "no-generate-package-json", NULL, "as ecc: the object and skel.json",
	  &no_package },
	{ OPTION_FLAG, 'b', "btfgen", NULL, "as ecc: --format tar, with --btfhub-archive",
	  &btfgen },
	{ OPTION_LIST, 0, "btfhub-archive", "FOLDER", "as ecc: --btf", &archives },
	{ OPTION_STRING, 'l', "llvm-strip-bin", "FILE", "as ecc: not needed", &strip },
	{ OPTION_END },
};

const struct command command_build = {
	.name = "build",
	.usage = "SOURCE.bpf.c [HEADER.h] [-o FILE] [--format FORMAT] [-- CLANG-OPTIONS]",
	.summary = "a source and what its comments say as a package",
	.text = "The package holds the object, the program's options, how its records read, and the\n"
		"README.md beside the source. HEADER's structs become types of records. The same\n"
		"source gives the same bytes, wherever it is built. skep-build(1) has the comments.",
	.main = main_,
};

static void warn(void *ctx, const struct skep_error *warning)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };

	(void)ctx;
	skep_text_escaped(&text, warning->source, sizeof(warning->source));
	skep_text_lit(&text, ": warning: ");
	skep_text_escaped(&text, warning->cause, sizeof(warning->cause));
	fprintf(stderr, "%s\n", skep_text_string(&text));
}

static void show_progress(void *ctx, size_t done, size_t total, const char *what)
{
	SKEP_SCOPED(skep_text_free) struct skep_text text = { 0 };

	(void)ctx;
	skep_text_escaped(&text, what, strlen(what));
	fprintf(stderr, "\r\033[K[%zu/%zu] %s", done + 1, total, skep_text_string(&text));
	fflush(stderr);
}

static bool is_folder(const char *path)
{
	struct stat st;

	return *path &&
	       (path[strlen(path) - 1] == '/' || (!stat(path, &st) && S_ISDIR(st.st_mode)));
}

static void file_name(enum format as, const char *name, struct skep_text *path)
{
	static const char *const names[] = { [EUNOMIA_JSON] = "package.json",
					     [EUNOMIA_YAML] = "package.yaml",
					     [HEADER] = "ewasm-skel.h" };
	static const char *const ends[] = {
		[SKEP] = ".skep", [TAR] = ".tar", [OBJECT] = ".bpf.o", [SKEL_JSON] = ".skel.json"
	};

	if (as == EUNOMIA_JSON || as == EUNOMIA_YAML || as == HEADER)
		skep_text_str(path, names[as]);
	else
		skep_text_printf(path, "%s%s", name, ends[as]);
}

/* Where a file of the package goes, whose name is -o's unless that is a folder. */
static void set_path(enum format as, const char *name, struct skep_text *path)
{
	if (out_path && !is_folder(out_path)) {
		skep_text_str(path, out_path);
		return;
	}
	if (out_path)
		skep_text_printf(path, "%s%s", out_path,
				 out_path[strlen(out_path) - 1] == '/' ? "" : "/");
	file_name(as, name, path);
}

/* Told before clang is called, which may take long. */
static int check_folder(struct skep_error *err)
{
	const char *slash = out_path ? strrchr(out_path, '/') : NULL;
	SKEP_SCOPED(skep_text_free) struct skep_text folder = { 0 };

	if (!slash)
		return 0;
	skep_text_bytes(&folder, out_path, (size_t)(slash - out_path) + 1);
	if (!access(skep_text_string(&folder), F_OK))
		return 0;
	skep_error_set(err, SKEP_STAGE_DELIVER, ENOENT, "there is no folder %s", folder.data);
	skep_error_add_hint(err, "make it first, or give another by -o");
	return -ENOENT;
}

static int make_bytes(const struct skep_package *p, enum format as, struct skep_text *bytes,
		      struct skep_error *err)
{
	const struct skep_package_object *object;

	switch (as) {
	case EUNOMIA_JSON:
	case EUNOMIA_YAML:
		return skep_package_write_eunomia(p, as == EUNOMIA_YAML, bytes, err);
	case TAR:
		return skep_package_write_tar(p, bytes, err);
	case SKEL_JSON:
		return skep_package_write_skel(p, yaml, bytes, err);
	case HEADER:
		return skep_package_write_header(p, bytes, err);
	case STANDALONE:
		return skep_package_write_standalone(p, bytes, err);
	case OBJECT:
		object = skep_package_single(p, err);
		if (object)
			skep_text_bytes(bytes, object->data, object->len);
		return object ? 0 : -EINVAL;
	default:
		return skep_package_write(p, bytes, err);
	}
}

static int write_file(const struct skep_package *p, enum format as)
{
	SKEP_SCOPED(skep_text_free) struct skep_text bytes = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };
	SKEP_SCOPED(skep_text_free) struct skep_text size = { 0 };
	struct skep_error err = { 0 };
	int ret = make_bytes(p, as, &bytes, &err);

	if (ret)
		return cli_fail(&err);
	if (out_path && !strcmp(out_path, "-"))
		return cli_print(&bytes);
	set_path(as, p->name, &path);
	ret = as == STANDALONE ?
		      skep_standalone_save(skep_text_string(&path), &bytes, &err) :
		      skep_output_replace(skep_text_string(&path), bytes.data, bytes.len, &err);
	if (ret)
		return cli_fail(&err);
	skep_write_size(bytes.len, &size);
	if (verbose)
		fprintf(stderr, "%s: %s\n", path.data, skep_text_string(&size));
	return EXIT_OK;
}

static int write_all(const struct skep_package *p)
{
	int ret;

	if (verbose)
		fprintf(stderr,
			"%zu objects, %zu programs, %zu options, %zu types of records, types of %zu "
			"kernels\n",
			p->objects.len, p->programs.len, p->options.len, p->exports.len,
			p->btfs.len);
	if (!no_package)
		return write_file(p, (enum format)format);
	ret = write_file(p, OBJECT);
	return ret == EXIT_OK ? write_file(p, SKEL_JSON) : ret;
}

/* What ecc calls otherwise. */
static int choose_format(struct skep_error *err)
{
	bool has_own = format != SKEP;

	if (yaml + standalone + wasm_header + btfgen + has_own > 1 ||
	    (no_package && (standalone + wasm_header + btfgen + has_own)))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "one format at a time: -y, -s, -n, -b, --wasm-header and "
				      "--format each say one");
	if (btfgen && !archives.len && !btfs.len)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "-b packs kernels' types, which --btfhub-archive names");
	format = standalone  ? STANDALONE :
		 yaml	     ? EUNOMIA_YAML :
		 wasm_header ? HEADER :
		 btfgen	     ? TAR :
			       format;
	if (depfile && !out_path)
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "--depfile needs to know what is made: -o");
	if (no_package && out_path && !is_folder(out_path))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "-n writes two files, and -o %s is no folder", out_path);
	return 0;
}

/* Words of "x86,arm64" and of several options, one after the other; NULL-terminated. */
struct words {
	struct skep_vec(char *) items;
};

static int add_words(struct words *w, const struct option_list *list, const char *separators)
{
	for (size_t i = 0; i < list->len; i++) {
		const char *at = list->items[i];

		do {
			size_t len = strcspn(at, separators);
			char **slot = skep_vec_push(&w->items);

			if (!slot || !(*slot = strndup(at, len)))
				return -ENOMEM;
			at += len + (at[len] != '\0');
		} while (*at);
	}
	return 0;
}

static void free_words(struct words *w)
{
	for (size_t i = 0; i < w->items.len; i++)
		free(w->items.items[i]);
	skep_vec_free(&w->items);
}

static int build(const struct option_args *args, struct words w[3], struct skep_error *err)
{
	struct skep_build_opts opts = { .source = args->words[0],
					.header = args->n_words > 1 ? args->words[1] : NULL,
					.is_types = types_only,
					.clang = clang,
					.workspace = workspace,
					.depfile = depfile,
					.produces = out_path,
					.warn = warn };
	struct skep_package package = { 0 };
	int ret = add_words(&w[0], &machines, ",") ?: add_words(&w[1], &btfs, "");

	ret = ret ?: add_words(&w[1], &archives, "") ?: add_words(&w[2], &flags, "");
	ret = ret ?: add_words(&w[2], &more_flags, "");
	for (char **flag = args->command; flag && *flag && !ret; flag++) {
		char **slot = skep_vec_push(&w[2].items);

		ret = slot && (*slot = strdup(*flag)) ? 0 : -ENOMEM;
	}
	if (ret || !skep_vec_push(&w[2].items))
		skep_error_nomem(err, SKEP_STAGE_USAGE);
	opts.flags = w[2].items.items;
	opts.machines = (const char *const *)w[0].items.items;
	opts.n_machines = w[0].items.len;
	opts.btfs = (const char *const *)w[1].items.items;
	opts.n_btfs = w[1].items.len;
	opts.progress = isatty(STDERR_FILENO) ? show_progress : NULL;
	ret = err->code ? -err->code : skep_build(&opts, &package, err);
	if (opts.progress && (opts.n_machines > 1 || opts.n_btfs))
		fputs("\r\033[K", stderr);
	ret = ret ? cli_fail(err) : write_all(&package);
	skep_package_clear(&package);
	return ret;
}

static int check(const struct option_args *args, struct skep_error *err)
{
	int ret = 0;

	if (!args->n_words || args->n_words > 2)
		ret = skep_error_set(err, SKEP_STAGE_USAGE, EINVAL, "%s",
				     args->n_words ? "one source and one header at most" :
						     "no source is given");
	else if (types_only && args->n_words > 1)
		ret = skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				     "--header-only takes one file, the header");
	if (ret)
		skep_error_add_hint(err, "see 'skep build --help'");
	return ret ?: choose_format(err) ?: check_folder(err);
}

static int main_(int argc, char **argv)
{
	struct words words[3] = { 0 };
	struct option_args args = { 0 };
	struct skep_error err = { 0 };
	int ret;

	if (options_parse(&command_build, options, argc, argv, &args, &err))
		ret = cli_fail(&err);
	else if (args.help)
		ret = (options_help(&command_build, options, stdout), EXIT_OK);
	else
		ret = check(&args, &err) ? cli_fail(&err) : build(&args, words, &err);
	for (size_t i = 0; i < 3; i++)
		free_words(&words[i]);
	options_free(options, &args);
	return ret;
}
