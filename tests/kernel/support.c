// SPDX-License-Identifier: MIT
#include "kernel/support.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/bpf.h"
#include "kernel/memlock.h"

static bool has_jit;

/* Asked before a test moves to a network namespace of its own, where the file is not to be seen. */
__attribute__((constructor)) static void look_for_jit(void)
{
	has_jit = !access("/proc/sys/net/core/bpf_jit_enable", F_OK);
}

bool kernel_has_jit(void)
{
	return has_jit;
}

bool bpf_is_allowed(void)
{
	struct skep_attr_map_create attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1
	};
	int fd = skep_bpf_map_create(&attr);
	struct rlimit old;

	/* Before 5.11 maps that others have not given back yet count, too. */
	if (fd == -EPERM && skep_memlock_raise(&old))
		fd = skep_bpf_map_create(&attr);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

struct skep_spec *open_fixture(const char *name)
{
	struct skep_error err = { 0 };
	struct skep_spec *spec;
	char file[128];

	snprintf(file, sizeof(file), "%s.%s.o", name,
		 __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "el" : "eb");
	spec = skep_spec_open(fixture_path(file), NULL, &err);
	assert_ok(spec, &err);
	return spec;
}

bool kernel_takes_map(const char *fixture, const char *map)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .strict = true };
	struct skep_spec *spec = open_fixture(fixture);
	struct skep_object *object;

	for (size_t i = 0; i < spec->n_programs; i++)
		spec->programs[i]->load = false;
	for (size_t i = 0; i < spec->n_maps; i++)
		spec->maps[i]->create = !strcmp(spec->maps[i]->name, map);
	object = skep_object_load(spec, &opts, NULL);
	skep_object_close(object);
	skep_spec_free(spec);
	return object;
}

bool kernel_takes_program(const char *fixture, const char *program)
{
	struct skep_spec *own = open_fixture(fixture);
	struct skep_object *loaded;

	only_program(own, program);
	loaded = skep_object_load(own, NULL, NULL);
	skep_object_close(loaded);
	skep_spec_free(own);
	return loaded;
}

bool kernel_takes_trampolines(void)
{
	struct skep_spec *spec = open_fixture("load_fentry");
	struct skep_object *object;
	bool attached;

	only_this_process(spec);
	only_program(spec, "on_open");
	object = skep_object_load(spec, NULL, NULL);
	attached = object && skep_object_attach(object, NULL) == 1;
	skep_object_close(object);
	skep_spec_free(spec);
	return attached;
}

bool kernel_takes_atomics(void)
{
	/* r0 = 0; *(u64 *)(r10 - 8) = r0; r0 = cmpxchg(r10 - 8, r0, r0); r0 = 0; exit */
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_STX | BPF_MEM | BPF_DW, .dst_reg = 10, .off = -8 },
		{ .code = BPF_STX | BPF_ATOMIC | BPF_DW,
		  .dst_reg = 10,
		  .off = -8,
		  .imm = BPF_CMPXCHG },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	struct skep_attr_prog_load attr = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
					    .insns = SKEP_PTR(insns),
					    .insn_cnt = sizeof(insns) / sizeof(insns[0]),
					    .license = SKEP_PTR("GPL") };
	int fd = skep_bpf_prog_load(&attr);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

struct skep_object *load_spec(struct skep_spec *spec)
{
	const struct skep_object_opts opts = { .size = sizeof(opts), .strict = true };
	struct skep_error err = { 0 };
	struct skep_object *object = skep_object_load(spec, &opts, &err);

	if (!object)
		skep_error_print(&err, stderr);
	assert_ok(object, &err);
	return object;
}

void only_programs(struct skep_spec *spec, const char *name, const char *other)
{
	size_t n_found = 0;

	for (size_t i = 0; i < spec->n_programs; i++) {
		const char *own = spec->programs[i]->name;

		spec->programs[i]->load = !strcmp(own, name) || (other && !strcmp(own, other));
		n_found += spec->programs[i]->load;
	}
	assert_int_equal(n_found, other ? 2 : 1);
}

void only_program(struct skep_spec *spec, const char *name)
{
	only_programs(spec, name, NULL);
}

void only_this_process(struct skep_spec *spec)
{
	uint32_t pid = (uint32_t)getpid();
	struct skep_error err = { 0 };

	assert_ok(!skep_spec_set_global(spec, "only_pid", &pid, sizeof(pid), &err), &err);
}

void call_kernel(int times)
{
	for (int i = 0; i < times; i++)
		syscall(SYS_getppid);
}

uint64_t global_value(const struct skep_object *object, const char *name)
{
	struct skep_error err = { 0 };
	size_t size = 0;
	volatile uint64_t *value = skep_object_global(object, name, &size, &err);

	assert_ok(value, &err);
	assert_int_equal(size, sizeof(*value));
	return *value;
}

pid_t fork_with_test(void)
{
	pid_t child = fork();

	if (!child)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return child;
}

size_t count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

uint32_t program_id(int fd)
{
	struct bpf_prog_info info = { 0 };

	assert_int_equal(skep_bpf_info(fd, &info, sizeof(info)), 0);
	return info.id;
}

uint32_t map_id(int fd)
{
	struct bpf_map_info info = { 0 };

	assert_int_equal(skep_bpf_info(fd, &info, sizeof(info)), 0);
	return info.id;
}

uint32_t link_id(int fd)
{
	struct bpf_link_info info = { 0 };

	assert_int_equal(skep_bpf_info(fd, &info, sizeof(info)), 0);
	return info.id;
}

bool id_goes_away(enum bpf_cmd get_fd_by_id, uint32_t id)
{
	for (int i = 0; i < 500; i++) {
		int fd = skep_bpf_fd_by_id(get_fd_by_id, id);

		if (fd == -ENOENT)
			return true;
		if (fd >= 0)
			close(fd);
		usleep(10000);
	}
	return false;
}

uint32_t newest_map_id(void)
{
	uint32_t id = 0;

	while (!skep_bpf_next_id(BPF_MAP_GET_NEXT_ID, id, &id))
		;
	return id;
}

static bool has_map(const char *prefix, uint32_t id)
{
	while (!skep_bpf_next_id(BPF_MAP_GET_NEXT_ID, id, &id)) {
		struct bpf_map_info info = { 0 };
		int fd = skep_bpf_fd_by_id(BPF_MAP_GET_FD_BY_ID, id);

		if (fd < 0)
			continue;
		skep_bpf_info(fd, &info, sizeof(info));
		close(fd);
		if (!strncmp(info.name, prefix, strlen(prefix)))
			return true;
	}
	return false;
}

bool maps_go_away(const char *prefix, uint32_t after)
{
	for (int i = 0; i < 500; i++) {
		if (!has_map(prefix, after))
			return true;
		usleep(10000);
	}
	return false;
}

static bool has_program(const char *prefix)
{
	uint32_t id = 0;

	while (!skep_bpf_next_id(BPF_PROG_GET_NEXT_ID, id, &id)) {
		struct bpf_prog_info info = { 0 };

		if (!skep_bpf_prog_info_by_id(id, &info) &&
		    !strncmp(info.name, prefix, strlen(prefix)))
			return true;
	}
	return false;
}

bool programs_go_away(const char *prefix)
{
	for (int i = 0; i < 500; i++) {
		if (!has_program(prefix))
			return true;
		usleep(10000);
	}
	return false;
}
