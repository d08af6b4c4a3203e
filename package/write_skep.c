// SPDX-License-Identifier: MIT
/* A package as an OCI image layout in a tar: docs/package-format.md. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/readable.h"
#include "base/sha256.h"
#include "package/tar_write.h"
#include "package/write.h"
#include "package/writer.h"

#define MANIFEST      "application/vnd.oci.image.manifest.v1+json"
#define ARTIFACT      "application/vnd.skep.package.v1"
#define CONFIG	      "application/vnd.skep.package.config.v1+json"
#define OBJECT_LAYER  "application/vnd.skep.object.v1+elf"
#define BTF_LAYER     "application/vnd.skep.btf.v1+tar"
#define WASM_LAYER    "application/vnd.wasm.content.layer.v1+wasm"
#define README_LAYER  "text/markdown"
#define DIGEST_PREFIX "sha256:"

struct blob {
	char hex[2 * SKEP_SHA256_LEN + 1];
	const void *data;
	size_t len;
};

struct layout {
	const struct skep_package *package;
	struct skep_vec(struct blob) blobs;
	struct skep_text btfs, config, manifest, index;
	struct skep_error *err;
};

static struct blob *add_blob(struct layout *l, const void *data, size_t len)
{
	struct blob *blob = skep_vec_push(&l->blobs);
	struct skep_text hex = { 0 };
	uint8_t digest[SKEP_SHA256_LEN];

	if (!blob)
		return NULL;
	skep_sha256(data, len, digest);
	skep_write_octets(digest, sizeof(digest), '\0', &hex);
	snprintf(blob->hex, sizeof(blob->hex), "%s", skep_text_string(&hex));
	skep_text_free(&hex);
	blob->data = data;
	blob->len = len;
	return blob;
}

/* Opens a descriptor, to which more may be added, and keeps the bytes that it is of. */
static int open_descriptor(struct layout *l, struct skep_writer *w, const char *key,
			   const char *type, const void *data, size_t len)
{
	const struct blob *blob = add_blob(l, data, len);
	char digest[sizeof(DIGEST_PREFIX) + sizeof(blob->hex)];

	if (!blob)
		return skep_error_nomem(l->err, SKEP_STAGE_DELIVER);
	snprintf(digest, sizeof(digest), DIGEST_PREFIX "%s", blob->hex);
	skep_write_open(w, key, '{');
	skep_write_string(w, "mediaType", type);
	skep_write_string(w, "digest", digest);
	skep_write_number(w, "size", len);
	return 0;
}

static int write_layer(struct layout *l, struct skep_writer *w, const char *type, const void *data,
		       size_t len)
{
	int ret = data && len ? open_descriptor(l, w, NULL, type, data, len) : 0;

	if (data && len && !ret)
		skep_write_close(w);
	return ret;
}

static int write_object(struct layout *l, struct skep_writer *w,
			const struct skep_package_object *object)
{
	int ret = open_descriptor(l, w, NULL, OBJECT_LAYER, object->data, object->len);

	if (ret)
		return ret;
	skep_write_open(w, "annotations", '{');
	skep_write_string(w, "skep.machine", object->machine);
	skep_write_string(w, "skep.byte-order", object->is_big_endian ? "big" : "little");
	skep_write_close(w);
	skep_write_close(w);
	return 0;
}

static void write_annotations(const struct skep_package *p, struct skep_writer *w)
{
	time_t date = (time_t)skep_source_date();
	struct tm tm = { 0 };
	char created[40];

	gmtime_r(&date, &tm);
	strftime(created, sizeof(created), "%Y-%m-%dT%H:%M:%SZ", &tm);
	skep_write_open(w, "annotations", '{');
	skep_write_string(w, "org.opencontainers.image.title", p->name);
	skep_write_string(w, "org.opencontainers.image.version", p->version);
	skep_write_string(w, "org.opencontainers.image.description", p->brief);
	skep_write_string(w, "org.opencontainers.image.licenses", p->licence);
	skep_write_string(w, "org.opencontainers.image.created", created);
	skep_write_close(w);
}

