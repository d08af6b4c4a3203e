// SPDX-License-Identifier: MIT
/*
 * Symbols of a stripped file that were kept in another one: distributions install them by build id
 * below /usr/lib/debug (GDB's manual, "Separate Debug Files").
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "user/binary.h"
#include "user/symbols.h"

#define MAX_ID 64 /* bytes; those of linkers have 20 at most */

bool skep_image_debug_path(const struct skep_image *image, const char *root, char out[PATH_MAX])
{
	const uint8_t *id;
	size_t len = skep_image_build_id(image, &id);
	int at;

	if (len < 2 || len > MAX_ID)
		return false;
	at = snprintf(out, PATH_MAX, "%s/.build-id/%02x/", root, id[0]);
	for (size_t i = 1; i < len && at < PATH_MAX; i++)
		at += snprintf(out + at, (size_t)(PATH_MAX - at), "%02x", id[i]);
	return at < PATH_MAX &&
	       snprintf(out + at, (size_t)(PATH_MAX - at), ".debug") < PATH_MAX - at;
}

static bool same_build(const struct skep_image *a, const struct skep_image *b)
{
	const uint8_t *x, *y;
	size_t n = skep_image_build_id(a, &x);

	return n && n == skep_image_build_id(b, &y) && !memcmp(x, y, n);
}

/* -ENOENT also when there is no such file. */
static int find_in_debug(const struct skep_binary *binary, const char *root, const char *name,
			 uint64_t *addr, struct skep_error *err)
{
	SKEP_SCOPED(skep_scoped_free) struct skep_binary *debug = NULL;
	char path[PATH_MAX];
	int ret = -ENOENT;

	if (!skep_image_debug_path(&binary->image, root, path))
		return ret;
	debug = calloc(1, sizeof(*debug));
	if (!debug)
		return skep_error_nomem(err, SKEP_STAGE_ATTACH);
	if (skep_binary_open(debug, path, 0, NULL))
		return ret;
	/* It has the addresses of the file that it was made from. */
	if (same_build(&binary->image, &debug->image))
		ret = skep_image_function(&debug->image, name, addr, err);
	skep_binary_close(debug);
	return ret;
}

int skep_binary_function(const struct skep_binary *binary, const char *root, const char *name,
			 uint64_t *addr, struct skep_error *err)
{
	struct skep_error first = { 0 };
	int ret = skep_image_function(&binary->image, name, addr, &first);

	if (!ret)
		return 0;
	if (ret == -ENOENT && find_in_debug(binary, root, name, addr, NULL) == 0)
		return 0;
	if (err)
		*err = first;
	return ret;
}
