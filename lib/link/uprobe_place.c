// SPDX-License-Identifier: MIT
/* Which byte of a file a user means, and whether it can be probed at all. */
#include <string.h>

#include "base/error.h"
#include "link/uprobe.h"
#include "user/symbols.h"
#include "user/usdt.h"

static int no_code_here(const struct skep_binary *binary, uint64_t offset, struct skep_error *err)
{
	uint64_t meant;

	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
		       "at offset 0x%llx '%s' has nothing that is run", (unsigned long long)offset,
		       binary->label);
	if (skep_image_offset(&binary->image, offset, PF_X, &meant))
		skep_error_add_hint(err,
				    "as an address it is code: its offset in the file is "
				    "0x%llx",
				    (unsigned long long)meant);
	else
		skep_error_add_hint(err,
				    "readelf -lW '%s' lists the file's segments: those with "
				    "E are run",
				    binary->label);
	return -EINVAL;
}

static int by_offset(const struct skep_binary *binary, uint64_t offset, struct skep_error *err)
{
	uint64_t addr;

	if (!offset)
		return skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL,
				      "neither a function nor an offset in '%s' is given",
				      binary->label);
	if (skep_image_address(&binary->image, offset, PF_X, &addr))
		return 0;
	return no_code_here(binary, offset, err);
}

static int by_symbol(const struct skep_binary *binary, const char *symbol, uint64_t offset,
		     uint64_t *out, struct skep_error *err)
{
	uint64_t addr = 0;
	int ret = skep_binary_function(binary, SKEP_DEBUG_ROOT, symbol, &addr, err);

	if (ret)
		return ret;
	if (binary->image.machine == EM_ARM && addr & 1)
		return skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
				      "'%s' in '%s' is Thumb code, which kernels do not probe",
				      symbol, binary->label);
	if (skep_image_offset(&binary->image, addr + offset, PF_X, out))
		return 0;
	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL, "'%s' in '%s' is not in a part that is run",
		       symbol, binary->label);
	if (binary->image.type == ET_REL)
		skep_error_add_hint(err, "this is an object file: probe what was linked from it");
	else if (offset)
		skep_error_add_hint(err, "0x%llx bytes are too many", (unsigned long long)offset);
	return -EINVAL;
}

int skep_uprobe_place(const struct skep_binary *binary, const char *symbol, uint64_t offset,
		      uint64_t *out, struct skep_error *err)
{
	int ret;

	*out = offset;
	ret = symbol ? by_symbol(binary, symbol, offset, out, err) : by_offset(binary, offset, err);
	*out += binary->member;
	return ret;
}

int skep_uprobe_check_machine(const struct skep_binary *binary, struct skep_error *err)
{
	uint16_t machine = binary->image.machine, kernel = skep_usdt_kernel_machine();

	if (kernel == EM_NONE || skep_usdt_notation(machine, kernel))
		return 0;
	return skep_error_set(err, SKEP_STAGE_ATTACH, ENOEXEC,
			      "'%s' is for another kind of machine (ELF machine %u, not %u)",
			      binary->label, machine, kernel);
}

int skep_uprobe_check_pid(int pid, struct skep_error *err)
{
	if (pid >= 0)
		return 0;
	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL, "%d is no process", pid);
	skep_error_add_hint(err, "0 means every process");
	return -EINVAL;
}

const char *skep_uprobe_split(const char *target, const char *form, struct skep_error *err)
{
	const char *slash = strrchr(target, '/'), *colon = strchr(slash ? slash : target, ':');

	/* Names in the rest have no slash, so that the last one is in the path. */
	if (colon && colon > target && colon[1] && colon - target < PATH_MAX)
		return colon;
	skep_error_set(err, SKEP_STAGE_ATTACH, EINVAL, "'%.200s' does not name a place as %s",
		       target, form);
	return NULL;
}