static int write_manifest(struct layout *l)
{
	const struct skep_package *p = l->package;
	struct skep_writer w = { .out = &l->manifest };
	int ret;

	skep_write_open(&w, NULL, '{');
	skep_write_number(&w, "schemaVersion", 2);
	skep_write_string(&w, "mediaType", MANIFEST);
	skep_write_string(&w, "artifactType", ARTIFACT);
	ret = open_descriptor(l, &w, "config", CONFIG, l->config.data, l->config.len);
	skep_write_close(&w);
	skep_write_open(&w, "layers", '[');
	for (size_t i = 0; i < p->objects.len && !ret; i++)
		ret = write_object(l, &w, &p->objects.items[i]);
	ret = ret ?: write_layer(l, &w, BTF_LAYER, l->btfs.data, l->btfs.len);
	ret = ret ?: write_layer(l, &w, WASM_LAYER, p->wasm, p->wasm_len);
	ret = ret ?: write_layer(l, &w, README_LAYER, p->readme, p->readme ? strlen(p->readme) : 0);
	skep_write_close(&w);
	write_annotations(p, &w);
	skep_write_close(&w);
	return ret;
}

static int write_index(struct layout *l)
{
	struct skep_writer w = { .out = &l->index };
	int ret;

	skep_write_open(&w, NULL, '{');
	skep_write_number(&w, "schemaVersion", 2);
	skep_write_string(&w, "mediaType", "application/vnd.oci.image.index.v1+json");
	skep_write_open(&w, "manifests", '[');
	ret = open_descriptor(l, &w, NULL, MANIFEST, l->manifest.data, l->manifest.len);
	skep_write_string(&w, "artifactType", ARTIFACT);
	skep_write_close(&w);
	skep_write_close(&w);
	skep_write_close(&w);
	return ret;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct blob *)a)->hex, ((const struct blob *)b)->hex);
}

/* Blobs by their names, each once. */
static int write_blobs(struct layout *l, struct skep_text *out)
{
	int ret = 0;

	qsort(l->blobs.items, l->blobs.len, sizeof(*l->blobs.items), compare);
	for (size_t i = 0; i < l->blobs.len && !ret; i++) {
		const struct blob *blob = &l->blobs.items[i];
		char path[128];

		if (i && !strcmp(blob->hex, blob[-1].hex))
			continue;
		snprintf(path, sizeof(path), "blobs/sha256/%s", blob->hex);
		ret = skep_tar_write(out, path, blob->data, blob->len, l->err);
	}
	return ret;
}

static int write_all(struct layout *l, struct skep_text *out)
{
	static const char layout[] = "{\"imageLayoutVersion\":\"1.0.0\"}";
	int ret = skep_package_write_config(l->package, &l->config, l->err);

	ret = ret ?: skep_package_write_btfs(l->package, "", &l->btfs, l->err);
	if (!ret && l->btfs.len)
		skep_tar_finish(&l->btfs);
	ret = ret ?: write_manifest(l) ?: write_index(l);
	ret = ret ?: skep_tar_write(out, "oci-layout", layout, strlen(layout), l->err);
	ret = ret ?: skep_tar_write(out, "index.json", l->index.data, l->index.len, l->err);
	ret = ret ?: write_blobs(l, out);
	skep_tar_finish(out);
	if (!ret && (out->failed || l->config.failed || l->manifest.failed || l->index.failed))
		ret = skep_error_nomem(l->err, SKEP_STAGE_DELIVER);
	return ret;
}

int skep_package_write(const struct skep_package *package, struct skep_text *out,
		       struct skep_error *err)
{
	struct layout l = { .package = package, .err = err };
	int ret = write_all(&l, out);

	skep_vec_free(&l.blobs);
	skep_text_free(&l.btfs);
	skep_text_free(&l.config);
	skep_text_free(&l.manifest);
	skep_text_free(&l.index);
	return ret;
}

int skep_package_write_btfs(const struct skep_package *package, const char *folder,
			    struct skep_text *out, struct skep_error *err)
{
	int ret = 0;

	for (size_t i = 0; i < package->btfs.len && !ret; i++) {
		const struct skep_package_btf *btf = &package->btfs.items[i];
		SKEP_SCOPED(skep_text_free) struct skep_text path = { 0 };

		skep_text_printf(&path, "%s%s", folder, btf->path);
		ret = skep_tar_write(out, skep_text_string(&path), btf->data, btf->len, err);
	}
	return ret;
}

const struct skep_package_object *skep_package_single(const struct skep_package *package,
						      struct skep_error *err)
{
	const struct skep_package_object *first = package->objects.items;

	for (size_t i = 0; i < package->objects.len; i++)
		if (package->objects.items[i].data != first->data) {
			skep_error_set(err, SKEP_STAGE_USAGE, EINVAL,
				       "this format holds one object, and those of %s and %s "
				       "differ",
				       first->machine, package->objects.items[i].machine);
			skep_error_add_hint(err, "give one machine by --target, or write a .skep, "
						 "which holds several");
			return NULL;
		}
	return first;
}
