// SPDX-License-Identifier: MIT
#include "package/package.h"

void skep_package_clear(struct skep_package *package)
{
	skep_vec_for_each(&package->maps, map)
		skep_vec_free(&map->members);
	skep_vec_for_each(&package->blobs, blob)
		free(*blob);
	skep_vec_free(&package->blobs);
	skep_vec_for_each(&package->exports, export)
		skep_vec_free(&export->members);
	skep_vec_free(&package->objects);
	skep_vec_free(&package->btfs);
	skep_vec_free(&package->options);
	skep_vec_free(&package->maps);
	skep_vec_free(&package->programs);
	skep_vec_free(&package->exports);
	skep_vec_free(&package->annotations);
	skep_vec_free(&package->features);
	skep_arena_free(&package->arena);
	*package = (struct skep_package){ 0 };
}
