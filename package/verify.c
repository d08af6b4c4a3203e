// SPDX-License-Identifier: MIT
/* What a package says, held against its object. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/error.h"
#include "package/read.h"

struct check {
	struct skep_package *package;
	const struct skep_spec *spec;
	struct skep_error *err;
};

__attribute__((format(printf, 3, 4))) static int wrong(const struct check *c, const char *subject,
						       const char *fmt, ...)
{
	char what[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	skep_error_set(c->err, SKEP_STAGE_READ, EINVAL, "%s", what);
	skep_error_add_subject(c->err, "%s", subject);
	skep_error_add_hint(c->err, "the package and its object do not belong together: build it "
				    "again");
	return -EINVAL;
}

static int check_option(const struct check *c, const struct skep_package_option *option)
{
	const struct skep_global_spec *global = skep_spec_global(c->spec, option->variable);
	char subject[160];
	const char *section;

	snprintf(subject, sizeof(subject), "variable '%s'", option->variable);
	if (!global)
		return wrong(c, subject, "the object has no such variable");
	section = c->spec->maps[global->map]->name;
	if (option->section && strcmp(option->section, section))
		return wrong(c, subject, "it is in section %s of the object, not in %s", section,
			     option->section);
	return 0;
}

static int check_type(const struct check *c, const char *subject, uint32_t id)
{
	if (!c->spec->btf)
		return wrong(c, subject, "the object has no BTF, in which type %u would be", id);
	if (!skep_btf_type(c->spec->btf, id))
		return wrong(c, subject, "the object has no type %u", id);
	if (skep_btf_sizeof(c->spec->btf, id) <= 0)
		return wrong(c, subject, "type %u of the object ('%s') has no size", id,
			     skep_btf_name(c->spec->btf, id));
	return 0;
}

static int check_members(const struct check *c, const char *subject,
			 const struct skep_package_map *map)
{
	uint64_t end = 0;

	skep_vec_for_each(&map->members, member) {
		int ret = check_type(c, subject, member->type_id);

		if (ret)
			return ret;
		if (member->offset < end)
			return wrong(c, subject, "member '%s' at %u overlaps the one before it",
				     member->name, member->offset);
		end = member->offset + (uint64_t)skep_btf_sizeof(c->spec->btf, member->type_id);
		if (end > 1 << 20)
			return wrong(c, subject, "its records would have more than 1 MiB");
	}
	return 0;
}

static int check_map(const struct check *c, const struct skep_package_map *map)
{
	char subject[160];

	snprintf(subject, sizeof(subject), "map '%s'", map->name);
	if (!skep_spec_map(c->spec, map->name))
		return wrong(c, subject, "the object has no such map");
	if (map->export_kind == SKEP_EXPORT_TYPE)
		return check_type(c, subject, map->type_id);
	return map->export_kind == SKEP_EXPORT_MEMBERS ? check_members(c, subject, map) : 0;
}

static int check_program(const struct check *c, const struct skep_package_program *program)
{
	const struct skep_program_spec *spec = skep_spec_program(c->spec, program->name);
	char subject[160];

	snprintf(subject, sizeof(subject), "program '%s'", program->name);
	if (!spec)
		return wrong(c, subject, "the object has no such program");
	if (program->section && strcmp(program->section, spec->section))
		return wrong(c, subject, "it is in section '%s' of the object, not in '%s'",
			     spec->section, program->section);
	return 0;
}

static uint32_t find_struct(const struct skep_btf *btf, const char *name)
{
	uint32_t id = skep_btf_find(btf, name, BTF_KIND_STRUCT);

	return id ? id : skep_btf_find(btf, name, BTF_KIND_UNION);
}

static int check_member_names(const struct check *c, const char *subject,
			      const struct skep_package_export *export)
{
	const struct skep_btf *btf = c->spec->btf;
	const struct btf_type *type = skep_btf_type(btf, skep_btf_resolve(btf, export->type_id));
	const struct btf_member *m = skep_btf_members(type);

	if (!export->members.len)
		return 0;
	if (export->members.len != skep_btf_vlen(type))
		return wrong(c, subject, "it has %zu members here, and %u in the object",
			     export->members.len, skep_btf_vlen(type));
	skep_vec_for_each(&export->members, pair) {
		const char *name = skep_btf_string(btf, m++->name_off);

		if (strcmp(pair->key, name ? name : ""))
			return wrong(c, subject, "member '%s' is called '%s' in the object",
				     pair->key, name ? name : "");
	}
	return 0;
}

static int check_export(const struct check *c, struct skep_package_export *export)
{
	const struct btf_type *type;
	char subject[160];
	int64_t size;
	int ret;

	snprintf(subject, sizeof(subject), "export type '%s'", export->name);
	/* Objects of several machines number their types in different ways. */
	if (c->spec->btf && (!export->type_id || c->package->objects.len > 1)) {
		export->type_id = find_struct(c->spec->btf, export->name);
		if (!export->type_id)
			return wrong(c, subject, "the object has no such struct");
	}
	ret = check_type(c, subject, export->type_id);
	if (ret)
		return ret;
	type = skep_btf_type(c->spec->btf, skep_btf_resolve(c->spec->btf, export->type_id));
	if (!type ||
	    (skep_btf_kind(type) != BTF_KIND_STRUCT && skep_btf_kind(type) != BTF_KIND_UNION))
		return wrong(c, subject, "type %u of the object is no struct", export->type_id);
	if (strcmp(skep_btf_name(c->spec->btf, export->type_id), export->name))
		return wrong(c, subject, "type %u of the object is called '%s'", export->type_id,
			     skep_btf_name(c->spec->btf, export->type_id));
	size = skep_btf_sizeof(c->spec->btf, export->type_id);
	if (export->size && export->size != (uint64_t)size)
		return wrong(c, subject, "it has %u bytes here, and %lld in the object",
			     export->size, (long long)size);
	return check_member_names(c, subject, export);
}

int skep_package_verify(struct skep_package *package, const struct skep_spec *spec,
			struct skep_error *err)
{
	const struct check c = { package, spec, err };
	int ret = 0;

	skep_vec_for_each(&package->options, option)
		ret = ret ?: check_option(&c, option);
	skep_vec_for_each(&package->maps, map)
		ret = ret ?: check_map(&c, map);
	skep_vec_for_each(&package->programs, program)
		ret = ret ?: check_program(&c, program);
	skep_vec_for_each(&package->exports, export)
		ret = ret ?: check_export(&c, export);
	if (ret)
		skep_error_add_object(err, "%s", package->name);
	return ret;
}
