/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conclude - reads what a supervisor has left: words of confine-message/1 and the receipt, one JSON
 * document a line, and what was captured
 */
#include "runner/base/arena.h"
#include "runner/base/own.h"
#include "runner/library/guard.h"
#include "runner/library/run.h"
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define ANSWER_MAX (64U << 20) /* bytes */

/* In the order of enum confine_outcome. */
static const char *const outcomes[] = {
	"",         "exited",         "signaled",  "timeout",     "limit",
	"refused",  "cannot-execute", "not-found", "interrupted", "failed",
	"no-result"
};

static const struct {
	const char *word;
	enum confine_code code;
} codes[] = {
	{ "policy", CONFINE_ERROR_POLICY },
	{ "unsupported", CONFINE_ERROR_UNSUPPORTED },
	{ "system", CONFINE_ERROR_SYSTEM },
	{ "internal", CONFINE_ERROR_INTERNAL },
};

/* --- files --- */

struct reading {
	int fd;
	size_t length;
	char *made;
};

static int read_whole(void *argument, struct err *err)
{
	struct reading *reading = argument;
	size_t done = 0;
	char *made = malloc(reading->length + 1);

	if (!made)
		arena_out_of_memory();
	while (done < reading->length) {
		ssize_t count = pread(reading->fd, made + done, reading->length - done,
				      (off_t)done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return err_sys(err, "library", "cannot read an anonymous file");
		if (count == 0)
			break;
		done += (size_t)count;
	}
	made[done] = '\0';
	reading->length = done;
	reading->made = made;
	return 0;
}

/* Up to where the supervisor, whose description it shares, has written. */
int run_read(int fd, char **ret, size_t *length, struct confine_error *error)
{
	off_t end = lseek(fd, 0, SEEK_CUR);
	struct reading reading = { .fd = fd, .length = (size_t)end };

	if (end < 0)
		return guard_sys(error, "cannot read an anonymous file");
	if (guard_run(read_whole, &reading, error) < 0)
		return -1;
	*ret = reading.made;
	*length = reading.length;
	return 0;
}

/* --- words --- */

struct concluding {
	const char *text;
	size_t length;
	struct json *receipt;
	char *receipt_text;
	struct confine_error fault; /* the last one that was told */
};

static void copy_text(char *to, size_t size, const struct json *value)
{
	const char *text = json_text(value);

	(void)snprintf(to, size, "%s", text ? text : "");
}

static void take_message(struct concluding *concluding, const struct json *line)
{
	const struct json *sys = json_member(line, "errno");
	const char *code = json_text(json_member(line, "code"));
	struct confine_error *fault = &concluding->fault;

	if (!str_equal(json_text(json_member(line, "level")), "error"))
		return;
	memset(fault, 0, sizeof(*fault));
	fault->code = CONFINE_ERROR_INTERNAL;
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (str_equal(code, codes[i].word))
			fault->code = (int32_t)codes[i].code;
	fault->sys = json_is(sys, JSON_NUMBER) ? (int32_t)sys->number : 0;
	copy_text(fault->layer, sizeof(fault->layer), json_member(line, "layer"));
	copy_text(fault->message, sizeof(fault->message), json_member(line, "message"));
}

static int take_line(struct concluding *concluding, const char *line, size_t length,
		     struct err *err)
{
	owned_json struct json *tree = NULL;
	const char *schema;

	if (json_parse("the supervisor's answer", line, length, &json_large, &tree, err) <
	    0)
		return -1;
	schema = json_text(json_member(tree, "schema"));
	if (str_equal(schema, "confine-message/1"))
		take_message(concluding, tree);
	if (!str_equal(schema, "confine-receipt/1") || concluding->receipt)
		return 0;
	concluding->receipt_text = malloc(length + 1);
	if (!concluding->receipt_text)
		arena_out_of_memory();
	memcpy(concluding->receipt_text, line, length);
	concluding->receipt_text[length] = '\0';
	concluding->receipt = tree;
	tree = NULL;
	return 0;
}

static int conclude(void *argument, struct err *err)
{
	struct concluding *concluding = argument;
	const char *at = concluding->text, *end = at + concluding->length;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((stop ? stop : end) - at);

		if (length && take_line(concluding, at, length, err) < 0)
			return -1;
		at += length + 1;
	}
	return 0;
}

