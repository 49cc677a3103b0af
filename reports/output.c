/* SPDX-License-Identifier: Apache-2.0 */
/* output - see output.h. */
#include "reports/output.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int write_stdout(const struct str *text, struct err *err)
{
	if (fd_write_all(STDOUT_FILENO, str_text(text), text->length) < 0)
		return err_sys(err, "report", "cannot write to standard output");
	return 0;
}

static int write_special(const char *path, const struct str *text, struct err *err)
{
	owned_fd int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return err_sys(err, "report", "cannot open %s", path);
	if (fd_write_all(fd, str_text(text), text->length) < 0)
		return err_sys(err, "report", "cannot write %s", path);
	return 0;
}

int output_write(const char *path, const struct str *text, struct err *err)
{
	struct stat found;

	if (strcmp(path, "-") == 0)
		return write_stdout(text, err);
	if (stat(path, &found) == 0 && !S_ISREG(found.st_mode))
		return write_special(path, text, err);
	return fd_replace_file(path, str_text(text), text->length, err);
}

bool output_is_input(const char *output, const char *input)
{
	struct stat to, from;

	return strcmp(output, "-") != 0 && strcmp(input, "-") != 0 &&
	       stat(output, &to) == 0 && stat(input, &from) == 0 && S_ISREG(to.st_mode) &&
	       to.st_dev == from.st_dev && to.st_ino == from.st_ino;
}

/* https://no-color.org: any value that is not empty. */
bool output_wants_colour(const char *output)
{
	const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return strcmp(output, "-") == 0 && isatty(STDOUT_FILENO) && !(no && no[0]) &&
	       terminal && strcmp(terminal, "dumb") != 0;
}
