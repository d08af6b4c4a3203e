// SPDX-License-Identifier: MIT
/* An OCI image layout: index, manifest, config and layers, each held against its digest. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/sha256.h"
#include "package/media.h"
#include "package/read_parts.h"

struct layout {
	struct skep_package *package;
	struct skep_files *files;
	struct skep_error *err;
};

struct descriptor {
	const char *digest; /* "sha256:..." */
	uint64_t size;
	char path[128];
};

/* "sha256:" and 64 digits in lower case: its path is made of it, so that nothing else gets there.
 */
static bool is_digest(const char *digest)
{
	return !strncmp(digest, "sha256:", 7) && strlen(digest) == 7 + 64 &&
	       strspn(digest + 7, "0123456789abcdef") == 64;
}

static int read_descriptor(struct skep_tree_reader *r, const json_t *json, struct descriptor *d)
{
	uint32_t size = UINT32_MAX;

	*d = (struct descriptor){ 0 };
	skep_tree_string(r, json, "digest", &d->digest);
	skep_tree_number(r, json, "size", 0, SKEP_PACKAGE_MOST, &size);
	if (!r->failed && (!d->digest || !is_digest(d->digest)))
		return skep_tree_wrong(r, "digest", "it is no sha256 digest");
	if (!r->failed && size == UINT32_MAX)
		return skep_tree_wrong(r, "size", "it is missing");
	if (r->failed)
		return r->failed;
	d->size = size;
	snprintf(d->path, sizeof(d->path), "blobs/sha256/%s", d->digest + 7);
	return 0;
}

static int check_digest(const struct descriptor *d, const void *data, size_t len,
			struct skep_error *err)
{
	uint8_t sum[SKEP_SHA256_LEN];
	char text[2 * SKEP_SHA256_LEN + 1];

	if (len != d->size) {
		skep_error_set(err, SKEP_STAGE_READ, EINVAL,
			       "it has %zu bytes, and its descriptor says %llu", len,
			       (unsigned long long)d->size);
	} else {
		skep_sha256(data, len, sum);
		for (size_t i = 0; i < sizeof(sum); i++)
			snprintf(text + 2 * i, 3, "%02x", sum[i]);
		if (!strcmp(text, d->digest + 7))
			return 0;
		skep_error_set(err, SKEP_STAGE_READ, EINVAL,
			       "its content does not have its digest: it was changed or damaged");
	}
	skep_error_add_subject(err, "blob %.20s...", d->digest);
	return -EINVAL;
}

static int find_blob(struct layout *l, const struct descriptor *d, const void **data, size_t *len)
{
	int ret = l->files->find(l->files, d->path, data, len, l->err);

	if (ret)
		skep_error_add_subject(l->err, "blob %.20s...", d->digest);
	return ret ?: check_digest(d, *data, *len, l->err);
}

static int parse_file(struct layout *l, const char *path, json_t **json)
{
	size_t len;
	const void *data;
	int ret = l->files->find(l->files, path, &data, &len, l->err);

	ret = ret ?: skep_tree_parse(data, len, json, l->err);
	if (ret)
		skep_error_add_subject(l->err, "%s", path);
	return ret;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* The first of ours, or the only one. */
static const json_t *choose(struct skep_tree_reader *r, const json_t *index)
{
	const json_t *list = skep_tree_list(r, index, "manifests"), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		if (!strcmp(text_of(one, "artifactType"), SKEP_MEDIA_PACKAGE))
			return one;
	}
	if (json_array_size(list) == 1)
		return json_array_get(list, 0);
	skep_tree_wrong(r, "manifests", "%zu manifests, and none is of a skep package",
			json_array_size(list));
	return NULL;
}

static int add_object(struct layout *l, const json_t *json, const void *data, size_t len)
{
	const json_t *notes = json_object_get(json, "annotations");
	const char *machine = text_of(notes, "skep.machine"),
		   *order = text_of(notes, "skep.byte-order");
	const struct skep_package_object *object;
	int ret;

	if (*machine) {
		machine = skep_arena_string(&l->package->arena, machine, strlen(machine));
		if (!machine)
			return skep_error_nomem(l->err, SKEP_STAGE_READ);
	}
	ret = skep_package_add_object(l->package, data, len, *machine ? machine : NULL, l->err);
	if (ret)
		return ret;
	object = &l->package->objects.items[l->package->objects.len - 1];
	if (*order && strcmp(order, object->is_big_endian ? "big" : "little"))
		return skep_error_set(l->err, SKEP_STAGE_READ, EINVAL,
				      "the object is %s-endian, and its descriptor says '%s'",
				      object->is_big_endian ? "big" : "little", order);
	return 0;
}

