/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * confine-egress - puts packet filter rules into the network namespace that it was started in
 *
 * A part of `confine run`, and useless without it: started by the supervisor with CAP_NET_ADMIN
 * over the namespace of one run and nothing else, before there is a script in it. One socket is
 * its standard input and output. Orders, one a line:
 *
 *	rules			what follows, until a line ".", is loaded as a whole; answer: loaded
 *	address NAME IPV6/N	an address and
 *	gateway NAME IPV6	a default route that an uplink does not set up by itself
 *	report			answer: address NAME ADDRESS/N …, rule LINE …, end
 *
 * or at any time `error TEXT`, which ends it with status 1. It lives at most DEADLINE_S.
 */
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/parse.h"
#include "runner/base/str.h"
#include "runner/egress/filter.h"
#include "runner/egress/link.h"
#include "runner/egress/words.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define DEADLINE_S 20
#define LINE_MAX_  256
#define RULES_MAX  (1U << 20) /* bytes */

/* A line without its newline; false at the end of the input, and when it is too long. */
static bool read_line(char line[LINE_MAX_])
{
	size_t length;

	if (!fgets(line, LINE_MAX_, stdin))
		return false;
	length = strlen(line);
	if (length == 0 || line[length - 1] != '\n')
		return false;
	line[length - 1] = '\0';
	return true;
}

static int do_rules(const char *unused, struct err *err)
{
	owned_str struct str rules = { 0 };
	char line[LINE_MAX_], bad[WORD_MAX];

	(void)unused;
	for (;;) {
		if (!read_line(line) || rules.length > RULES_MAX)
			return err_set(
				err, ERR_POLICY, "network",
				"the rules have no end, or a line that is too long");
		if (strcmp(line, ".") == 0)
			break;
		str_addf(&rules, "%s\n", line);
	}
	if (!words_are_rules(str_text(&rules), rules.length, bad))
		return err_set(err, ERR_POLICY, "network", "\"%s\" is no word of a rule",
			       bad);
	if (filter_load(str_text(&rules), err) < 0)
		return -1;
	puts("loaded");
	return 0;
}

static int do_address(const char *words, struct err *err)
{
	char name[32], address[64], digits[8];
	uint64_t prefix;

	if (sscanf(words, "%31s %63[0-9a-f:]/%7s", name, address, digits) != 3 ||
	    parse_u64(digits, 0, 128, &prefix, err) < 0)
		return err_set(err, ERR_POLICY, "network", "address NAME IPV6/N");
	return link_add_address(name, address, (unsigned int)prefix, err);
}

static int do_gateway(const char *words, struct err *err)
{
	char name[32], address[64];

	if (sscanf(words, "%31s %63s", name, address) != 2)
		return err_set(err, ERR_POLICY, "network", "gateway NAME IPV6");
	return link_add_gateway(name, address, err);
}

/* Every line of the listing that says something, without what it is indented by. */
static void print_rules(const char *listing)
{
	for (const char *line = listing; *line; line += strcspn(line, "\n")) {
		line += strspn(line, " \t\n");
		if (*line)
			printf("rule %.*s\n", (int)strcspn(line, "\n"), line);
	}
}

static int do_report(const char *unused, struct err *err)
{
	owned_str struct str addresses = { 0 }, rules = { 0 };

	(void)unused;
	if (link_list(&addresses, err) < 0 || filter_list(&rules, err) < 0)
		return -1;
	fputs(str_text(&addresses), stdout);
	print_rules(str_text(&rules));
	puts("end");
	return 0;
}

static const struct {
	const char *word;
	int (*run)(const char *words, struct err *err);
} orders[] = {
	{ "rules", do_rules },
	{ "address ", do_address },
	{ "gateway ", do_gateway },
	{ "report", do_report },
};

static int obey(const char *line, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++)
		if (str_has_prefix(line, orders[i].word))
			return orders[i].run(line + strlen(orders[i].word), err);
	return err_set(err, ERR_POLICY, "network", "unknown order");
}

int main(int argc, char **argv)
{
	char line[LINE_MAX_];
	struct err err = { 0 };

	(void)argv;
	if (fd_guard_stdio() < 0)
		return 70;
	if (argc != 1) {
		fputs("confine-egress: a part of `confine run`; takes no arguments\n",
		      stderr);
		return 2;
	}
	(void)signal(SIGPIPE, SIG_DFL);
	(void)alarm(DEADLINE_S);
	while (read_line(line)) {
		if (obey(line, &err) < 0) {
			printf("error %s\n", err.msg);
			return 1;
		}
		(void)fflush(stdout);
	}
	return 0;
}
