/* SPDX-License-Identifier: MIT */
/* How a package is read: read.c finds out what it is, and each form has a file read_FORM.c. */
#ifndef SKEP_PACKAGE_READ_PARTS_H
#define SKEP_PACKAGE_READ_PARTS_H

#include "package/json.h"
#include "package/read.h"
#include "package/tar.h"

/* The most of a list of a package, and of objects. */
#define SKEP_PACKAGE_LIST    4096u
#define SKEP_PACKAGE_OBJECTS 64

/* A file of a folder or tar by its path in it. ENOENT, and what reading it may fail with. */
struct skep_files {
	int (*find)(struct skep_files *files, const char *path, const void **data, size_t *len,
		    struct skep_error *err);
	struct skep_package *package;	      /* what is read is kept there */
	int folder;			      /* find_in_folder: its fd */
	const struct skep_tar_entry *entries; /* find_in_tar */
	size_t n_entries;
};

/* read_json.c: a package.json, or (@is_alone) a description without its object. */
int skep_package_read_json(struct skep_package *package, json_t *root, struct skep_error *err);
/* Whether this is a description without an object. */
bool skep_package_json_is_alone(const json_t *root);

/* read_skel.c: meta.bpf_skel, and what stands beside it. */
int skep_package_read_meta(struct skep_package *package, struct skep_tree_reader *r,
			   const json_t *meta);

/* An element of export_types, which a config writes likewise. */
void skep_package_read_export_type(struct skep_package *package, struct skep_tree_reader *r,
				   const json_t *json);

/* read_map.c: an element of its maps; and what a config writes likewise. */
void skep_package_read_skel_map(struct skep_package *package, struct skep_tree_reader *r,
				const json_t *json);
void skep_package_read_members(struct skep_tree_reader *r, const json_t *list, const char *type_key,
			       struct skep_package_map *map);
void skep_package_read_stack(struct skep_tree_reader *r, const json_t *names,
			     struct skep_package_stack *stack);

/* yaml.c: YAML as the JSON that it stands for. */
int skep_yaml_parse(const char *text, size_t len, json_t **json, struct skep_error *err);

/* read_config.c: the config of a .skep. */
int skep_package_read_config(struct skep_package *package, const void *data, size_t len,
			     struct skep_error *err);

/* read_layout.c: an OCI image layout. */
int skep_package_read_layout(struct skep_package *package, struct skep_files *files,
			     struct skep_error *err);

/* read_tar.c: a tar of a layout, or one with package.json or an object. */
int skep_package_read_tar(struct skep_package *package, const void *data, size_t len,
			  const struct skep_package_read_opts *opts, struct skep_error *err);
/* A tar of a layout and of nothing else, without what the other forms need. */
int skep_package_read_skep(struct skep_package *package, const void *data, size_t len,
			   struct skep_error *err);
/* Kernels' types by their paths below @root: "btfhub-archive/" or "". */
int skep_package_add_btfs(struct skep_package *package, const void *data, size_t len,
			  const char *root, struct skep_error *err);

/* read_folder.c */
int skep_package_read_folder(struct skep_package *package, int folder,
			     const struct skep_package_read_opts *opts, struct skep_error *err);

/* read.c: as skep_package_read and skep_package_open, of a part: what fails leaves what was read.
 */
int skep_package_read_parts(struct skep_package *package, const void *data, size_t len,
			    const struct skep_package_read_opts *opts, struct skep_error *err);
int skep_package_open_parts(struct skep_package *package, const char *path,
			    const struct skep_package_read_opts *opts, struct skep_error *err);

/* Adds an ELF object, whose header says its byte order. @machine may be NULL. */
int skep_package_add_object(struct skep_package *package, const void *data, size_t len,
			    const char *machine, struct skep_error *err);

/* Adds "map events/colour" and its value; what is no text is written as JSON. */
int skep_package_annotate(struct skep_package *package, struct skep_tree_reader *r, const char *of,
			  const char *key, const json_t *value);

/* Annotates with the members of @object that are not @known, which ends with NULL. */
void skep_package_keep(struct skep_package *package, struct skep_tree_reader *r,
		       const json_t *object, const char *const *known, const char *kind,
		       const char *name);

/* The elements of a list that may be missing or null, each by @read. */
void skep_package_read_list(struct skep_package *package, struct skep_tree_reader *r,
			    const json_t *object, const char *key,
			    void (*read)(struct skep_package *package, struct skep_tree_reader *r,
					 const json_t *json));

/* Lets the package free @bytes, also when this fails. */
int skep_package_own(struct skep_package *package, void *bytes, struct skep_error *err);

/* All bytes of an open file, the package's own. EFBIG: over SKEP_PACKAGE_MOST. */
int skep_package_load(struct skep_package *package, int fd, const char *path, const void **data,
		      size_t *len, struct skep_error *err);

#endif
