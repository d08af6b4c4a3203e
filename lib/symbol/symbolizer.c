// SPDX-License-Identifier: MIT
/* Frames from addresses. */
#include "symbol/symbolizer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/opts.h"
#include "user/symbols.h"

#define MAX_PROCESSES 1024
#define MAX_BYTES     (512ull << 20)

struct skep_symbolizer *skep_symbolizer_new(const struct skep_symbolizer_opts *opts,
					    struct skep_error *err)
{
	const struct skep_symbolizer_opts o = SKEP_OPTS(struct skep_symbolizer_opts, opts);
	struct skep_symbolizer *s = calloc(1, sizeof(*s));

	if (s)
		s->debug_root = strdup(o.debug_root ?: SKEP_DEBUG_ROOT);
	if (!s || !s->debug_root || pthread_mutex_init(&s->lock, NULL)) {
		if (s)
			free(s->debug_root);
		free(s);
		skep_error_nomem(err, SKEP_STAGE_RESOLVE);
		return NULL;
	}
	s->max_processes = o.max_processes ?: MAX_PROCESSES;
	s->max_bytes = o.max_bytes ?: MAX_BYTES;
	return s;
}

void skep_symbolizer_free(struct skep_symbolizer *s)
{
	if (!s)
		return;
	skep_vec_for_each(&s->processes, process)
		skep_process_free(*process);
	skep_vec_for_each(&s->files, file)
		skep_symbol_file_free(*file);
	skep_vec_free(&s->processes);
	skep_vec_free(&s->files);
	skep_kernel_names_free(&s->kernel);
	pthread_mutex_destroy(&s->lock);
	free(s->debug_root);
	free(s);
}

static int check(const struct skep_symbolizer *s, const void *from, size_t n,
		 const struct skep_frame *frames, struct skep_error *err)
{
	if (!s)
		return skep_error_null(err, SKEP_STAGE_USAGE, "symbolizer");
	if (n && (!from || !frames))
		return skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				      "there are no addresses or no frames: they are NULL");
	return 0;
}

/* What names the i-th address: of a return address the call before it. */
static uint64_t named_by(uint64_t address, size_t i, uint32_t flags)
{
	return i && address && flags & SKEP_SYMBOLIZE_STACK ? address - 1 : address;
}

static void name_frame(struct skep_frame *frame, const struct skep_names *names, uint64_t by,
		       uint64_t address)
{
	const struct skep_name *name = skep_names_find(names, by);

	if (!name)
		return;
	frame->symbol = skep_names_text(names, name);
	frame->offset = address - name->address;
}

int skep_symbolize_kernel(struct skep_symbolizer *s, const uint64_t *addresses, size_t n,
			  uint32_t flags, struct skep_frame *frames, struct skep_error *err)
{
	int ret = check(s, addresses, n, frames, err);

	if (ret || !n)
		return ret;
	skep_symbolizer_begin(s);
	ret = skep_kernel_names_refresh(&s->kernel, addresses, n, err);
	for (size_t i = 0; i < n; i++) {
		uint64_t by = named_by(addresses[i], i, flags);
		const struct skep_name *name = ret ? NULL : skep_names_find(&s->kernel.names, by);

		frames[i] = (struct skep_frame){ .address = addresses[i], .is_kernel = true };
		if (!name)
			continue;
		frames[i].symbol = skep_names_text(&s->kernel.names, name);
		frames[i].offset = addresses[i] - name->address;
		if (*skep_names_module(&s->kernel.names, name))
			frames[i].file = skep_names_module(&s->kernel.names, name);
	}
	return ret;
}

static void name_in_file(const struct skep_symbol_file *file, struct skep_frame *frame,
			 uint64_t back)
{
	uint64_t address;

	if (skep_symbol_file_address(file, frame->file_offset - back, &address))
		name_frame(frame, &file->names, address, address + back);
}

/*
 * Looks again at what a process has mapped and compiled if an address needs it: before the first is
 * named, as the names of the others would be gone then.
 */
static void look_again(struct skep_symbolizer *s, struct skep_process *process, uint64_t by,
		       bool *was_mapped, bool *was_made)
{
	const struct skep_area *area = skep_process_area(process, by);

	if (!area && by && !*was_mapped) {
		*was_mapped = true;
		skep_process_refresh(process, true);
		area = skep_process_area(process, by);
	}
	if (area && area->kind == SKEP_AREA_MADE && !*was_made &&
	    !skep_names_find(&process->made.names, by)) {
		*was_made = s->has_read_made = true;
		skep_perf_map_refresh(&process->made, process->pid);
	}
}

static void name_user(struct skep_symbolizer *s, struct skep_process *process,
		      struct skep_frame *frame, uint64_t by)
{
	struct skep_area *area = skep_process_area(process, by);
	const struct skep_symbol_file *file;

