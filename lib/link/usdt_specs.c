// SPDX-License-Identifier: MIT
/*
 * The maps that tell a program where a probe's arguments are. Their layouts are those of libbpf's
 * usdt.bpf.h: one up to 1.6, which skep/bpf/usdt.h extends by indexed memory, and one since 1.7
 * whose arguments are 24 bytes long. The value's size tells which it is.
 *
 * A spec is shared by all places, of any link, that have the same. How many use it stands in the
 * padding at the value's end, which no program reads: so it is known without memory of its own,
 * and links may be closed after their object.
 */
#include "link/usdt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/bpf.h"
#include "load/object.h"

#define SPECS	   "__bpf_usdt_specs"
#define ADDRESSES  "__bpf_usdt_ip_to_spec_id"
#define UNREADABLE 0xff /* no kind that programs know: they return -EINVAL */
#define MAX_SPEC   sizeof(struct long_spec)

struct short_spec {
	struct {
		uint64_t value;
		uint32_t how; /* kind, from bit 8 the index, from bit 24 the scale */
		uint16_t reg;
		uint8_t is_signed, unused_bits;
	} args[SKEP_USDT_MAX_ARGS];
	uint64_t cookie;
	uint16_t n_args;
	uint8_t padding[2];
	uint32_t users;
};

/* What libbpf 1.7 declares as bitfields: index and scale share 16 bits. */
struct long_spec {
	struct {
		uint64_t value;
		uint8_t first, pad1; /* the kind in little-endian order */
		uint16_t index_scale;
		uint8_t second, pad2; /* the kind in big-endian order */
		uint16_t reg;
		uint8_t is_signed, unused_bits, pad3[6];
	} args[SKEP_USDT_MAX_ARGS];
	uint64_t cookie;
	uint16_t n_args;
	uint8_t padding[2];
	uint32_t users;
};

_Static_assert(sizeof(struct short_spec) == 208, "usdt.bpf.h");
_Static_assert(sizeof(struct long_spec) == 304, "usdt.bpf.h since libbpf 1.7");

static uint8_t kind_of(const struct skep_usdt_arg *arg)
{
	return arg->kind > SKEP_USDT_INDEXED ? UNREADABLE : (uint8_t)arg->kind;
}

static uint8_t unused_bits(const struct skep_usdt_arg *arg)
{
	return (uint8_t)(64 - 8 * arg->size);
}

static void write_short(struct short_spec *spec, const struct skep_usdt_place *place,
			uint64_t cookie)
{
	for (int i = 0; i < place->n_args; i++) {
		const struct skep_usdt_arg *arg = &place->args[i];

		spec->args[i].value = (uint64_t)arg->value;
		spec->args[i].how =
			kind_of(arg) | (uint32_t)arg->index << 8 | (uint32_t)arg->scale << 24;
		spec->args[i].reg = arg->reg;
		spec->args[i].is_signed = arg->is_signed;
		spec->args[i].unused_bits = unused_bits(arg);
	}
	spec->cookie = cookie;
	spec->n_args = (uint16_t)place->n_args;
}

static void write_long(struct long_spec *spec, const struct skep_usdt_place *place, uint64_t cookie)
{
	const bool is_little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

	for (int i = 0; i < place->n_args; i++) {
		const struct skep_usdt_arg *arg = &place->args[i];

		spec->args[i].value = (uint64_t)arg->value;
		*(is_little ? &spec->args[i].first : &spec->args[i].second) = kind_of(arg);
		spec->args[i].index_scale = (uint16_t)(is_little ? arg->index | arg->scale << 12 :
								   arg->index << 4 | arg->scale);
		spec->args[i].reg = arg->reg;
		spec->args[i].is_signed = arg->is_signed;
		spec->args[i].unused_bits = unused_bits(arg);
	}
	spec->cookie = cookie;
	spec->n_args = (uint16_t)place->n_args;
}

static uint32_t *users_of(const struct skep_usdt_state *state, uint8_t *value)
{
	return (uint32_t *)(void *)(value + state->value_size - sizeof(uint32_t));
}

