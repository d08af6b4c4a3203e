// SPDX-License-Identifier: MIT
/* Packing, which zlib does; unpacking is lib/base/zlib.c. */
#include "package/deflate.h"

#include <errno.h>
#ifdef SKEP_HAS_ZLIB
#include <zlib.h>
#endif

#include "base/error.h"

#ifdef SKEP_HAS_ZLIB
int skep_deflate(const void *data, size_t len, struct skep_text *out, struct skep_error *err)
{
	uLongf room = compressBound(len);

	if (!skep_text_room(out, room) ||
	    compress2((Bytef *)out->data + out->len, &room, data, len, Z_BEST_COMPRESSION) != Z_OK)
		return skep_error_nomem(err, SKEP_STAGE_DELIVER);
	out->len += room;
	return 0;
}
#else
int skep_deflate(const void *data, size_t len, struct skep_text *out, struct skep_error *err)
{
	(void)data;
	(void)len;
	(void)out;
	skep_error_set(err, SKEP_STAGE_DELIVER, ENOTSUP,
		       "skep was built without zlib, which this format needs");
	skep_error_add_hint(err, "install zlib1g-dev and build skep again; .skep needs none");
	return -ENOTSUP;
}
#endif
