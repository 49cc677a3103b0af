#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# faults.test.sh - one system call of a run fails: it does not start, or its receipt is true all the
# same (fixtures/faults.py). FAULTS_SAMPLE seconds of the sweep, in the order of CONFINE_SEED; all of
# it where CONFINE_SOAK is set.
set -u
: "${CONFINE:?}" "${TESTTMP:?}" "${SRC:?}" "${BUILD:?}"
cd "$TESTTMP" || exit 1
umask 022

if grep -q __asan_init "$CONFINE"; then
	echo 'ok - faults # SKIP the leak checker does not work under a tracer'
	exit 0
fi
if ! "${CC:-gcc}" -std=gnu17 -D_GNU_SOURCE -O2 -o tracer "$SRC/fixtures/faults.c" 2>err; then
	echo "not ok - the tracer is built: $(head -n 1 err)"
	exit 0
fi
if ! ./tracer --until /bin/true -- /bin/true 2>err || ! grep -q '^until' err; then
	echo "ok - faults # SKIP nothing can be traced here: $(head -n 1 err)"
	exit 0
fi
sweep() { # confine, argument…
	confine=$1
	shift
	PYTHONDONTWRITEBYTECODE=1 python3 "$SRC/fixtures/faults.py" --tracer ./tracer --confine "$confine" \
		--attack "$BUILD/libexec/confine/confine-attack" "$@" 2>&1
}

# Who cannot see a lie would see no false claim.
if [ -x "${SABOTAGE:-}/bin/confine" ]; then
	sweep "$SABOTAGE/bin/confine" --lies >lies
	status=$?
	grep '^NOT' lies | sed 's/^/# /'
	[ $status -eq 0 ] && echo "ok - $(grep -c '^seen' lies) steps left out and claimed are seen from inside" ||
		echo "not ok - a step that is left out and claimed is seen from inside: $(tail -n 1 lies)"
else
	echo 'ok - steps left out are seen # SKIP no sabotage build'
fi

seconds=${FAULTS_SAMPLE:-150}
[ -z "${CONFINE_SOAK:-}" ] || seconds=0
sweep "$CONFINE" --seconds "$seconds" --seed "${CONFINE_SEED:-1}" >found
status=$?
sed 's/^/# /' found
grep '^finding' found | sed 's/^finding: /not ok - /'
[ $status -eq 0 ] || grep -q '^finding' found || echo "not ok - the sweep ended with status $status"
[ $status -ne 0 ] || echo "ok - $(tail -n 1 found)"
