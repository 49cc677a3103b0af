/* SPDX-License-Identifier: Apache-2.0 */
/* result - see result.h. A checker that can stop and go on behind any byte: one step for each place
 * in the grammar of RFC 8259, one bit for each bracket that is open. */
#include "runner/result.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <string.h>

#define CHUNK  8192
#define ROUNDS 64 /* before others have their turn */

const char *const result_words[RESULT_STATES] = {
	[RESULT_NONE] = "none",           [RESULT_PART] = "incomplete",
	[RESULT_RETURNED] = "returned",   [RESULT_INVALID] = "invalid",
	[RESULT_TOO_LARGE] = "too-large",
};

enum step {
	STEP_START, /* nothing but blanks yet */
	STEP_VALUE,
	STEP_VALUE_OR_CLOSE, /* behind [ */
	STEP_NAME_OR_CLOSE,  /* behind { */
	STEP_NAME,
	STEP_COLON,
	STEP_NEXT, /* behind a value inside a bracket */
	STEP_STRING,
	STEP_NAME_STRING,
	STEP_ESCAPE,
	STEP_HEX,
	STEP_CHARACTER, /* inside a character of more than one byte */
	STEP_LITERAL,
	STEP_MINUS,
	STEP_ZERO,
	STEP_INTEGER,
	STEP_POINT,
	STEP_FRACTION,
	STEP_EXPONENT,
	STEP_EXPONENT_SIGN,
	STEP_EXPONENT_DIGITS,
	STEP_DONE,
	STEP_BAD,
	STEP_COUNT,
};

#define IN_NAME 0x80 /* of left: the string is a name */

void result_init(struct result *result, int from, uint64_t limit_bytes)
{
	*result = (struct result){ .from = from,
				   .limit_bytes = limit_bytes,
				   .step = STEP_START };
}

void result_done(struct result *result)
{
	own_close_fd(&result->from);
	str_done(&result->text);
}