static enum confine_outcome outcome_of(const struct json *receipt)
{
	const char *word = json_text(json_member(receipt, "outcome"));

	for (size_t i = 1; i < ARRAY_SIZE(outcomes); i++)
		if (str_equal(word, outcomes[i]))
			return (enum confine_outcome)i;
	return CONFINE_FAILED;
}

/* Neither a receipt nor a reason; how it ended is known to its parent, which is seldom the caller. */
static void blame_end(struct confine_run *run)
{
	if (WIFSIGNALED(run->wait_status))
		(void)guard_fault(&run->fault, CONFINE_ERROR_SYSTEM, "library",
				  "the supervisor was killed by signal %d",
				  WTERMSIG(run->wait_status));
	else
		(void)guard_fault(
			&run->fault, CONFINE_ERROR_SYSTEM, "library",
			"the supervisor ended without a word: it was killed, and "
			"its run with it");
}

static bool was_run(enum confine_outcome outcome)
{
	return outcome != CONFINE_REFUSED && outcome != CONFINE_FAILED;
}

/* The value and a line end, as the supervisor delivers it; or nothing. What it could not write whole, a
 * failure by its own word, is none. */
static void settle_result(struct confine_run *run)
{
	struct words *result = &run->result;

	if (run->outcome == CONFINE_EXITED && result->length &&
	    result->bytes[result->length - 1] == '\n') {
		result->bytes[--result->length] = '\0';
		return;
	}
	free(result->bytes);
	*result = (struct words){ NULL, 0 };
}

/* From here on nothing can fail. */
static void settle(struct confine_run *run, const struct concluding *concluding)
{
	run->tree = concluding->receipt;
	run->receipt = concluding->receipt_text;
	run->outcome = run->tree ? outcome_of(run->tree) : CONFINE_FAILED;
	settle_result(run);
	if (was_run(run->outcome))
		return;
	run->fault = concluding->fault;
	if (!run->fault.code)
		blame_end(run);
}

static int read_captured(struct confine_run *run, struct confine_error *error)
{
	if (run->returned >= 0 && !run->result.bytes &&
	    run_read(run->returned, &run->result.bytes, &run->result.length, error) < 0)
		return -1;
	for (unsigned int i = 0; i < 2; i++) {
		if (run->captured[i] < 0 || run->text[i].bytes)
			continue;
		if (run_read(run->captured[i], &run->text[i].bytes, &run->text[i].length,
			     error) < 0)
			return -1;
	}
	return 0;
}

static void close_files(struct confine_run *run)
{
	own_close_fd(&run->said);
	own_close_fd(&run->returned);
	own_close_fd(&run->captured[0]);
	own_close_fd(&run->captured[1]);
}

int run_conclude(struct confine_run *run, struct confine_error *error)
{
	struct concluding concluding = { .receipt = NULL };
	struct confine_error told;
	char *text = NULL;
	int result;

	if (read_captured(run, error) < 0 ||
	    run_read(run->said, &text, &concluding.length, error) < 0)
		return -1;
	concluding.text = text;
	result = concluding.length > ANSWER_MAX
			 ? guard_fault(&told, CONFINE_ERROR_INTERNAL, "library",
				       "the supervisor's answer is too long")
			 : guard_run(conclude, &concluding, &told);
	free(text);
	if (result < 0 && told.code == CONFINE_ERROR_MEMORY) {
		if (error)
			*error = told;
		return -1;
	}
	/* What cannot be read stays so: the run is over, and nothing is known of it. */
	if (result < 0)
		concluding = (struct concluding){ .fault = told };
	settle(run, &concluding);
	close_files(run);
	return 0;
}
