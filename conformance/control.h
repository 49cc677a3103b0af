/* SPDX-License-Identifier: Apache-2.0 */
/* control - who tests the tester: targets whose outcome is known before anything is believed */
#ifndef CONFORMANCE_CONTROL_H
#define CONFORMANCE_CONTROL_H

#include "conformance/session.h"

/* Built-in targets whose outcome is known; anything else than breached, error, error: false. */
struct control_result {
	bool ok;
	enum verdict leaky, deny_all, silent;
	char reason[RUN_TEXT_MAX]; /* when not ok */
};
void session_control(struct session *session, struct control_result *ret);

#endif
