/* SPDX-License-Identifier: Apache-2.0 */
/* control - who tests the tester: targets whose outcome is known before anything is believed */
#ifndef CONFORMANCE_CONTROL_H
#define CONFORMANCE_CONTROL_H

#include "conformance/aside.h"

/* Built-in targets whose outcome is known; anything else than breached, error, error: false. But ok, and
 * all untestable, where no shield could be built for any: then it is the caller's to see to it that nothing
 * else comes to a verdict. */
struct control_result {
	bool ok;
	enum verdict leaky, deny_all, silent;
	char reason[RUN_TEXT_MAX];     /* when not ok */
	char untestable[RUN_TEXT_MAX]; /* why none could be tried, else "" */
};
/* It goes on beside whatever is done until its end is waited for. */
void control_start(const struct session *session, struct aside *control);
void control_finish(struct aside *control, struct control_result *ret);

#endif
