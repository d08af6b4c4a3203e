/* SPDX-License-Identifier: MIT */
/* Media types of a package's parts: docs/package-format.md. */
#ifndef SKEP_PACKAGE_MEDIA_H
#define SKEP_PACKAGE_MEDIA_H

#define SKEP_MEDIA_INDEX    "application/vnd.oci.image.index.v1+json"
#define SKEP_MEDIA_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define SKEP_MEDIA_PACKAGE  "application/vnd.skep.package.v1"
#define SKEP_MEDIA_CONFIG   "application/vnd.skep.package.config.v1+json"
#define SKEP_MEDIA_OBJECT   "application/vnd.skep.object.v1+elf"
#define SKEP_MEDIA_BTF	    "application/vnd.skep.btf.v1+tar"
#define SKEP_MEDIA_WASM	    "application/vnd.wasm.content.layer.v1+wasm"
#define SKEP_MEDIA_README   "text/markdown"

#endif
