// SPDX-License-Identifier: MIT
/*
 * usage: tags OBJECT [BTF]
 *
 * Loads each program of an object with libskep and with libbpf, relocated against a BTF file or
 * the running kernel, and prints for each "name tag tag": the kernel's digest of the instructions
 * that it was given. "-" is one that could not be loaded.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <skep/skep.h>
#include <stdio.h>
#include <string.h>

struct tag {
	char text[2 * BPF_TAG_SIZE + 1];
};

static struct tag tag_of(int fd)
{
	struct tag tag = { "-" };
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len))
		return tag;
	for (int i = 0; i < BPF_TAG_SIZE; i++)
		sprintf(tag.text + 2 * i, "%02x", info.tag[i]);
	return tag;
}

/* One that cannot be loaded takes the others along: each is loaded alone. */
static struct tag tag_by_libbpf(const char *path, const char *btf, const char *name)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = btf);
	struct bpf_object *object = bpf_object__open_file(path, &opts);
	struct bpf_program *program;
	struct tag tag = { "-" };

	if (!object)
		return tag;
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, !strcmp(bpf_program__name(program), name));
	program = bpf_object__find_program_by_name(object, name);
	if (program && !bpf_object__load(object))
		tag = tag_of(bpf_program__fd(program));
	bpf_object__close(object);
	return tag;
}

static int silent(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "", *target = argc > 2 ? argv[2] : NULL;
	struct skep_error err = { 0 };
	struct skep_object_opts opts = { .size = sizeof(opts) };
	struct skep_btf *btf = target ? skep_btf_open(target, NULL, &err) : NULL;
	struct skep_spec *spec = skep_spec_open(path, NULL, &err);
	struct skep_object *object;

	opts.target_btf = btf;
	object = spec && (btf || !target) ? skep_object_load(spec, &opts, &err) : NULL;
	if (!object) {
		skep_error_print(&err, stderr);
		return 1;
	}
	libbpf_set_print(silent);
	for (size_t i = 0; i < skep_object_n_programs(object); i++) {
		const struct skep_program *program = skep_object_program_at(object, i);
		const char *name = skep_program_name(program);

		printf("%s %s %s\n", name, tag_of(skep_program_fd(program)).text,
		       tag_by_libbpf(path, target, name).text);
	}
	skep_object_close(object);
	skep_spec_free(spec);
	skep_btf_free(btf);
	return 0;
}
