// SPDX-License-Identifier: MIT
/* package.json: an object that is packed and written as letters, beside what is said of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/error.h"
#include "base/inflate.h"
#include "package/read_parts.h"

/* Of a package that does not say how large its object is: those from before 2022-11. */
#define UNSAID_MOST (64u << 20)

static int add_packed(struct skep_package *package, const char *letters, size_t len, size_t size,
		      struct skep_error *err)
{
	bool is_said = size != 0;
	uint8_t *packed = malloc(len / 4 * 3 + 3);
	void *object = NULL;
	int64_t n;

	if (!packed)
		return skep_error_nomem(err, SKEP_STAGE_READ);
	n = skep_base64_read(letters, len, packed);
	if (n < 0)
		n = skep_error_set(err, SKEP_STAGE_READ, EINVAL,
				   "it is no base64: the letter at %lld is wrong", -(long long)n);
	else
		n = skep_zlib_unpack(packed, (size_t)n, is_said ? size : UNSAID_MOST, &object, err);
	free(packed);
	/* What unpacks to more than it says is not unpacked further. */
	if (n >= 0 && !is_said)
		size = (size_t)n;
	if (n >= 0 && (size_t)n != size)
		skep_error_set(err, SKEP_STAGE_READ, EINVAL,
			       "it has %lld bytes, but bpf_object_size says %zu", (long long)n,
			       size);
	if (n < 0 || (size_t)n != size || skep_package_own(package, object, err)) {
		if (n < 0 || (size_t)n != size)
			free(object);
		skep_error_add_subject(err, "'bpf_object'");
		return n < 0 ? (int)n : -EINVAL;
	}
	return skep_package_add_object(package, object, size, NULL, err);
}

static int read_object(struct skep_package *package, struct skep_tree_reader *r, const json_t *root)
{
	const json_t *object = json_object_get(root, "bpf_object");
	uint32_t size = 0;

	if (!json_is_string(object))
		return skep_tree_wrong(r, "bpf_object", "it is no string of base64");
	skep_tree_number(r, root, "bpf_object_size", 1, SKEP_PACKAGE_MOST, &size);
	return r->failed ?:
			   add_packed(package, json_string_value(object), json_string_length(object),
				      size, r->err);
}

bool skep_package_json_is_alone(const json_t *root)
{
	return json_is_object(root) && !json_object_get(root, "bpf_object") &&
	       (json_object_get(root, "bpf_skel") || json_object_get(root, "obj_name"));
}

int skep_package_read_json(struct skep_package *package, json_t *root, struct skep_error *err)
{
	struct skep_tree_reader r = { .arena = &package->arena, .err = err };
	const json_t *meta;
	json_t *wrapped;
	char outer[160];
	int ret;

	if (skep_package_json_is_alone(root)) {
		if (json_object_get(root, "bpf_skel"))
			return skep_package_read_meta(package, &r, root);
		wrapped = json_pack("{s:O}", "bpf_skel", root);
		ret = wrapped ? skep_package_read_meta(package, &r, wrapped) :
				skep_error_nomem(err, SKEP_STAGE_READ);
		json_decref(wrapped);
		return ret;
	}
	if (!json_is_object(root) || !json_object_get(root, "bpf_object")) {
		skep_error_set(err, SKEP_STAGE_READ, EINVAL,
			       "it is no package: it has neither 'bpf_object' nor 'bpf_skel'");
		skep_error_add_hint(err, "a package.json has 'bpf_object', 'bpf_object_size' and "
					 "'meta'");
		return -EINVAL;
	}
	meta = skep_tree_object(&r, root, "meta");
	if (!r.failed && !meta)
		skep_tree_wrong(&r, "meta", "it is missing");
	ret = r.failed ?: read_object(package, &r, root);
	if (ret)
		return ret;
	skep_tree_enter(&r, outer, "meta");
	return skep_package_read_meta(package, &r, meta);
}
