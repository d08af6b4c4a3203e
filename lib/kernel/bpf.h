/* SPDX-License-Identifier: MIT */
/*
 * bpf(2), one function a command. Each returns a file descriptor or 0, or -errno; a file
 * descriptor is close-on-exec and never 0, 1 or 2, since bpf(2) itself takes 0 for "none" in
 * places and a program that closed its standard streams would print into a map.
 */
#ifndef SKEP_KERNEL_BPF_H
#define SKEP_KERNEL_BPF_H

#include <stddef.h>

#include "kernel/uapi.h"

int skep_bpf_map_create(struct skep_attr_map_create *attr);
int skep_bpf_map_lookup(int fd, const void *key, void *value, uint64_t flags);
int skep_bpf_map_update(int fd, const void *key, const void *value, uint64_t flags);
int skep_bpf_map_delete(int fd, const void *key);
int skep_bpf_map_next_key(int fd, const void *key, void *next);
int skep_bpf_map_freeze(int fd);

/* Looks up and deletes. */
int skep_bpf_map_take(int fd, const void *key, void *value, uint64_t flags);

/* BPF_MAP_*_BATCH. The kernel writes attr->count also when it fails, but not for every reason. */
int skep_bpf_map_batch(enum bpf_cmd cmd, struct skep_attr_map_batch *attr);

/* Tries again while a signal interrupts the verifier (EAGAIN). */
int skep_bpf_prog_load(struct skep_attr_prog_load *attr);
int skep_bpf_prog_test_run(struct skep_attr_test_run *attr);
int skep_bpf_btf_load(struct skep_attr_btf_load *attr);

int skep_bpf_link_create(struct skep_attr_link_create *attr);

/* BPF_PROG_ATTACH or BPF_PROG_DETACH: the way before bpf_link, which outlives the process. */
int skep_bpf_prog_attach(struct skep_attr_prog_attach *attr);
int skep_bpf_prog_detach(struct skep_attr_prog_attach *attr);
int skep_bpf_prog_query(struct skep_attr_prog_query *attr);

int skep_bpf_raw_tracepoint_open(int prog_fd, const char *name, uint64_t cookie);
int skep_bpf_iter_create(int link_fd);
int skep_bpf_link_update(struct skep_attr_link_update *attr);
int skep_bpf_link_detach(int link_fd);

/*
 * A name for an object in a BPF file system, and the object that has one. @path is relative to the
 * folder @dir, or AT_FDCWD: this needs 6.5 or, before, /proc.
 */
int skep_bpf_obj_pin(int fd, int dir, const char *path);
int skep_bpf_obj_get(int dir, const char *path, uint32_t flags);

/* A token of a bpffs (6.9): an fd. */
int skep_bpf_token_create(int bpffs_fd);

/* What runs on a perf event that a process has open (4.18). */
int skep_bpf_task_fd_query(struct skep_attr_task_fd_query *attr);

/* Bytes read, 0 when there are none (6.17). */
int skep_bpf_stream_read(int prog_fd, uint32_t stream, void *buffer, uint32_t size);

/* A struct_ops map goes with a program (7.0); a map stays as long as a program (5.10). */
int skep_bpf_assoc_struct_ops(int prog_fd, int map_fd);
int skep_bpf_bind_map(int prog_fd, int map_fd);

/* The kernel counts the run time of programs while the fd is open (5.8). */
int skep_bpf_enable_stats(uint32_t type);

/* Fills @info (struct bpf_prog_info, ...) as far as the kernel knows it; the rest stays. */
int skep_bpf_info(int fd, void *info, size_t len);

/* BPF_*_GET_NEXT_ID: the id after @id into *next; -ENOENT after the last. */
int skep_bpf_next_id(enum bpf_cmd cmd, uint32_t id, uint32_t *next);

/* BPF_*_GET_FD_BY_ID. */
int skep_bpf_fd_by_id(enum bpf_cmd cmd, uint32_t id);

/* The name and other facts of the program with this id, for messages. */
int skep_bpf_prog_info_by_id(uint32_t id, struct bpf_prog_info *info);

/*
 * A name as the kernel takes it: at most 15 characters, and '_' for all but letters, digits, '_'
 * and '.' (bpf_obj_name_cpy).
 */
void skep_bpf_name(char out[BPF_OBJ_NAME_LEN], const char *name);

#endif
