/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* json_write - the writing half of json.h: text made fit for JSON, exact numbers, whole
 * files. */
#include "runner/base/fd.h"
#include "runner/base/json.h"
#include "runner/base/json_scan.h"
#include "runner/base/own.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_MAX (1ULL << 53) /* above it a double skips integers */

/* C0 except tab and newline, DEL, and C1, whose second UTF-8 byte is the control itself. */
static bool is_control(const unsigned char *text, size_t length)
{
	if (length == 2)
		return text[0] == 0xc2 && text[1] < 0xa0;
	return length == 1 &&
	       (text[0] == 0x7f || (text[0] < 0x20 && !strchr("\t\n", text[0])));
}

static void add_fit(struct str *text, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count;) {
		const unsigned char *at = (const unsigned char *)bytes + i;
		size_t length = json_scan_character(bytes + i, count - i);
		size_t step = length ? length : 1;

		if (length && at[0] && !is_control(at, length))
			str_add_bytes(text, at, length);
		else
			for (size_t k = 0; k < step; k++)
				str_addf(text, "\\x%02x", at[k]);
		i += step;
	}
}

void json_add_text_bytes(struct json *object, const char *key, const char *bytes,
			 size_t count)
{
	owned_str struct str text = { 0 };

	add_fit(&text, bytes, count);
	json_add_string(object, key, str_text(&text));
}

void json_add_text(struct json *object, const char *key, const char *text)
{
	json_add_text_bytes(object, key, text, strlen(text));
}

void json_append_text(struct json *array, const char *text)
{
	owned_str struct str fit = { 0 };

	add_fit(&fit, text, strlen(text));
	json_append(array, json_string(str_text(&fit)));
}

void json_add_u64(struct json *object, const char *key, uint64_t number)
{
	json_add_number(object, key, (double)(number < EXACT_MAX ? number : EXACT_MAX));
}

/* --- printing --- */

static void print_number(double number, struct str *ret)
{
	char text[32];

	if (!isfinite(number)) {
		str_add(ret, "null");
		return;
	}
	if (fabs(number) <= (double)EXACT_MAX && (double)(int64_t)number == number) {
		str_addf(ret, "%lld", (long long)number);
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		(void)snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	str_add(ret, text);
}

static void print_string(const char *text, struct str *ret)
{
	static const char special[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";

	str_add(ret, "\"");
	for (;;) {
		size_t plain = 0;
		const char *found;

		while ((unsigned char)text[plain] >= 0x20 && text[plain] != '"' &&
		       text[plain] != '\\')
			plain++;
		str_add_bytes(ret, text, plain);
		text += plain;
		if (!*text)
			break;
		found = strchr(special, *text);
		if (found)
			str_addf(ret, "\\%c", letters[found - special]);
		else
			str_addf(ret, "\\u%04x", (unsigned char)*text);
		text++;
	}
	str_add(ret, "\"");
}

/* A new line, as deep as it is, or nothing. */
static void print_break(bool pretty, unsigned int depth, struct str *ret)
{
	if (!pretty)
		return;
	str_add(ret, "\n");
	while (depth--)
		str_add(ret, "\t");
}

static void print_value(const struct json *value, bool pretty, unsigned int depth,
			struct str *ret);

/* Members have a line each, values of an array share theirs. */
static void print_container(const struct json *container, bool pretty, unsigned int depth,
			    struct str *ret)
{
	bool object = container->type == JSON_OBJECT;
	const struct json *item;

	str_add(ret, object ? "{" : "[");
	json_each(item, container) {
		if (object) {
			print_break(pretty, depth + 1, ret);
			print_string(item->key, ret);
			str_add(ret, pretty ? ":\t" : ":");
		}
		print_value(item, pretty, depth + 1, ret);
		if (item->next)
			str_add(ret, pretty && !object ? ", " : ",");
	}
	if (object)
		print_break(pretty, depth, ret);
	str_add(ret, object ? "}" : "]");
}

static void print_value(const struct json *value, bool pretty, unsigned int depth,
			struct str *ret)
{
	switch (value->type) {
	case JSON_NULL:
		str_add(ret, "null");
		break;
	case JSON_BOOL:
		str_add(ret, value->truth ? "true" : "false");
		break;
	case JSON_NUMBER:
		print_number(value->number, ret);
		break;
	case JSON_STRING:
		print_string(value->text, ret);
		break;
	case JSON_RAW:
		str_add(ret, value->text);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		print_container(value, pretty, depth, ret);
		break;
	}
}

char *json_print(const struct json *tree, bool pretty)
{
	struct str text = { 0 };

	print_value(tree, pretty, 0, &text);
	return text.text; /* never NULL: every value prints something */
}

char *json_print_part(const struct json *tree, unsigned int depth)
{
	struct str text = { 0 };

	print_value(tree, true, depth, &text);
	return text.text;
}

static void print(const struct json *tree, bool pretty, struct str *ret)
{
	print_value(tree, pretty, 0, ret);
	str_add(ret, "\n");
}

int json_write_fd(int fd, const struct json *tree, bool pretty, struct err *err)
{
	owned_str struct str text = { 0 };

	print(tree, pretty, &text);
	if (fd_write_all(fd, text.text, text.length) < 0)
		return err_sys(err, "json", "cannot write to descriptor %d", fd);
	return 0;
}

int json_write_file(const char *path, const struct json *tree, bool pretty,
		    struct err *err)
{
	owned_str struct str text = { 0 };

	if (strcmp(path, "-") == 0)
		return json_write_fd(STDOUT_FILENO, tree, pretty, err);
	print(tree, pretty, &text);
	return fd_replace_file(path, text.text, text.length, err);
}