	if (!area)
		return;
	if (*skep_process_path(process, area))
		frame->file = skep_process_path(process, area);
	if (area->kind == SKEP_AREA_MADE) {
		name_frame(frame, &process->made.names, by, frame->address);
		if (frame->symbol && !frame->file)
			frame->file = "[jit]";
		return;
	}
	frame->file_offset = frame->address - area->start + area->offset;
	file = skep_symbolizer_file(s, process, area);
	if (file)
		name_in_file(file, frame, frame->address - by);
}

static int no_process(int pid, int code, struct skep_error *err)
{
	if (code == -ESRCH)
		return skep_error_set(err, SKEP_STAGE_RESOLVE, ESRCH,
				      "there is no process %d (any more)", pid);
	return skep_error_set_errno(err, SKEP_STAGE_RESOLVE, code,
				    "what process %d has mapped cannot be read", pid);
}

int skep_symbolize_user(struct skep_symbolizer *s, int pid, const uint64_t *addresses, size_t n,
			uint32_t flags, struct skep_frame *frames, struct skep_error *err)
{
	int ret = check(s, addresses, n, frames, err);
	bool was_mapped = false, was_made = false;
	struct skep_process *process;

	if (ret || !n)
		return ret;
	skep_symbolizer_begin(s);
	process = skep_symbolizer_process(s, pid, &ret);
	for (size_t i = 0; process && i < n; i++)
		look_again(s, process, named_by(addresses[i], i, flags), &was_mapped, &was_made);
	for (size_t i = 0; i < n; i++) {
		frames[i] = (struct skep_frame){ .address = addresses[i] };
		if (process)
			name_user(s, process, &frames[i], named_by(addresses[i], i, flags));
	}
	return ret ? no_process(pid, ret, err) : 0;
}

/* The kernel fills up by zeros what linkers make shorter: 16 bytes, or 8. */
static size_t id_length(const uint8_t id[BPF_BUILD_ID_SIZE])
{
	static const uint8_t zero[BPF_BUILD_ID_SIZE];

	return !memcmp(id + 8, zero, 12) ? 8 : !memcmp(id + 16, zero, 4) ? 16 : BPF_BUILD_ID_SIZE;
}

static void name_build_id(struct skep_symbolizer *s, struct skep_process *process,
			  const struct bpf_stack_build_id *from, struct skep_frame *frame,
			  bool is_return)
{
	struct skep_build_id id = { .len = 0 };
	const struct skep_symbol_file *file;

	memcpy(id.bytes, from->build_id, sizeof(from->build_id));
	id.len = id_length(id.bytes);
	file = skep_symbolizer_file_of_id(s, process, &id);
	frame->file_offset = from->offset;
	if (!file)
		return;
	if (*file->path)
		frame->file = file->path;
	name_in_file(file, frame, is_return && from->offset);
}

int skep_symbolize_build_ids(struct skep_symbolizer *s, int pid,
			     const struct bpf_stack_build_id *ids, size_t n, uint32_t flags,
			     struct skep_frame *frames, struct skep_error *err)
{
	int ret = check(s, ids, n, frames, err);
	bool was_mapped = false, was_made = false;
	struct skep_process *process = NULL;

	if (ret || !n)
		return ret;
	skep_symbolizer_begin(s);
	if (pid)
		process = skep_symbolizer_process(s, pid, &ret);
	for (size_t i = 0; process && i < n; i++)
		if (ids[i].status == BPF_STACK_BUILD_ID_IP)
			look_again(s, process, named_by(ids[i].ip, i, flags), &was_mapped,
				   &was_made);
	for (size_t i = 0; i < n; i++) {
		frames[i] = (struct skep_frame){ 0 };
		if (ids[i].status == BPF_STACK_BUILD_ID_VALID) {
			name_build_id(s, process, &ids[i], &frames[i],
				      i && flags & SKEP_SYMBOLIZE_STACK);
		} else if (ids[i].status == BPF_STACK_BUILD_ID_IP) {
			frames[i].address = ids[i].ip;
			if (process)
				name_user(s, process, &frames[i], named_by(ids[i].ip, i, flags));
		}
	}
	return ret == -ENOMEM ? skep_error_nomem(err, SKEP_STAGE_RESOLVE) : 0;
}

int skep_symbolizer_add_process(struct skep_symbolizer *s, int pid, struct skep_error *err)
{
	struct skep_process *process;
	int ret;

	if (!s)
		return skep_error_null(err, SKEP_STAGE_USAGE, "symbolizer");
	skep_symbolizer_begin(s);
	process = skep_symbolizer_process(s, pid, &ret);
	if (process)
		skep_vec_for_each(&process->areas, area)
			skep_symbolizer_file(s, process, area);
	return ret ? no_process(pid, ret, err) : 0;
}
