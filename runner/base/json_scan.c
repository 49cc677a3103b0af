/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * json_scan - see json_scan.h. Recursive descent over the grammar of RFC 8259, one
 * function for each of its rules; recursion is bounded by limits->max_depth. strtod(3)
 * knows the decimal point of JSON: no program of ours calls setlocale(3).
 */
#include "runner/base/json_scan.h"
#include "runner/base/own.h"
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 60                 /* characters: three times what any double needs */
#define EXACT_MAX  9007199254740992.0 /* 2^53: above it a double skips integers */

struct scan {
	const char *what, *text;
	size_t length, at;
	unsigned int depth, max_depth;
	size_t values, max_values;
	struct str decoded; /* the string read last */
	struct err *err;
};

__attribute__((format(printf, 2, 3), cold)) static int fault(const struct scan *scan,
							     const char *format, ...)
{
	size_t line = 1, column = 1;
	char sentence[200];
	va_list arguments;

	for (size_t i = 0; i < scan->at; i++) {
		if (scan->text[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)scan->text[i] & 0xc0) != 0x80) {
			column++; /* continuation bytes belong to the character before */
		}
	}
	va_start(arguments, format);
	(void)vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	return err_policy(scan->err, "json", "%s: line %zu, column %zu: %s", scan->what,
			  line, column, sentence);
}

/* The byte at hand, or -1 at the end: a NUL byte is a byte like any other. */
static int peek(const struct scan *scan)
{
	return scan->at < scan->length ? (unsigned char)scan->text[scan->at] : -1;
}

static bool is_digit(int byte)
{
	return byte >= '0' && byte <= '9';
}

static void skip_space(struct scan *scan)
{
	size_t at = scan->at;

	while (at < scan->length && (scan->text[at] == '\t' || scan->text[at] == ' ' ||
				     scan->text[at] == '\n' || scan->text[at] == '\r'))
		at++;
	scan->at = at;
}

size_t json_scan_character(const char *text, size_t count)
{
	if (count && (unsigned char)text[0] < 0x80)
		return 1; /* nearly every one */
	for (size_t bytes = 2; bytes <= 4 && bytes <= count; bytes++)
		if (str_is_utf8(text, bytes))
			return bytes;
	return 0;
}

/* --- numbers --- */

static int scan_digits(struct scan *scan, const char *where)
{
	if (!is_digit(peek(scan)))
		return fault(scan, "expected a digit %s", where);
	while (is_digit(peek(scan)))
		scan->at++;
	return 0;
}

/* A double must say what the text said: an integer exactly, anything else within its
 * range. */
static int take_number(struct scan *scan, size_t start, bool integer, struct json **ret)
{
	size_t length = scan->at - start;
	char text[NUMBER_MAX + 1];
	double value;

	scan->at = start;
	if (length > NUMBER_MAX)
		return fault(scan, "number of more than %d characters", NUMBER_MAX);
	memcpy(text, scan->text + start, length);
	text[length] = '\0';
	errno = 0;
	value = strtod(text, NULL);
	if (errno == ERANGE)
		return fault(scan, "number out of range: %s", text);
	/* 2^53+1 is read as 2^53: only the digits can tell the two apart. */
	if (fabs(value) > EXACT_MAX ||
	    (fabs(value) >= EXACT_MAX && !(integer && strstr(text, "9007199254740992"))))
		return fault(scan, "number beyond 2^53: %s", text);
	scan->at = start + length;
	*ret = json_number(value);
	return 0;
}

static int scan_number(struct scan *scan, struct json **ret)
{
	size_t start = scan->at;
	bool integer = true;

	if (peek(scan) == '-')
		scan->at++;
	if (peek(scan) == '0' && scan->at + 1 < scan->length &&
	    is_digit((unsigned char)scan->text[scan->at + 1]))
		return fault(scan, "number with a leading zero");
	if (scan_digits(scan, "after '-'") < 0)
		return -1;
	if (peek(scan) == '.') {
		scan->at++;
		integer = false;
		if (scan_digits(scan, "after '.'") < 0)
			return -1;
	}
	if (peek(scan) == 'e' || peek(scan) == 'E') {
		scan->at++;
		integer = false;
		if (peek(scan) == '+' || peek(scan) == '-')
			scan->at++;
		if (scan_digits(scan, "in the exponent") < 0)
			return -1;
	}
	return take_number(scan, start, integer, ret);
}

