/* SPDX-License-Identifier: Apache-2.0 */
/* filter_custom - the filter of a policy that changes single calls, by confine-filter */
#include "runner/base/arena.h"
#include "runner/base/own.h"
#include "runner/companion.h"
#include "runner/filter.h"
#include <string.h>

#define DEADLINE_MS 5000

static void add_all(const char **argv, size_t *count, const char *option,
		    const char *const *names)
{
	for (; names && *names; names++) {
		argv[(*count)++] = option;
		argv[(*count)++] = *names;
	}
}

static size_t length_of(const char *const *names)
{
	size_t count = 0;

	while (names && names[count])
		count++;
	return count;
}

int filter_custom(enum filter_profile profile, const char *const *allowed,
		  const char *const *refused, struct arena *arena,
		  struct filter_program *ret, struct err *err)
{
	size_t names = length_of(allowed) + length_of(refused), count = 0;
	const char **argv = arena_array(arena, 2 * names + 4, sizeof(*argv));
	owned_str struct str output = { 0 };
	struct sock_filter *code;

	argv[count++] = "confine-filter";
	argv[count++] = "--profile";
	argv[count++] = filter_programs[profile].name;
	add_all(argv, &count, "--allow", allowed);
	add_all(argv, &count, "--refuse", refused);
	if (companion_read("syscalls", argv, BPF_MAXINSNS * sizeof(*code), DEADLINE_MS,
			   &output, err) < 0)
		return -1;
	if (!output.length || output.length % sizeof(*code))
		return err_set(err, ERR_SYSTEM, "syscalls",
			       "confine-filter wrote no filter");
	code = arena_alloc(arena, output.length);
	memcpy(code, output.text, output.length);
	*ret = (struct filter_program){
		.name = filter_programs[profile].name,
		.code = code,
		.count = (unsigned short)(output.length / sizeof(*code)),
	};
	ret->digest = filter_digest(code, ret->count);
	return 0;
}
