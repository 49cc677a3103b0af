/* SPDX-License-Identifier: Apache-2.0 */
/* place - compiled once for each PREFIX */
#include "runner/library/place.h"

const char place_program[] = CONFINE_PREFIX "/bin/confine";
