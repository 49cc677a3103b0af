/* SPDX-License-Identifier: Apache-2.0 */
/* confine-attack VERB ARGUMENT…: finds the verb in the tables and runs it. */
#include "probes/attack/attack.h"
#include <stdio.h>
#include <string.h>

static const struct verb *const subjects[] = {
	alive_verbs,     memory_verbs,    task_verbs,   file_verbs,    quota_verbs,
	mount_verbs,     net_verbs,       web_verbs,    raw_verbs,     uring_verbs,
	ipc_verbs,       privilege_verbs, output_verbs, process_verbs, descriptor_verbs,
	selfcheck_verbs, call_verbs,      way_verbs,    rule_verbs,    launcher_verbs,
	leaving_verbs,   host_verbs,      exact_verbs,  refused_verbs, right_verbs,
};

static const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		for (const struct verb *verb = subjects[i]; verb->name; verb++)
			if (strcmp(verb->name, name) == 0)
				return verb;
	return NULL;
}

static int list_verbs(void)
{
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		for (const struct verb *verb = subjects[i]; verb->name; verb++)
			printf("%s %s\n", verb->name, verb->usage);
	return 0;
}

int main(int argc, char **argv)
{
	const struct verb *verb;

	if (argc == 2 && strcmp(argv[1], "--list") == 0)
		return list_verbs();
	if (argc > 4 && strcmp(argv[1], "--say") == 0) {
		say_to(argv[2], argv[3]);
		argv += 3;
		argc -= 3;
	}
	verb = argc > 1 ? verb_find(argv[1]) : NULL;
	if (!verb) {
		fprintf(stderr, "usage: confine-attack [--say NONCE FILE] VERB "
				"ARGUMENT... | --list\n");
		return 2;
	}
	if (argc - 2 < verb->least || argc - 2 > verb->most) {
		fprintf(stderr, "usage: confine-attack %s %s\n", verb->name, verb->usage);
		return 2;
	}
	return verb->run(argv + 2);
}
