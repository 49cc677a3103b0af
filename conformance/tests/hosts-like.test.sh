#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# The suite on hosts that are not like this one: bash or busybox as /bin/sh, everything read-only, no
# IPv6, no user namespaces, no Landlock; and a target whose root holds nothing but the helper. What
# cannot be tried there has a verdict that says so, and everything else the one that it has here. Each
# is made for the suite alone, by a mount or user namespace or a filter of its own (taken-away.c).
set -u
"${CC:-gcc}" -std=gnu17 -D_GNU_SOURCE -O2 -static -o "$TESTTMP/take-away" \
	"$SRC/conformance/tests/taken-away.c" || {
	echo "not ok - the helper cannot be built"
	exit 0
}
PYTHONDONTWRITEBYTECODE=1 exec python3 "$SRC/conformance/tests/hosts-like.py"
