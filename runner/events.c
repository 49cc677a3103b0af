/* SPDX-License-Identifier: Apache-2.0 */
/* events - see events.h; one row an event: its name, its level, what belongs into it */
#include "runner/events.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#define SYSLOG_SOCKET   "/dev/log"
#define SYSLOG_FACILITY (10 << 3) /* authpriv, syslog(3) */

enum {
	HAS_LAYERS = 1,
	HAS_DOWNGRADES = 2,
	HAS_NOTES = 4,
	HAS_MISSING = 8
};

static const struct {
	const char *name, *level;
	int severity; /* of syslog */
	unsigned int has;
} rows[EVENT_COUNT] = {
	[EVENT_STARTED] = { "started", "info", 6, HAS_LAYERS | HAS_MISSING },
	[EVENT_DEGRADED] = { "degraded", "warning", 4, HAS_DOWNGRADES },
	[EVENT_NOTES] = { "notes", "info", 6, HAS_NOTES },
	[EVENT_REFUSED] = { "refused", "error", 3, HAS_DOWNGRADES | HAS_MISSING },
	[EVENT_FAILED] = { "failed", "error", 3, 0 },
	[EVENT_POLICY] = { "policy", "warning", 4, 0 },
};

/* --- where they go --- */

static int open_syslog(struct err *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = SYSLOG_SOCKET };
	owned_fd int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return err_policy(err, "events", "--events syslog: %s: %s", SYSLOG_SOCKET,
				  err_name(errno));
	return take_fd(&fd);
}

static int open_file(const char *path, struct err *err)
{
	int fd = open(path,
		      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
		      0640);

	if (fd < 0)
		return err_policy(err, "events", "--events %s: %s", path,
				  err_name(errno));
	return fd;
}

int events_open(const char *spec, struct events *events, struct err *err)
{
	int fd = -1;

	*events = (struct events){ .fd = -1, .syslog = str_equal(spec, "syslog") };
	if (!spec || !*spec || str_equal(spec, "none"))
		return 0;
	if (events->syslog)
		fd = open_syslog(err);
	else if (str_equal(spec, "stderr"))
		fd = STDERR_FILENO;
	else
		fd = open_file(spec, err);
	if (fd < 0)
		return -1;
	events->fd = fd;
	return 0;
}

void events_close(struct events *events)
{
	if (events->fd != STDERR_FILENO)
		own_close_fd(&events->fd);
	events->fd = -1;
}

/* --- what is in them --- */

static void add_time(struct json *line)
{
	char text[40];
	struct timespec now = { 0, 0 };
	struct tm utc;
	size_t length;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* fails on a bad pointer alone */
	if (!gmtime_r(&now.tv_sec, &utc))
		return;
	length = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	(void)snprintf(text + length, sizeof(text) - length, ".%03ldZ",
		       now.tv_nsec / 1000000);
	json_add_string(line, "time", text);
}

static void add_layers(struct json *line, const struct plan *plan)
{
	struct json *enforced = json_add_object(line, "enforced");

	for (unsigned int i = 0; i < LAYER_COUNT; i++)
		json_add_bool(enforced, layer_names[i], plan->enforced[i]);
}

static void add_missing(struct json *line, const struct capabilities *caps)
{
	struct json *missing = json_add_object(line, "missing");

	for (unsigned int i = CAPABILITY_NONE + 1; i < CAPABILITY_COUNT; i++)
		if (!caps->is[i].here)
			json_add_text(missing, capability_names[i], caps->is[i].why);
}

static void add_remarks(struct json *line, const char *key, const char *text_key,
			const struct plan_remark *remarks, size_t count)
{
	struct json *list = json_add_array(line, key);

	for (size_t i = 0; i < count; i++) {
		struct json *item = json_object();

		json_add_string(item, "layer", layer_names[remarks[i].layer]);
		json_add_text(item, text_key, remarks[i].text);
		json_append(list, item);
	}
}

static struct json *make_line(const struct events *events, enum event event,
			      const struct plan *plan, const struct policy_source *source,
			      const char *reason)
{
	struct json *line = json_object();
	unsigned int has = plan ? rows[event].has : 0;

	json_add_string(line, "schema", "confine-event/1");
	add_time(line);
	json_add_string(line, "event", rows[event].name);
	json_add_string(line, "level", rows[event].level);
	json_add_string(line, "version", CONFINE_VERSION);
	json_add_u64(line, "pid", (uint64_t)getpid());
	json_add_u64(line, "caller", geteuid());
	if (source)
		json_add(line, "policy", policy_source_to_json(source));
	if (events->receipt)
		json_add_text(line, "receipt", events->receipt);
	if (reason)
		json_add_text(line, "reason", reason);
	if (has & HAS_LAYERS)
		add_layers(line, plan);
	if (has & HAS_DOWNGRADES)
		add_remarks(line, "downgrades", "reason", plan->downgrades,
			    plan->downgrade_count);
	if (has & HAS_NOTES)
		add_remarks(line, "notes", "note", plan->notes, plan->note_count);
	if (has & HAS_MISSING)
		add_missing(line, plan->caps);
	return line;
}

/* --- telling --- */

/* Local syslog as every daemon of it reads: <priority>tag[pid]: text. */
static void frame(const struct events *events, enum event event, const char *json,
		  struct str *text)
{
	if (events->syslog)
		str_addf(text,
			 "<%d>confine[%ld]: ", SYSLOG_FACILITY | rows[event].severity,
			 (long)getpid());
	str_add(text, json);
	if (!events->syslog)
		str_add(text, "\n");
}

void events_tell(struct events *events, enum event event, const struct plan *plan,
		 const struct policy_source *source, const char *reason)
{
	owned_json struct json *line = NULL;
	owned_mem char *json = NULL;
	owned_str struct str text = { 0 };

	if (events->fd < 0)
		return;
	line = make_line(events, event, plan, source, reason);
	json = json_print(line, false);
	frame(events, event, json, &text);
	if (fd_write_all(events->fd, text.text, text.length) == 0 || events->broken)
		return;
	events->broken = true;
	fprintf(stderr, "confine: an event could not be written: %s\n", err_name(errno));
}

void events_tell_start(struct events *events, const struct plan *plan)
{
	const struct policy_source *source = plan->request->policy_source;

	if (events->fd < 0)
		return;
	events_tell(events, EVENT_STARTED, plan, source, NULL);
	if (plan->downgrade_count)
		events_tell(events, EVENT_DEGRADED, plan, source, NULL);
	if (plan->note_count)
		events_tell(events, EVENT_NOTES, plan, source, NULL);
}