static int add_layer(struct layout *l, struct skep_tree_reader *r, const json_t *json)
{
	static const char *const known[] = { SKEP_MEDIA_OBJECT, SKEP_MEDIA_BTF, SKEP_MEDIA_WASM,
					     SKEP_MEDIA_README, NULL };
	const char *type = text_of(json, "mediaType");
	struct descriptor d;
	const void *data;
	size_t len;
	int kind = 0, ret;

	while (known[kind] && strcmp(known[kind], type))
		kind++;
	if (!known[kind])
		return 0;
	if (read_descriptor(r, json, &d))
		return r->failed;
	ret = find_blob(l, &d, &data, &len);
	if (ret)
		return ret;
	switch (kind) {
	case 0:
		return add_object(l, json, data, len);
	case 1:
		return skep_package_add_btfs(l->package, data, len, "", l->err);
	case 2:
		l->package->wasm = data;
		l->package->wasm_len = len;
		return 0;
	default:
		l->package->readme = skep_arena_string(&l->package->arena, data, len);
		return l->package->readme ? 0 : skep_error_nomem(l->err, SKEP_STAGE_READ);
	}
}

static int read_layers(struct layout *l, struct skep_tree_reader *r, const json_t *manifest)
{
	const json_t *list = skep_tree_list(r, manifest, "layers"), *layer;
	char outer[160];
	size_t i;

	json_array_foreach(list, i, layer)
	{
		int ret;

		skep_tree_enter(r, outer, "layers[%zu]", i);
		ret = add_layer(l, r, layer);
		if (ret) {
			skep_error_add_subject(l->err, "'%s'", r->where);
			return ret;
		}
		skep_tree_leave(r, outer);
	}
	if (!r->failed && !l->package->objects.len)
		skep_tree_wrong(r, "layers", "none of them is an eBPF object (%s)",
				SKEP_MEDIA_OBJECT);
	return r->failed;
}

static int read_manifest(struct layout *l, struct skep_tree_reader *r, const json_t *manifest)
{
	const json_t *config = skep_tree_object(r, manifest, "config");
	struct descriptor d;
	char outer[160];
	const void *data;
	size_t len;
	int ret;

	if (!config)
		return skep_tree_wrong(r, "config", "it is missing");
	if (strcmp(text_of(config, "mediaType"), SKEP_MEDIA_CONFIG)) {
		skep_tree_wrong(r, "config.mediaType", "this image is no skep package");
		skep_error_add_hint(l->err, "its config would be of %s", SKEP_MEDIA_CONFIG);
		return r->failed;
	}
	skep_tree_enter(r, outer, "config");
	if (read_descriptor(r, config, &d))
		return r->failed;
	skep_tree_leave(r, outer);
	ret = find_blob(l, &d, &data, &len);
	ret = ret ?: skep_package_read_config(l->package, data, len, l->err);
	return ret ?: read_layers(l, r, manifest);
}

static int read_index(struct layout *l, struct skep_tree_reader *r, const json_t *index)
{
	const json_t *chosen = choose(r, index);
	struct descriptor d;
	json_t *manifest;
	const void *data;
	size_t len;
	int ret;

	if (!chosen || read_descriptor(r, chosen, &d))
		return r->failed;
	ret = find_blob(l, &d, &data, &len);
	ret = ret ?: skep_tree_parse(data, len, &manifest, l->err);
	if (ret)
		return ret;
	ret = read_manifest(l, r, manifest);
	json_decref(manifest);
	return ret;
}

static int read_version(struct layout *l)
{
	json_t *json;
	int major, ret = parse_file(l, "oci-layout", &json);

	if (ret)
		return ret;
	major = strncmp(text_of(json, "imageLayoutVersion"), "1.", 2);
	json_decref(json);
	return major ? skep_error_set(l->err, SKEP_STAGE_READ, EINVAL,
				      "oci-layout is of another version than 1") :
		       0;
}

int skep_package_read_layout(struct skep_package *package, struct skep_files *files,
			     struct skep_error *err)
{
	struct skep_tree_reader r = { .arena = &package->arena, .err = err };
	struct layout l = { package, files, err };
	json_t *index;
	int ret = read_version(&l);

	ret = ret ?: parse_file(&l, "index.json", &index);
	if (ret)
		return ret;
	ret = read_index(&l, &r, index);
	json_decref(index);
	return ret;
}
