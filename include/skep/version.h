/* SPDX-License-Identifier: MIT */
/* skep/version.h - the version of libskep. */
#ifndef SKEP_VERSION_H
#define SKEP_VERSION_H

#define SKEP_VERSION_MAJOR 0
#define SKEP_VERSION_MINOR 1
#define SKEP_VERSION_PATCH 0
#define SKEP_VERSION	   "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that is running, which may differ from SKEP_VERSION. */
const char *skep_version(void);

#ifdef __cplusplus
}
#endif

#endif
