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

# The uplink's own variants, in the lab; what they need beside the launcher lies beside it.
lab=$BUILD/libexec/confine/confine-lab
with_lab=
if [ "$(id -u)" -eq 0 ] && [ -x "${SABOTAGE:-}/bin/confine" ] && "$lab" exec --log log -- true 2>/dev/null; then
	mkdir -p lie/bin && cp "$SABOTAGE/bin/confine" lie/bin/ && cp -r "$BUILD/libexec" lie/
	"$lab" exec --log log -- "$CONFINE" run --set '/network/mode="allowlist"' \
		--set '/network/allow=["203.0.113.10 tcp 80"]' -- /bin/true 2>err && with_lab=yes
fi
if [ -n "$with_lab" ]; then
	(
		uplink() { "$lab" exec --log log -- env PYTHONDONTWRITEBYTECODE=1 python3 "$@"; }
		uplink "$SRC/fixtures/faults.py" --lab --lies --tracer ./tracer --confine lie/bin/confine \
			--attack "$BUILD/libexec/confine/confine-attack" >lies 2>&1
		status=$?
		grep '^NOT' lies | sed 's/^/# /'
		[ $status -eq 0 ] && grep -q '^seen network.rules' lies &&
			echo 'ok - so are those of an uplink, in the lab' ||
			echo "not ok - so are those of an uplink, in the lab: $(tail -n 1 lies)"
	)
else
	echo "ok - lies of an uplink # SKIP no lab or no uplink for this caller $(head -n 1 err)"
fi

seconds=${FAULTS_SAMPLE:-60} # two at a time, as two identities: four minutes of work
[ -z "${CONFINE_SOAK:-}" ] || seconds=0
judge() { # status; the findings are in found
	sed 's/^/# /' found
	grep '^finding' found | sed 's/^finding: /not ok - /'
	[ "$1" -eq 0 ] || grep -q '^finding' found || echo "not ok - the sweep ended with status $1"
	[ "$1" -ne 0 ] || echo "ok - $(tail -n 1 found)"
}
if [ -n "$with_lab" ]; then
	"$lab" exec --log log -- env PYTHONDONTWRITEBYTECODE=1 python3 "$SRC/fixtures/faults.py" --lab --tracer ./tracer \
		--confine "$CONFINE" --attack "$BUILD/libexec/confine/confine-attack" \
		--seconds $((seconds / 4)) --seed "${CONFINE_SEED:-1}" >found 2>&1
	judge $?
	seconds=$((seconds * 3 / 4))
fi
sweep "$CONFINE" --seconds "$seconds" --seed "${CONFINE_SEED:-1}" >found
judge $?
