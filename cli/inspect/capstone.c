// SPDX-License-Identifier: MIT
#include "cli/inspect/capstone.h"

#include <dlfcn.h>
#include <errno.h>

#include "base/error.h"

#define TEXT(x)	 TEXT_(x)
#define TEXT_(x) #x

int capstone_load(struct capstone *c, struct skep_error *err)
{
	/* Its name changes with its interface. */
	c->library = dlopen("libcapstone.so." TEXT(CS_API_MAJOR), RTLD_NOW | RTLD_LOCAL);
	if (c->library) {
		c->open = dlsym(c->library, "cs_open");
		c->close = dlsym(c->library, "cs_close");
		c->new_insn = dlsym(c->library, "cs_malloc");
		c->free_insn = dlsym(c->library, "cs_free");
		c->next = dlsym(c->library, "cs_disasm_iter");
		c->strerror = dlsym(c->library, "cs_strerror");
		if (c->open && c->close && c->new_insn && c->free_insn && c->next && c->strerror)
			return 0;
		dlclose(c->library);
	}
	skep_error_set(err, SKEP_STAGE_USAGE, ENOTSUP,
		       "libcapstone, which reads machine code, is not installed");
	skep_error_add_hint(err, "install libcapstone" TEXT(CS_API_MAJOR) "; --raw FILE writes the "
									  "bytes");
	return -ENOTSUP;
}

void capstone_unload(struct capstone *c)
{
	dlclose(c->library);
}