/* --- strings --- */

/* The four hexadecimal digits behind \u; -1 and no error when they are not. */
static int hex4(struct scan *scan)
{
	int code = 0;

	for (unsigned int i = 0; i < 4; i++, scan->at++) {
		int byte = peek(scan);
		int digit = is_digit(byte)               ? byte - '0'
			    : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
			    : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
							 : -1;

		if (digit < 0)
			return -1;
		code = code * 16 + digit;
	}
	return code;
}

static void add_character(struct str *text, uint32_t code)
{
	const unsigned char tail[] = { (unsigned char)(0x80 | (code >> 12 & 0x3f)),
				       (unsigned char)(0x80 | (code >> 6 & 0x3f)),
				       (unsigned char)(0x80 | (code & 0x3f)) };
	size_t count = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	static const unsigned char marks[] = { 0, 0xc0, 0xe0, 0xf0 };
	unsigned char lead = (unsigned char)(marks[count] | code >> (6 * count));

	str_add_bytes(text, &lead, 1);
	str_add_bytes(text, tail + 3 - count, count);
}

static int scan_unicode_escape(struct scan *scan)
{
	int code = hex4(scan), low;

	if (code < 0)
		return fault(scan, "expected four hexadecimal digits after \\u");
	if (code == 0)
		return fault(scan, "U+0000 in a string");
	if (code < 0xd800 || code > 0xdfff) {
		add_character(&scan->decoded, (uint32_t)code);
		return 0;
	}
	if (code < 0xdc00 && scan->length - scan->at >= 6 &&
	    memcmp(scan->text + scan->at, "\\u", 2) == 0) {
		scan->at += 2;
		low = hex4(scan);
		if (low >= 0xdc00 && low <= 0xdfff) {
			add_character(&scan->decoded,
				      0x10000 + ((uint32_t)(code - 0xd800) << 10) +
					      (uint32_t)(low - 0xdc00));
			return 0;
		}
	}
	return fault(scan, "half of a surrogate pair");
}

static int scan_escape(struct scan *scan)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *found;
	int byte;

	scan->at++; /* the backslash */
	byte = peek(scan);
	if (byte == 'u') {
		scan->at++;
		return scan_unicode_escape(scan);
	}
	found = byte > 0 ? strchr(letters, byte) : NULL;
	if (!found)
		return fault(scan, "unknown escape in a string");
	str_add_bytes(&scan->decoded, &meant[found - letters], 1);
	scan->at++;
	return 0;
}

/* Bytes of ASCII from here on that stand for themselves: nearly all there are. */
static size_t plain_run(const struct scan *scan)
{
	size_t end = scan->at;

	while (end < scan->length && scan->text[end] >= ' ' && scan->text[end] <= '~' &&
	       scan->text[end] != '"' && scan->text[end] != '\\')
		end++;
	return end - scan->at;
}

/* Leaves the text in scan->decoded. */
static int scan_string(struct scan *scan)
{
	str_clear(&scan->decoded);
	scan->at++; /* the opening quote */
	for (;;) {
		int byte = peek(scan);
		size_t step;

		if (byte < 0)
			return fault(scan, "string without an end");
		if (byte < 0x20)
			return fault(scan, "control character 0x%02x in a string",
				     (unsigned int)byte);
		if (byte == '"') {
			scan->at++;
			return 0;
		}
		if (byte == '\\') {
			if (scan_escape(scan) < 0)
				return -1;
			continue;
		}
		step = plain_run(scan);
		if (step == 0)
			step = json_scan_character(scan->text + scan->at,
						   scan->length - scan->at);
		if (step == 0)
			return fault(scan, "byte 0x%02x is not UTF-8",
				     (unsigned int)byte);
		str_add_bytes(&scan->decoded, scan->text + scan->at, step);
		scan->at += step;
	}
}

/* --- values --- */

static int scan_value(struct scan *scan, struct json **ret);

