// SPDX-License-Identifier: MIT
/* Any bytes as what names addresses: a file on disk, /proc/PID/maps and stat, a JIT's map. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "symbol/kernel.h"
#include "symbol/process.h"

static int file_of(const uint8_t *data, size_t len)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	FUZZ_ASSERT(fd >= 0 && write(fd, data, len) == (ssize_t)len);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* Whatever was read, an address is in what begins at it, or in nothing. */
static void look_up(const struct skep_names *names)
{
	for (size_t i = 0; i < names->list.len && i < 1000; i++) {
		uint64_t address = names->list.items[i].address;
		const struct skep_name *name = skep_names_find(names, address);

		FUZZ_ASSERT(!i || names->list.items[i - 1].address < address);
		FUZZ_ASSERT(name && name->address == address);
		FUZZ_ASSERT(strlen(skep_names_text(names, name)) < names->text.len);
		skep_names_find(names, address - 1);
		skep_names_find(names, address + names->list.items[i].size);
	}
}

static void read_file(const uint8_t *data, size_t len)
{
	const struct skep_debug_place debug = { "/nowhere", "" };
	int fd = file_of(data, len);
	struct skep_symbol_file *file = skep_symbol_file_read(fd, "/nowhere/input", &debug);
	uint64_t address;

	FUZZ_ASSERT(file);
	look_up(&file->names);
	skep_symbol_file_address(file, len / 2, &address);
	skep_symbol_file_free(file);
	close(fd);
	file = skep_symbol_file_of_bytes(data, len, "[vdso]");
	FUZZ_ASSERT(file);
	look_up(&file->names);
	skep_symbol_file_free(file);
}

static void read_texts(const uint8_t *data, size_t len)
{
	struct skep_process process = { .pid = 0 };
	struct skep_kernel_names kernel = { 0 };
	struct skep_process_identity identity;
	struct skep_names names = { 0 };
	char text[512];
	int fd = file_of(data, len);

	skep_process_read_maps(&process, fd);
	for (size_t i = 0; i < process.areas.len; i++)
		FUZZ_ASSERT(skep_process_area(&process, process.areas.items[i].start) ==
			    &process.areas.items[i]);
	skep_vec_free(&process.areas);
	skep_text_free(&process.paths);
	lseek(fd, 0, SEEK_SET);
	skep_perf_map_read(&names, fd);
	skep_names_finish(&names);
	look_up(&names);
	skep_names_free(&names);
	lseek(fd, 0, SEEK_SET);
	if (!skep_kernel_names_read(&kernel, fd, NULL))
		look_up(&kernel.names);
	skep_kernel_names_free(&kernel);
	close(fd);
	len = len < sizeof(text) - 1 ? len : sizeof(text) - 1;
	memcpy(text, data, len);
	text[len] = '\0';
	skep_process_parse_stat(text, &identity);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	read_file(data, len);
	read_texts(data, len);
	return 0;
}
