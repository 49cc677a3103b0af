/* SPDX-License-Identifier: Apache-2.0 */
/* hostnames - see hostnames.h */
#include "runner/hostnames.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/companion.h"
#include <string.h>

#define DEADLINE_MS 10000
#define ANSWER_MAX  (256U << 10) /* bytes */

/* What every script may rely on; the host's own file stays out of sight. */
static const char loopback[] = "127.0.0.1 localhost\n"
			       "::1 localhost ip6-localhost ip6-loopback\n";

bool hostnames_are_wanted(const struct policy *policy)
{
	bool lists = policy->network.mode == NETWORK_ALLOWLIST;
	bool blocks = policy->network.mode == NETWORK_UNRESTRICTED &&
		      policy->network.deny_link_local_and_metadata;

	return policy->enabled && policy->network.names.count > 0 &&
	       ((lists && policy->network.allow_count > 0) || blocks);
}

static bool is_asked(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->network.names.count; i++)
		if (str_equal(policy->network.names.items[i], name))
			return true;
	return false;
}

/* "ADDRESS NAME": one address, of a name that was asked for. */
static int read_row(const struct policy *policy, char *line, struct arena *arena,
		    struct hostname *row, struct err *err)
{
	char *space = strchr(line, ' ');
	struct err ignored = { 0 };

	if (line[0] == '!')
		return err_set(err, ERR_SYSTEM, "network", "cannot resolve %s",
			       line + (line[1] == ' ' ? 2 : 1));
	if (space)
		*space = '\0';
	if (!space || strpbrk(line, "/ ") || !is_asked(policy, space + 1) ||
	    parse_net_rule(line, &row->address, &ignored) < 0)
		return err_set(err, ERR_SYSTEM, "network",
			       "confine-names gave an answer that is none");
	row->text = arena_strdup(arena, line);
	row->name = arena_strdup(arena, space + 1);
	return 0;
}

static bool has_row(const struct hostnames *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_equal(names->rows[i].name, name))
			return true;
	return false;
}

static int read_rows(const struct policy *policy, char *answer, struct arena *arena,
		     struct hostnames *names, struct err *err)
{
	char *rest = answer, *line;

	while ((line = strsep(&rest, "\n")) != NULL)
		if (*line &&
		    read_row(policy, line, arena, &names->rows[names->count++], err) < 0)
			return -1;
	for (size_t i = 0; i < policy->network.names.count; i++)
		if (!has_row(names, policy->network.names.items[i]))
			return err_set(err, ERR_SYSTEM, "network",
				       "cannot resolve %s: no answer",
				       policy->network.names.items[i]);
	return 0;
}

int hostnames_read(const struct policy *policy, const char *answer, struct arena *arena,
		   struct hostnames *ret, struct err *err)
{
	owned_str struct str hosts = { 0 };
	struct hostnames names = { 0 };
	size_t lines = 1;

	for (const char *at = answer; *at; at++)
		lines += *at == '\n';
	names.rows = arena_array(arena, lines, sizeof(*names.rows));
	if (read_rows(policy, arena_strdup(arena, answer), arena, &names, err) < 0)
		return -1;
	str_add(&hosts, loopback);
	for (size_t i = 0; i < names.count; i++)
		str_addf(&hosts, "%s %s\n", names.rows[i].text, names.rows[i].name);
	names.hosts = arena_strdup(arena, str_text(&hosts));
	names.length = hosts.length;
	*ret = names;
	return 0;
}

int hostnames_resolve(const struct policy *policy, struct arena *arena,
		      struct hostnames *ret, struct err *err)
{
	size_t count = policy->network.names.count;
	const char **argv = arena_array(arena, count + 2, sizeof(*argv));
	owned_str struct str answer = { 0 };

	argv[0] = "confine-names";
	for (size_t i = 0; i < count; i++)
		argv[i + 1] = policy->network.names.items[i];
	if (companion_read("network", argv, ANSWER_MAX, DEADLINE_MS, &answer, err) < 0)
		return -1;
	return hostnames_read(policy, str_text(&answer), arena, ret, err);
}