/* *ret: the caller's to free. */
static int scan_key(struct scan *scan, char **ret)
{
	skip_space(scan);
	if (peek(scan) != '"')
		return fault(scan, "expected a name in double quotes");
	if (scan_string(scan) < 0)
		return -1;
	skip_space(scan);
	if (peek(scan) != ':')
		return fault(scan, "expected ':' after the name");
	scan->at++;
	*ret = strdup(str_text(&scan->decoded));
	if (!*ret)
		arena_out_of_memory();
	return 0;
}

static int scan_entry(struct scan *scan, struct json *container)
{
	owned_mem char *key = NULL;
	struct json *value = NULL;

	if (container->type == JSON_OBJECT && scan_key(scan, &key) < 0)
		return -1;
	if (scan_value(scan, &value) < 0 || !value)
		return -1;
	value->key = take_mem(&key); /* NULL in an array */
	json_append(container, value);
	return 0;
}

static int scan_entries(struct scan *scan, struct json *container, char close)
{
	for (;;) {
		if (scan_entry(scan, container) < 0)
			return -1;
		skip_space(scan);
		if (peek(scan) == close)
			return 0;
		if (peek(scan) != ',')
			return fault(scan, "expected ',' or '%c'", close);
		scan->at++;
	}
}

static int scan_container(struct scan *scan, char close, struct json **ret)
{
	owned_json struct json *container = close == '}' ? json_object() : json_array();

	if (scan->depth == scan->max_depth)
		return fault(scan, "nested more than %u deep", scan->max_depth);
	scan->depth++;
	scan->at++; /* the bracket */
	skip_space(scan);
	if (peek(scan) != close && scan_entries(scan, container, close) < 0)
		return -1;
	scan->at++; /* the other bracket */
	scan->depth--;
	*ret = take_mem(&container);
	return 0;
}

static int scan_literal(struct scan *scan, struct json **ret)
{
	static const char *const literals[] = { "true", "false", "null" };
	int byte = peek(scan) | 0x20; /* lower case, where it is a letter */

	for (size_t i = 0; i < ARRAY_SIZE(literals); i++) {
		size_t length = strlen(literals[i]);

		if (scan->length - scan->at >= length &&
		    memcmp(scan->text + scan->at, literals[i], length) == 0) {
			scan->at += length;
			*ret = i < 2 ? json_bool(i == 0) : json_null();
			return 0;
		}
	}
	return fault(scan, "expected a value%s",
		     byte >= 'a' && byte <= 'z' ? " (text goes in double quotes)" : "");
}

static int scan_value(struct scan *scan, struct json **ret)
{
	skip_space(scan);
	if (scan->values++ == scan->max_values)
		return fault(scan, "more than %zu values", scan->max_values);
	switch (peek(scan)) {
	case '{':
		return scan_container(scan, '}', ret);
	case '[':
		return scan_container(scan, ']', ret);
	case '"':
		if (scan_string(scan) < 0)
			return -1;
		*ret = json_string(str_text(&scan->decoded));
		return 0;
	case '-':
		return scan_number(scan, ret);
	default:
		return is_digit(peek(scan)) ? scan_number(scan, ret)
					    : scan_literal(scan, ret);
	}
}

static int scan_document(struct scan *scan, struct json **ret)
{
	owned_json struct json *tree = NULL;

	if (scan->length >= 3 && memcmp(scan->text, "\xef\xbb\xbf", 3) == 0)
		return fault(scan, "byte order mark");
	if (scan_value(scan, &tree) < 0)
		return -1;
	skip_space(scan);
	if (scan->at < scan->length)
		return fault(scan, "more text after the end of the document");
	*ret = take_mem(&tree);
	return 0;
}

int json_scan(const char *what, const char *text, size_t length,
	      const struct json_limits *limits, struct json **ret, struct err *err)
{
	struct scan scan = { .what = what,
			     .text = text,
			     .length = length,
			     .max_depth = limits->max_depth,
			     .max_values =
				     limits->max_values ? limits->max_values : SIZE_MAX,
			     .err = err };
	int result;

	if (length > limits->max_bytes)
		return err_policy(err, "json", "%s: larger than %zu bytes", what,
				  limits->max_bytes);
	result = scan_document(&scan, ret);
	str_done(&scan.decoded);
	return result;
}
