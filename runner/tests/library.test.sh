#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# library.test.sh - libconfine as it is installed: what it exports, the examples by pkg-config, shared
# and static; then its whole life (runner/library/tests/library.c), also under sanitizers.
set -u
: "${CONFINE:?}" "${SRC:?}" "${BUILD:?}" "${LIBRARY:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1
lib=$BUILD/lib
CC=${CC:-gcc}

is() { # wanted, got, text
	if [ "$1" = "$2" ]; then
		echo "ok - $3"
	else
		echo "not ok - $3"
		printf '# wanted %s\n# got    %s\n' "$1" "$2" | head -c 600
		echo
	fi
}

# --- the installed tree -----------------------------------------------------------------------------
declared=$(sed 's|/\*.*||; /^ \*/d' "$BUILD/include/confine.h" | tr -d '\n' | tr ';' '\n' |
	grep -v 'typedef\|enum confine_[a-z]* {' | grep -oE '\bconfine_[a-z_]+\(' | tr -d '(' | sort -u)
is "$declared" "$(nm -D --defined-only "$lib/libconfine.so" | sed -n 's/.* T \(.*\)@@CONFINE_.*/\1/p' | sort)" \
	'shared: exports what the header declares, each with a version'
is '' "$(nm -D --defined-only "$lib/libconfine.so" | awk '$2 != "T" && $2 != "A"')" 'shared: and no data'
is "$declared" "$(nm -g --defined-only "$lib/libconfine.a" | awk 'NF == 3 { print $3 }' | sort)" 'static: the same names and no other'
is libconfine.so.0 "$(readelf -d "$lib/libconfine.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')" 'shared: its soname'
is libc.so.6 "$(readelf -d "$lib/libconfine.so" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | grep -v '^ld-linux')" 'shared: needs libc alone'
is '' "$(nm -D --undefined-only "$lib/libconfine.so" | sed 's/@.*//; s/.* //' |
	grep -xE 'exit|_exit|_Exit|quick_exit|printf|puts|fputs|signal|sigaction|umask|prctl|fork|system|setenv|putenv|getenv|chdir|setrlimit|wait|wait4' |
	grep -vxE 'fputs')" 'shared: calls nothing that ends, prints, forks, or changes the caller'
is '' "$(objdump -t "$lib/libconfine.so" | awk '$0 ~ /[ \t]\.(data|bss)[ \t]/ && $0 !~ / d / { print $NF }' |
	grep -vE '^(completed|__|_edata|_end)')" 'shared: no mutable data of its own'

# A word that the library does not know would be a failure to its caller. In the order of the header.
outcomes() { tr a-z- A-Z_ | sed 's/^/CONFINE_/'; }
declared=$(sed -n '/^enum confine_outcome {/,/^};/s/.*\(CONFINE_[A-Z_]*\) = [1-9].*/\1/p' "$BUILD/include/confine.h")
is "$declared" "$(sed -n '/^static const char \*const outcomes/,/^};/p' "$SRC/runner/library/conclude.c" |
	grep -o '"[a-z-]\{1,\}"' | tr -d '"' | outcomes)" 'outcomes: a word for every one, in its place'
is "$(echo "$declared" | sort)" "$(python3 -c 'import json, sys
print(*json.load(open(sys.argv[1]))["properties"]["outcome"]["enum"], sep="\n")' "$SRC/runner/schema/receipt.schema.json" |
	outcomes | sort)" 'outcomes: every one of a receipt'

# --- the examples -----------------------------------------------------------------------------------------
if command -v pkg-config >/dev/null && command -v "$CC" >/dev/null; then
	export PKG_CONFIG_PATH="$lib/pkgconfig"
	# The stage is no prefix of anything: what would be /usr is in it.
	flags() { pkg-config "$@" --define-variable=prefix="$BUILD" confine; }
	is "$("$CONFINE" --version)" "confine $(flags --modversion)" 'pkg-config: the version is that of the program'
	for example in hello watch value; do
		# shellcheck disable=SC2046 # words
		$CC -std=c11 -Wall -Wextra -Wpedantic -Werror "$SRC/runner/examples/$example.c" $(flags --cflags --libs) \
			-Wl,-rpath,"$lib" -o $example
		# shellcheck disable=SC2046
		$CC -std=c11 "$SRC/runner/examples/$example.c" $(flags --cflags) "$lib/libconfine.a" -o $example.static
	done
	for kind in hello hello.static; do
		# The shared one finds the program beside itself; the static one where it was to be installed.
		set -- ./$kind
		[ $kind = hello ] || set -- ./$kind --program "$CONFINE"
		is 'it said: it works' "$("$@" 'echo it works' | head -n 1)" "$kind: runs a script"
		is 'status 137, limit maxOutputBytes' "$("$@" 'head -c 9000000 /dev/zero' | grep -ao 'status 137.*')" "$kind: tells the limit"
		is 4 "$("$@" | grep -c ': enforced')" "$kind: layers are in force"
	done
	is "$(printf '%s\n' '1 ended with status 0' '1 out one' '2 ended with status 3' '2 err two')" \
		"$(./watch 'sleep 0.2; echo one' 'echo two >&2; exit 3' | sort)" 'watch: two runs in one loop'
	is "$(printf '%s\n' '1 ended with status 0' '1 out x')" "$(./watch.static --program "$CONFINE" 'echo x' | sort)" 'watch.static: too'
	is '{"seen": [1, 2]}' "$(./value python3 '[1, 2]' 'import json, os
