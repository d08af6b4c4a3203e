// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "kernel/fdinfo.h"
#include "system/system.h"

struct answer {
	struct bpf_prog_info info;
	struct bpf_func_info first;
	uint32_t map_ids[SKEP_SYSTEM_FEW_MAPS];
};

static int ask(int fd, struct answer *a, unsigned int what, struct skep_error *err)
{
	int ret;

	memset(a, 0, sizeof(*a));
	a->info.nr_map_ids = SKEP_SYSTEM_FEW_MAPS;
	a->info.map_ids = SKEP_PTR(a->map_ids);
	if (what & SKEP_SYSTEM_FULL_NAME) {
		a->info.nr_func_info = 1;
		a->info.func_info_rec_size = sizeof(a->first);
		a->info.func_info = SKEP_PTR(&a->first);
	}
	if (!(what & SKEP_SYSTEM_OPENED))
		return skep_system_info(fd, SKEP_SYSTEM_PROGRAMS, &a->info, sizeof(a->info), err);
	ret = skep_bpf_info(fd, &a->info, sizeof(a->info));
	return ret ? skep_system_no_info(fd, SKEP_SYSTEM_PROGRAMS, ret, err) : 0;
}

static int read_map_ids(int fd, const struct answer *a, struct skep_system_program_memory *m,
			struct skep_error *err)
{
	struct bpf_prog_info again = { .nr_map_ids = a->info.nr_map_ids };
	uint32_t n = a->info.nr_map_ids;
	uint32_t *ids = m->map_ids;

	m->program.n_map_ids = n;
	m->program.map_ids = ids;
	if (n <= SKEP_SYSTEM_FEW_MAPS) {
		memcpy(ids, a->map_ids, n * sizeof(*ids));
		return 0;
	}
	ids = skep_arena_alloc(&m->arena, n, sizeof(*ids));
	if (!ids)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	m->program.map_ids = ids;
	/* BPF_PROG_BIND_MAP may have added some since. */
	again.map_ids = SKEP_PTR(ids);
	return skep_system_info(fd, SKEP_SYSTEM_PROGRAMS, &again, sizeof(again), err);
}

static void describe(struct skep_system_program *p, const struct bpf_prog_info *info)
{
	int64_t boot = skep_clock_to_realtime(CLOCK_BOOTTIME);

	*p = (struct skep_system_program){ .size = sizeof(*p),
					   .id = info->id,
					   .type = info->type,
					   .load_time = (uint64_t)boot + info->load_time,
					   .uid = info->created_by_uid,
					   .gpl = info->gpl_compatible,
					   .ifindex = info->ifindex,
					   .netns_dev = info->netns_dev,
					   .netns_ino = info->netns_ino,
					   .run_time_ns = info->run_time_ns,
					   .run_cnt = info->run_cnt,
					   .recursion_misses = info->recursion_misses,
					   .verified_insns = info->verified_insns,
					   .jited_len = info->jited_prog_len,
					   .xlated_len = info->xlated_prog_len,
					   .btf_id = info->btf_id,
					   .attach_btf_obj_id = info->attach_btf_obj_id,
					   .attach_btf_id = info->attach_btf_id };
	memcpy(p->tag, info->tag, sizeof(p->tag));
}

/* The kernel cuts names to 15 characters; the function's in BTF is whole. */
static void complete_name(struct skep_system_program_memory *m, const struct answer *a)
{
	const char *full;

	if (strlen(m->name) < BPF_OBJ_NAME_LEN - 1 || !a->info.nr_func_info)
		return;
	full = skep_system_function_name(m, a->first.type_id);
	if (!strncmp(full, m->name, strlen(m->name)))
		m->program.name = full;
}

static int fill(int fd, const struct answer *a, unsigned int what,
		struct skep_system_program_memory *m, struct skep_error *err)
{
	struct skep_fdinfo more;
	int ret;

	describe(&m->program, &a->info);
	memcpy(m->name, a->info.name, sizeof(m->name) - 1);
	m->program.name = m->name;
	ret = read_map_ids(fd, a, m, err);
	if (!ret && what & SKEP_SYSTEM_CODE)
		ret = skep_system_read_code(fd, &a->info, m, err);
	if (!ret && what & SKEP_SYSTEM_FULL_NAME)
		complete_name(m, a);
	if (!ret && what & SKEP_SYSTEM_FDINFO && !skep_fdinfo_read(fd, &more))
		m->program.memlock = more.memlock;
	return ret;
}

struct skep_system_program *skep_system_program_read(int fd, unsigned int what,
						     struct skep_error *err)
{
	struct skep_system_program_memory *m;
	struct answer a;

	if (ask(fd, &a, what, err))
		return NULL;
	m = calloc(1, sizeof(*m));
	if (!m) {
		skep_error_nomem(err, SKEP_STAGE_READ);
		return NULL;
	}
	if (!fill(fd, &a, what, m, err))
		return &m->program;
	skep_system_program_free(&m->program);
	return NULL;
}

void skep_system_program_free(struct skep_system_program *program)
{
	/* The program is the first member of what was allocated. */
	struct skep_system_program_memory *m = (void *)program;

	if (!m)
		return;
	skep_btf_free(m->btf);
	skep_arena_free(&m->arena);
	free(m);
}
