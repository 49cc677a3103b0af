#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# embed.test.sh - what `confine run` offers to a program that starts it: arguments, policy and words
# by descriptors, and an end with its caller.
set -u
: "${CONFINE:?}" "${SRC:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1

is() { # wanted, got, text
	if [ "$1" = "$2" ]; then
		echo "ok - $3"
	else
		echo "not ok - $3"
		printf '# wanted %s\n# got    %s\n' "$1" "$2" | head -c 600
		echo
	fi
}

run() { timeout -k 5 60 "$CONFINE" run "$@"; }
words() { printf '%s\0' "$@"; }

field() { python3 -c 'import json,sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2].split("/"):
    value = value[key]
print(json.dumps(value))' "$1" "$2"; }

# --- --args -----------------------------------------------------------------------------------------
is 'a b|c' "$(words -c 'echo "$1|$2"' 'a b' c | run --args 0)" 'args: a text and what is behind it'
is yes "$(words --env 'SECRET=yes' -- sh -c 'echo $SECRET' | run --args 0)" 'args: options and a command'
words --set /resources/cpuSeconds=7 -c 'ulimit -t' >seven
is 7:9 "$(run --env A=b --set /resources/memoryBytes=99999744 --args 3 3<seven):$(run --set /resources/cpuSeconds=9 -c 'ulimit -t')" \
	'args: stand behind the others'
python3 -c 'import sys
for word in ["-c", ": " + "x" * 3000000 + "\necho whole"]: sys.stdout.write(word + "\0")' >large
is whole "$(run --args 3 3<large)" 'args: a text larger than execve(2) takes'
words -c 'echo SECRET; sleep 30' >secret
mkfifo started
"$CONFINE" run --args 3 3<secret >started &
head -n 1 started >/dev/null
is "$CONFINE run --args 3 " "$(tr '\0' ' ' </proc/$!/cmdline)" 'args: are not on the command line'
kill $!
wait $!
refused() { # text, then the command; the message has to be one line, the status 125
	text=$1
	shift
	"$@" >out 2>err
	is "125 1 0" "$? $(wc -l <err) $(wc -c <out)" "refused: $text"
}
printf '%s' -c >unended
words --args 3 >nested
words -c 'echo ran' >plain
words --bogus -c 'echo ran' >bogus
refused 'args without an end' run --args 3 3<unended
refused 'args in args' run --args 3 3<nested
refused 'words behind args' run --args 3 -c 'echo ran' 3<plain
refused 'a closed descriptor' run --args 99
refused 'a descriptor that cannot be read' run --args 3 3>/dev/null
refused 'a directory' run --args 3 3<.
refused 'an option that there is not' run --args 3 3<bogus
refused 'nothing to run' run --args 3 3</dev/null
refused 'more than 64 MiB' run --args 3 3</dev/zero

# --- --policy-fd --------------------------------------------------------------------------------------
echo '{"resources":{"cpuSeconds":3}}' >policy
is 3 "$(run --policy-fd 4 --report r -c 'ulimit -t' 4<policy)" 'policy-fd: applies'
is '"option"' "$(field r policy/source)" 'policy-fd: the receipt says so'
echo '{"resources":{"cpuSecond":3}}' >wrong
refused 'a wrong policy' run --policy-fd 4 -c 'echo ran' 4<wrong
refused 'two policies' run --policy-fd 4 --policy policy -c 'echo ran' 4<policy
: >empty
refused 'an empty policy' run --policy-fd 4 -c 'echo ran' 4<empty

# --- --error-fd ------------------------------------------------------------------------------------------
told() { # code, layer, text, arguments: one object, nothing on standard error
	code=$1 layer=$2 text=$3
	shift 3
	run --error-fd 5 "$@" >out 2>err 5>said 4<wrong
	is "125 \"$code\" \"$layer\" 0" "$? $(field said code) $(field said layer) $(wc -c <err)" "error-fd: $text"
}
told policy options 'a wrong option' --nonsense
told policy json 'a wrong policy' --policy-fd 4 -c true
told policy filesystem 'a place that is not there' --set '/filesystem/readOnly=["/nonexistent"]' -c true
run --error-fd 5 --policy-fd 4 -c true 5>said 4<wrong
is '"confine-message/1" "error" null' "$(field said schema) $(field said level) $(field said errno)" 'error-fd: all members'
is '' "$(python3 - "$SRC/runner/schema/message.schema.json" said <<'END'
import json, sys
schema, said = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
assert sorted(schema["required"]) == sorted(schema["properties"]) == sorted(said)
for name in "level", "code":
    assert said[name] in schema["properties"][name]["enum"]
END
)" 'error-fd: as the schema says'
is '127 "lifecycle" 2' "$(run --error-fd 5 -- nonesuch 5>said 2>err; echo $? "$(field said layer)" "$(field said errno)")" \
	'error-fd: a command that is not there'
is 'mine ' "$(run --error-fd 5 -c 'echo mine >&2' 5>said 2>&1 >/dev/null) $(cat said)" "error-fd: standard error is the script's"
is fd3-closed "$(run --error-fd 3 -c 'if (: >&3) 2>/dev/null; then echo fd3-open; else echo fd3-closed; fi' 3>said)" \
	'error-fd: the script does not have it'

# --- --lifeline --------------------------------------------------------------------------------------------
# The writer of the pipe ends: so does the run, at once, and its receipt is still written.
mkfifo line
sleep 0.4 >line &
run --lifeline 6 --report r -c 'trap "" TERM; sleep 60' 6<line
is '129 "interrupted"' "$? $(field r outcome)" 'lifeline: the end of a pipe ends the run'
wait
: | run --lifeline 6 --report r -c 'echo ran' 6<&0 </dev/null >out
: | { run --lifeline 6 --report r -c 'echo ran' >out 6<&0; echo $? >status; }
is '129 0 "interrupted"' "$(cat status) $(wc -c <out) $(field r outcome)" 'lifeline: one that is over starts no script'
is ran "$(sleep 1 | run --lifeline 6 -c 'echo ran' 6<&0)" 'lifeline: one that holds changes nothing'
# A signal that came before there was a script.
timeout -s TERM 20 env --block-signal=TERM sh -c 'kill -TERM $$; exec "$0" run --report r -c "echo ran"' "$CONFINE" >out
is '143 0 "interrupted"' "$? $(wc -c <out) $(field r outcome)" 'a signal before the script starts no script'