/* One of the object's maps; an own fd of it, as the object may be closed first. */
static int dup_map(const struct skep_map *map)
{
	int fd = map ? skep_map_fd(map) : -1;

	return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

int skep_usdt_open_maps(struct skep_usdt_state *state, const struct skep_program *program,
			struct skep_error *err)
{
	const struct skep_object *object = program->object;
	const struct skep_map *specs = skep_object_map(object, SPECS);

	state->specs = dup_map(specs);
	state->addresses = dup_map(skep_object_map(object, ADDRESSES));
	if (state->specs < 0) {
		skep_error_set(err, SKEP_STAGE_ATTACH, ENOENT,
			       "its object has no map '" SPECS "', which tells a program of a "
			       "static probe where the arguments are");
		skep_error_add_hint(err, "include <skep/bpf/usdt.h> and use one of its functions");
		return -ENOENT;
	}
	state->value_size = skep_map_value_size(specs);
	if (skep_map_key_size(specs) == 4 && (state->value_size == sizeof(struct short_spec) ||
					      state->value_size == sizeof(struct long_spec)))
		return 0;
	return skep_error_set(err, SKEP_STAGE_ATTACH, ENOTSUP,
			      "its map '" SPECS "' has a layout that skep does not know (%u bytes "
			      "each)",
			      state->value_size);
}

static int remember(struct skep_usdt_state *state, uint32_t id)
{
	uint32_t *ids = realloc(state->ids, (state->n_ids + 1) * sizeof(*ids));

	if (!ids)
		return -ENOMEM;
	state->ids = ids;
	ids[state->n_ids++] = id;
	return 0;
}

/* The id of the same spec, or else of a free one. -ENOSPC, or the errno of a look-up. */
static int64_t find_spec(struct skep_usdt_state *state, const uint8_t *wanted, uint8_t *value)
{
	int64_t unused = -ENOSPC;

	for (uint32_t id = 0;; id++) {
		int ret = skep_bpf_map_lookup(state->specs, &id, value, 0);

		if (ret)
			return ret == -ENOENT ? unused : ret;
		if (!*users_of(state, value)) {
			if (unused < 0)
				unused = id;
		} else if (!memcmp(value, wanted, state->value_size - sizeof(uint32_t))) {
			return id;
		}
	}
}

static int64_t put_spec(struct skep_usdt_state *state, uint8_t *wanted)
{
	_Alignas(8) uint8_t value[MAX_SPEC];
	int64_t found = find_spec(state, wanted, value);
	uint32_t id = (uint32_t)found;
	int ret;

	if (found < 0)
		return found;
	ret = skep_bpf_map_lookup(state->specs, &id, value, 0);
	if (ret)
		return ret;
	*users_of(state, wanted) = *users_of(state, value) + 1;
	if (remember(state, id))
		return -ENOMEM;
	ret = skep_bpf_map_update(state->specs, &id, wanted, 0);
	if (!ret)
		return id;
	state->n_ids--;
	return ret;
}

int64_t skep_usdt_put_spec(struct skep_usdt_state *state, const struct skep_usdt_place *place,
			   uint64_t cookie, struct skep_error *err)
{
	_Alignas(8) uint8_t wanted[MAX_SPEC] = { 0 };
	int64_t ret;

	if (state->value_size == sizeof(struct short_spec))
		write_short((struct short_spec *)(void *)wanted, place, cookie);
	else
		write_long((struct long_spec *)(void *)wanted, place, cookie);
	ret = put_spec(state, wanted);
	if (ret >= 0)
		return ret;
	if (ret != -ENOSPC)
		return skep_error_set_errno(err, SKEP_STAGE_ATTACH, (int)ret,
					    "cannot write to its map '" SPECS "'");
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOSPC,
		       "its map '" SPECS "' has no room for one more list of arguments");
	skep_error_add_hint(err, "define BPF_USDT_MAX_SPEC_CNT before including "
				 "<skep/bpf/usdt.h>, or make the map larger before loading");
	return ret;
}

int skep_usdt_put_address(struct skep_usdt_state *state, uint64_t ip, uint32_t id,
			  struct skep_error *err)
{
	uint64_t *ips = realloc(state->ips, (state->n_ips + 1) * sizeof(*ips));
	int ret;

	if (!ips)
		return skep_error_nomem(err, SKEP_STAGE_ATTACH);
	state->ips = ips;
	ret = skep_bpf_map_update(state->addresses, &ip, &id, 0);
	if (!ret) {
		ips[state->n_ips++] = ip;
		return 0;
	}
	if (ret != -E2BIG)
		return skep_error_set_errno(err, SKEP_STAGE_ATTACH, ret,
					    "cannot write to its map '" ADDRESSES "'");
	skep_error_set(err, SKEP_STAGE_ATTACH, ENOSPC,
		       "its map '" ADDRESSES "' has no room for one more place");
	skep_error_add_hint(err, "define BPF_USDT_MAX_IP_CNT before including <skep/bpf/usdt.h>");
	return -ENOSPC;
}

static void drop_spec(struct skep_usdt_state *state, uint32_t id)
{
	_Alignas(8) uint8_t value[MAX_SPEC];

	if (skep_bpf_map_lookup(state->specs, &id, value, 0) || !*users_of(state, value))
		return;
	if (!--*users_of(state, value))
		memset(value, 0, sizeof(value));
	skep_bpf_map_update(state->specs, &id, value, 0);
}

void skep_usdt_close_maps(struct skep_usdt_state *state, bool take_out)
{
	for (size_t i = 0; take_out && i < state->n_ips; i++)
		skep_bpf_map_delete(state->addresses, &state->ips[i]);
	for (size_t i = 0; take_out && i < state->n_ids; i++)
		drop_spec(state, state->ids[i]);
	if (state->specs >= 0)
		close(state->specs);
	if (state->addresses >= 0)
		close(state->addresses);
	free(state->ids);
	free(state->ips);
	state->ids = NULL;
	state->ips = NULL;
	state->n_ids = state->n_ips = 0;
	state->specs = state->addresses = -1;
}