static bool is_blank(unsigned char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

static void refuse(struct result *result, const char *fault)
{
	result->step = STEP_BAD;
	result->fault = fault;
}

static bool in_object(const struct result *result)
{
	unsigned int level = result->depth - 1;

	return result->object[level / 8] >> level % 8 & 1;
}

static void end_value(struct result *result)
{
	result->step = result->depth ? STEP_NEXT : STEP_DONE;
}

static void open_bracket(struct result *result, bool object)
{
	unsigned int level = result->depth;

	if (level == RESULT_DEPTH) {
		refuse(result, "nested too deep");
		return;
	}
	result->depth++;
	if (object)
		result->object[level / 8] |= (unsigned char)(1U << level % 8);
	else
		result->object[level / 8] &= (unsigned char)~(1U << level % 8);
	result->step = object ? STEP_NAME_OR_CLOSE : STEP_VALUE_OR_CLOSE;
}

static void close_bracket(struct result *result)
{
	result->depth--;
	end_value(result);
}

static void begin_value(struct result *result, unsigned char byte)
{
	static const struct {
		unsigned char first;
		const char *rest;
	} literals[] = { { 't', "rue" }, { 'f', "alse" }, { 'n', "ull" } };

	for (size_t i = 0; i < ARRAY_SIZE(literals); i++)
		if (byte == literals[i].first) {
			result->literal = literals[i].rest;
			result->step = STEP_LITERAL;
			return;
		}
	if (byte == '{' || byte == '[')
		open_bracket(result, byte == '{');
	else if (byte == '"')
		result->step = STEP_STRING;
	else if (byte == '-')
		result->step = STEP_MINUS;
	else if (byte == '0')
		result->step = STEP_ZERO;
	else if (is_digit(byte))
		result->step = STEP_INTEGER;
	else
		refuse(result, "no JSON value starts with this byte");
}

static void on_value(struct result *result, unsigned char byte)
{
	if (is_blank(byte))
		return;
	if (byte == ']' && result->step == STEP_VALUE_OR_CLOSE)
		close_bracket(result);
	else
		begin_value(result, byte);
}

static void on_name(struct result *result, unsigned char byte)
{
	if (is_blank(byte))
		return;
	if (byte == '}' && result->step == STEP_NAME_OR_CLOSE)
		close_bracket(result);
	else if (byte == '"')
		result->step = STEP_NAME_STRING;
	else
		refuse(result, "expected a name in double quotes");
}

static void on_colon(struct result *result, unsigned char byte)
{
	if (byte == ':')
		result->step = STEP_VALUE;
	else if (!is_blank(byte))
		refuse(result, "expected ':' after the name");
}

static void on_next(struct result *result, unsigned char byte)
{
	bool object = in_object(result);

	if (is_blank(byte))
		return;
	if (byte == ',')
		result->step = object ? STEP_NAME : STEP_VALUE;
	else if (byte == (object ? '}' : ']'))
		close_bracket(result);
	else
		refuse(result, object ? "expected ',' or '}'" : "expected ',' or ']'");
}

static void back_to_string(struct result *result)
{
	result->step = result->left & IN_NAME ? STEP_NAME_STRING : STEP_STRING;
}

/* Within a string: how many follow, and whether it is a name, for the way back. */
static void expect(struct result *result, enum step step, unsigned int count)
{
	result->left =
		(unsigned char)(count | (result->step == STEP_NAME_STRING ? IN_NAME : 0));
	result->step = (unsigned char)step;
}

/* The first byte of a character says what the second may be: RFC 3629, section 4. */
static void begin_character(struct result *result, unsigned char byte)
{
	if (byte < 0xc2 || byte > 0xf4) {
		refuse(result, "not UTF-8");
		return;
	}
	result->low = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
	result->high = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
	expect(result, STEP_CHARACTER, byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3);
}

static void on_string(struct result *result, unsigned char byte)
{
	if (byte >= 0x80)
		begin_character(result, byte);
	else if (byte < ' ')
		refuse(result, "control character in a string");
	else if (byte == '\\')
		expect(result, STEP_ESCAPE, 0);
	else if (byte == '"' && result->step == STEP_NAME_STRING)
		result->step = STEP_COLON;
	else if (byte == '"')
		end_value(result);
}

static void on_character(struct result *result, unsigned char byte)
{
	if (byte < result->low || byte > result->high) {
		refuse(result, "not UTF-8");
		return;
	}
	result->low = 0x80;
	result->high = 0xbf;
	result->left--;
	if (!(result->left & ~IN_NAME))
		back_to_string(result);
}

static void on_escape(struct result *result, unsigned char byte)
{
	if (byte == 'u') {
		result->left |= 4;
		result->step = STEP_HEX;
	} else if (byte && strchr("\"\\/bfnrt", byte)) {
		back_to_string(result);
	} else {
		refuse(result, "unknown escape in a string");
	}
}

static void on_hex(struct result *result, unsigned char byte)
{
	if (!is_digit(byte) && !((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f')) {
		refuse(result, "expected four hexadecimal digits after \\u");
		return;
	}
	result->left--;
	if (!(result->left & ~IN_NAME))
		back_to_string(result);
}

static void on_literal(struct result *result, unsigned char byte)
{
	if (byte != (unsigned char)*result->literal)
		refuse(result, "expected true, false or null");
	else if (!*++result->literal)
		end_value(result);
}

/* What may follow in a number, by what came before: 0 = a digit alone. */
static void on_number(struct result *result, unsigned char byte)
{
	enum step step = result->step;

	if (is_digit(byte) && step != STEP_ZERO) {
		if (step == STEP_MINUS)
			result->step = byte == '0' ? STEP_ZERO : STEP_INTEGER;
		else if (step == STEP_POINT)
			result->step = STEP_FRACTION;
		else if (step == STEP_EXPONENT || step == STEP_EXPONENT_SIGN)
			result->step = STEP_EXPONENT_DIGITS;
	} else if (byte == '.' && (step == STEP_ZERO || step == STEP_INTEGER)) {
		result->step = STEP_POINT;
	} else if ((byte | 0x20) == 'e' &&
		   (step == STEP_ZERO || step == STEP_INTEGER || step == STEP_FRACTION)) {
		result->step = STEP_EXPONENT;
	} else if ((byte == '+' || byte == '-') && step == STEP_EXPONENT) {
		result->step = STEP_EXPONENT_SIGN;
	} else {
		refuse(result, "malformed number");
	}
}

static void on_done(struct result *result, unsigned char byte)
{
	if (!is_blank(byte))
		refuse(result, "more than one value");
}

static void on_bad(struct result *result, unsigned char byte)
{
	(void)result;
	(void)byte;
}

static void (*const steps[STEP_COUNT])(struct result *, unsigned char) = {
	[STEP_START] = on_value,
	[STEP_VALUE] = on_value,
	[STEP_VALUE_OR_CLOSE] = on_value,
	[STEP_NAME_OR_CLOSE] = on_name,
	[STEP_NAME] = on_name,
	[STEP_COLON] = on_colon,
	[STEP_NEXT] = on_next,
	[STEP_STRING] = on_string,
	[STEP_NAME_STRING] = on_string,
	[STEP_ESCAPE] = on_escape,
	[STEP_HEX] = on_hex,
	[STEP_CHARACTER] = on_character,
	[STEP_LITERAL] = on_literal,
	[STEP_MINUS] = on_number,
	[STEP_ZERO] = on_number,
	[STEP_INTEGER] = on_number,
	[STEP_POINT] = on_number,
	[STEP_FRACTION] = on_number,
	[STEP_EXPONENT] = on_number,
	[STEP_EXPONENT_SIGN] = on_number,
	[STEP_EXPONENT_DIGITS] = on_number,
	[STEP_DONE] = on_done,
	[STEP_BAD] = on_bad,
};

/* Nothing but its next byte tells that a number is over. */
static bool ends_number(const struct result *result, unsigned char byte)
{
	enum step step = result->step;

	return (step == STEP_ZERO || step == STEP_INTEGER || step == STEP_FRACTION ||
		step == STEP_EXPONENT_DIGITS) &&
	       (is_blank(byte) || byte == ',' || byte == ']' || byte == '}');
}

static void check(struct result *result, const char *bytes, size_t count, uint64_t at)
{
	for (size_t i = 0; i < count; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		bool bad = result->step == STEP_BAD;

		if (ends_number(result, byte))
			end_value(result);
		steps[result->step](result, byte);
		if (result->step == STEP_BAD && !bad)
			result->fault_at = at + i;
		if (result->step == STEP_BAD)
			return;
	}
}

/* Blanks before and behind the value are not kept. */
static void keep(struct result *result, const char *bytes, size_t count)
{
	while (!result->text.length && count && is_blank((unsigned char)*bytes)) {
		bytes++;
		count--;
	}
	if (result->step != STEP_BAD)
		str_add_bytes(&result->text, bytes, count);
}

void result_feed(struct result *result, const char *bytes, size_t count)
{
	uint64_t at = result->seen_bytes;

	result->seen_bytes += count;
	if (result->seen_bytes > result->limit_bytes || result->step == STEP_BAD) {
		str_done(&result->text); /* nobody will be given a part */
		return;
	}
	check(result, bytes, count, at);
	keep(result, bytes, count);
}

void result_move(struct result *result)
{
	char bytes[CHUNK];

	for (unsigned int round = 0; round < ROUNDS && result->from >= 0; round++) {
		ssize_t count = read(result->from, bytes, sizeof(bytes));

		if (count < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (count <= 0)
			own_close_fd(&result->from);
		else
			result_feed(result, bytes, (size_t)count);
	}
}

/* A survivor (no pid namespace) goes on writing: what was there before is at most a pipe full. */
void result_end(struct result *result)
{
	int full = result->from < 0 ? 0 : fcntl(result->from, F_GETPIPE_SZ);
	uint64_t last = result->seen_bytes + (full > 0 ? (uint64_t)full : 0);

	while (result->from >= 0) {
		uint64_t before = result->seen_bytes;

		result_move(result);
		if (result->seen_bytes == before || result->seen_bytes >= last)
			own_close_fd(&result->from);
	}
}

enum result_state result_state(const struct result *result)
{
	if (result->seen_bytes > result->limit_bytes)
		return RESULT_TOO_LARGE;
	switch ((enum step)result->step) {
	case STEP_START:
		return RESULT_NONE;
	case STEP_BAD:
		return RESULT_INVALID;
	case STEP_ZERO:
	case STEP_INTEGER:
	case STEP_FRACTION:
	case STEP_EXPONENT_DIGITS:
		return result->depth ? RESULT_PART : RESULT_RETURNED;
	case STEP_DONE:
		return RESULT_RETURNED;
	case STEP_VALUE:
	case STEP_VALUE_OR_CLOSE:
	case STEP_NAME_OR_CLOSE:
	case STEP_NAME:
	case STEP_COLON:
	case STEP_NEXT:
	case STEP_STRING:
	case STEP_NAME_STRING:
	case STEP_ESCAPE:
	case STEP_HEX:
	case STEP_CHARACTER:
	case STEP_LITERAL:
	case STEP_MINUS:
	case STEP_POINT:
	case STEP_EXPONENT:
	case STEP_EXPONENT_SIGN:
	case STEP_COUNT:
		break;
	}
	return RESULT_PART;
}

const char *result_value(const struct result *result, size_t *ret_length)
{
	const char *text = str_text(&result->text);
	size_t length = result->text.length;

	while (length && is_blank((unsigned char)text[length - 1]))
		length--;
	*ret_length = length;
	return text;
}

void result_add_line(const struct result *result, struct str *ret)
{
	size_t length, from = 0;
	const char *text = result_value(result, &length);
	bool in_string = false;

	for (size_t i = 0; i < length; i++) {
		if (in_string && text[i] == '\\') {
			i++;
			continue;
		}
		in_string ^= text[i] == '"';
		if (in_string || !is_blank((unsigned char)text[i]))
			continue;
		str_add_bytes(ret, text + from, i - from);
		from = i + 1;
	}
	str_add_bytes(ret, text + from, length - from);
}