print("printed")
seen = json.load(open(os.environ["CONFINE_CONTEXT"]))
json.dump({"seen": seen}, open(int(os.environ["CONFINE_RESULT_FD"]), "w"))')" 'value: a value goes in, one comes out'
	is "1 value: the script's result: incomplete" "$(./value.static --program "$CONFINE" sh 1 'printf "[" >&4' 2>err; echo $? "$(cat err)")" \
		'value.static: half a value is none, and said so'
	is 1 "$(./hello --program /nonexistent 2>err; echo $?)" 'hello: a program that is not there'
	is 1 "$(grep -c 'cannot be started: ENOENT' err)" 'hello: and says so'
	is libconfine.so.0 "$(readelf -d hello | sed -n 's/.*NEEDED.*\[\(libconfine.*\)\]/\1/p')" 'hello: asks for the soname'
	printf '#include <confine.h>\nint main(void) { return confine_version() ? 0 : 1; }\n' >plain.cc
	if command -v g++ >/dev/null; then
		# shellcheck disable=SC2046
		is 0 "$(g++ -Wall -Wextra -Werror plain.cc $(flags --cflags --libs) -Wl,-rpath,"$lib" -o plain && ./plain; echo $?)" 'header: C++'
	else
		echo "ok - header: C++ # SKIP no g++"
	fi
	printf '#include <confine.h>\nint policy_load, json_parse, arena_alloc;\nint main(void) { return policy_load + json_parse + arena_alloc + !confine_version(); }\n' >clash.c
	# shellcheck disable=SC2046
	is 0 "$($CC clash.c $(flags --cflags) "$lib/libconfine.a" -o clash && ./clash; echo $?)" "static: the program's own names stay its own"
else
	echo "ok - examples # SKIP no pkg-config or compiler"
fi

# --- the whole life --------------------------------------------------------------------------------------------
mkdir lonely
cp "$CONFINE" lonely/confine
printf '#!/bin/sh\necho "{\\"schema\\":" >&5\n' >odd
chmod 755 odd
groups() { # of runs that are gone; other tests have theirs meanwhile
	find /sys/fs/cgroup -maxdepth 4 -type d -name 'confine.[0-9]*' 2>/dev/null | while read -r group; do
		owner=${group##*/confine.}
		[ -d "/proc/${owner%%.*}" ] || echo "$group"
	done | wc -l
}
flavours=plain
[ "$(id -u)" -ne 0 ] || flavours="plain asan tsan"
for flavour in $flavours; do
	ASAN_OPTIONS=detect_leaks=1 timeout 240 "$LIBRARY/$flavour" "$CONFINE" "$PWD/lonely/confine" "$PWD/odd" >log 2>&1
	status=$?
	sed -n "s/^\(not \)\{0,1\}ok - /&$flavour: /p" log
	grep -v '^ok\|^not ok' log
	is 0 $status "$flavour: nothing else was found, no leak, no race"
done

# --- a caller that is killed: its run ends, though a child of it holds copies of all that it had open ----------
mkfifo said
"$LIBRARY/plain" --lasting "$CONFINE" 'trap "" TERM HUP; echo begun; while :; do sleep 1; done' >said 2>/dev/null &
caller=$!
exec 3<said
head -n 1 <&3 >/dev/null
kill -KILL $caller
wait $caller 2>/dev/null
# The end of the pipe comes with the last task that holds it: the orphan of the caller sleeps five seconds.
is 0 "$(timeout 20 cat <&3 >/dev/null; echo $?)" 'killed: the run of a killed caller ends'

if command -v valgrind >/dev/null && command -v "$CC" >/dev/null && [ -x hello.static ]; then
	printf '%s\n' '#include <confine.h>' '#include <string.h>' 'int main(void) {' \
		'struct confine_policy *p; struct confine_error e; struct confine *c; struct confine_run *r; char *t;' \
		'if (confine_new(&c, &e) || confine_policy_new("default", &p, &e)) return 1;' \
		'if (!confine_policy_set(p, "/resources/cpuSeconds", "0", &e)) return 1;' \
		'if (confine_policy_set(p, "/resources/cpuSeconds", "4", &e) || confine_policy_json(p, &t, &e)) return 1;' \
		'if (confine_run_new(c, &r, &e) || confine_run_set_policy(r, p, &e) || confine_run_set_text(r, "true", 0, &e)) return 1;' \
		'confine_release(t); confine_run_free(r); confine_policy_free(p); confine_free(c); return 0; }' >still.c
	$CC -g -I"$BUILD/include" still.c "$lib/libconfine.a" -o still
	is 0 "$(valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=all ./still >log 2>&1; echo $?)" 'valgrind: up to spawn'
	head -n 20 log
else
	echo "ok - valgrind: up to spawn # SKIP no valgrind"
fi

if [ -n "${CONFINE_SOAK:-}" ]; then
	before=$(groups)
	"$LIBRARY/plain" --soak "$CONFINE" 10000 500
	is "$before" "$(groups)" 'soak: no cgroup is left'
	ASAN_OPTIONS=detect_leaks=1 "$LIBRARY/asan" --soak "$CONFINE" 400 | grep -v 'no memory' # ASan keeps what is freed
fi
