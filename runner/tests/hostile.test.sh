#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# hostile.test.sh - every policy that has to be refused is: status 125, one printable line that names
# the place of the fault, no receipt, nothing run. fixtures/policies/refused.tsv says what to expect.
set -u
: "${CONFINE:?}" "${SRC:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1
umask 022
policies=$SRC/fixtures/policies
tab=$(printf '\t')
newline='
'

ok() { # condition's status, text
	if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi
}

is() { # wanted, got, text
	if [ "$1" = "$2" ]; then
		echo "ok - $3"
	else
		echo "not ok - $3"
		printf '# wanted %s\n# got    %s\n' "$1" "$2" | head -c 600
		echo
	fi
}

# What every refused run is tried with: a script that would leave a mark, a receipt that would stay.
mkdir scratch && chmod 777 scratch
attempt() { # policy, further options; its one line in $said, its status in $status
	said=$(timeout -k 5 60 "$CONFINE" run --policy "$@" --scratch "$TESTTMP/scratch" --report receipt.json \
		-c 'echo ran; touch ran' 2>&1)
	status=$?
}

# Prints what is wrong with how the last attempt ended; nothing when all is as it should be.
wrong() { # beginning of the line, words in it
	[ "$status" -eq 125 ] || echo "status $status"
	case $said in
	*"$newline"*) echo "more than one line" ;;
	"$1"*"$2"*) ;;
	*) echo "another place or other words" ;;
	esac
	[ "${#said}" -le 400 ] || echo "a line of ${#said} characters"
	case $said in *[[:cntrl:]]*) echo "control characters" ;; esac
	[ ! -e scratch/ran ] || echo "the script ran"
	[ ! -e receipt.json ] || echo "a receipt was written"
	rm -f scratch/ran receipt.json
}

refused() { # beginning of the line, words in it, text
	faults=$(wrong "$1" "$2")
	if [ -z "$faults" ]; then
		echo "ok - $3"
	else
		echo "not ok - $3"
		echo "$faults" | sed 's/^/# /'
		printf '# said: %s\n' "$said" | head -c 600
		echo
	fi
}

# --- what is measured shows when a policy is good --------------------------------------------------
attempt "$policies/good/minimal.json"
is '0 ran yes yes' "$status $said $([ -e scratch/ran ] && echo yes) $([ -e receipt.json ] && echo yes)" \
	'a good policy runs the script, which leaves its mark and a receipt'
rm -f scratch/ran receipt.json

# --- the files -------------------------------------------------------------------------------------
is "$(cd "$policies" && ls hostile/*.json contradictory/*.json | sort)" \
	"$(sed 1d "$policies/refused.tsv" | cut -f1 | sort)" 'every file has a row, every row a file'
count=$(ls "$policies"/hostile | wc -l)
ok $((count < 60)) "$count hostile files"
cd "$policies" || exit 1
while IFS=$tab read -r file place words; do
	case $file in '#'*) continue ;; esac
	case $file in contradictory/*) document=policy ;; *) document=$file ;; esac
	case $place in -) place= ;; *) place="$place: " ;; esac
	attempt_in=$(
		cd "$TESTTMP" || exit 1
		ln -sfn "$policies/hostile" hostile
		ln -sfn "$policies/contradictory" contradictory
		attempt "$file"
		refused "confine run: $document: $place" "$words" "refused: $file"
	)
	printf '%s\n' "$attempt_in"
done <"$policies/refused.tsv"
cd "$TESTTMP" || exit 1

# --- too large to keep as files ----------------------------------------------------------------------
{
	head -c 2097152 /dev/zero | tr '\0' ' '
	echo '{}'
} >spaces.json
attempt spaces.json
refused 'confine run: ' 'larger than 1048576 bytes' '2 MiB of spaces before a policy'
{
	printf '{"enabled": true}'
	head -c 2097152 /dev/zero | tr '\0' '\n'
} >lines.json
attempt lines.json
refused 'confine run: ' 'larger than 1048576 bytes' '2 MiB of empty lines behind one'
{
	printf '{"filesystem": {"hide": ["/'
	head -c 1000000 /dev/zero | tr '\0' a
	printf '"]}}'
} >string.json
attempt string.json
refused 'confine run: string.json: /filesystem/hide/0: ' 'shorter than 4096 bytes' 'a path of a million characters'
{
	printf '{"'
	head -c 1000000 /dev/zero | tr '\0' a
	printf '": 1}'
} >name.json
attempt name.json
refused 'confine run: name.json: /aaa' 'unknown name' 'a name of a million characters'
{
	printf '{"resources": {"memoryBytes": '
	head -c 1000000 /dev/zero | tr '\0' 9
	printf '}}'
} >number.json
attempt number.json
refused 'confine run: number.json: line 1, column 31: ' 'number of more than 60 characters' \
	'a number of a million digits'
head -c 1000000 /dev/zero | tr '\0' '[' >brackets.json
attempt brackets.json
refused 'confine run: brackets.json: line 1, column 33: ' 'nested more than 32 deep' 'a million brackets'
awk 'BEGIN { printf "{\"network\": {\"allow\": ["
	for (i = 0; i < 60000; i++) printf "\"10.0.0.1\", "
	print "\"10.0.0\"]}}" }' >rules.json
attempt rules.json
refused 'confine run: rules.json: /network/allow/60000: ' 'is no IPv4' 'the last of sixty thousand rules'
awk 'BEGIN { printf "{"
	for (i = 0; i < 40000; i++) printf "\"a%d\": {}, ", i
	print "\"a0\": {}}" }' >names.json
attempt names.json
refused 'confine run: names.json: /a0: ' 'twice' 'forty thousand names, the last of them again'

# --- what is no file, or none that can be read ---------------------------------------------------------
attempt missing.json
refused 'confine run: --policy: ' 'missing.json' 'a file that is not there'
attempt ''
refused 'confine run: --policy: ' 'cannot open' 'an empty name'
attempt .
refused 'confine run: --policy: .: ' 'neither a file nor a pipe' 'a directory'
attempt /dev/zero
refused 'confine run: --policy: /dev/zero: ' 'neither a file nor a pipe' 'an endless device'
ln -s loop.json loop.json
attempt loop.json
refused 'confine run: --policy: ' 'loop.json' 'a link to itself'
if [ "$(id -u)" -ne 0 ]; then
	echo '{}' >closed.json
	chmod 000 closed.json
	attempt closed.json
	refused 'confine run: --policy: ' 'cannot open closed.json' 'a file that may not be read'
fi

# --- by other ways in ------------------------------------------------------------------------------------
attempt - <"$policies/hostile/duplicate-key.json"
refused 'confine run: -: /enabled: ' 'twice' 'standard input is read as strictly'
attempt - </dev/null
refused 'confine run: -: line 1, column 1: ' 'expected a value' 'an empty standard input'
set_refused() { # POINTER=JSON, words
	attempt "$policies/good/minimal.json" --set "$1"
	refused 'confine run: --set' "$2" "--set $1"
}
set_refused '/resources/cpuSeconds=0' 'from 1 to 3600'
set_refused '/resources/cpuSeconds=1e400' 'out of range'
set_refused '/resources/cpuSeconds=' 'expected a value'
set_refused '/resources/cpuSeconds={}' 'not an object'
set_refused '/resources/cpuSecond=1' 'cpuSeconds'
set_refused '/network/allow=["localhost"]' 'host name'
set_refused '/network/allow/0="10.0.0.1"' 'must be an array'
set_refused '/enabled/x=1' 'must be true or false'
set_refused '/~2=1' '~'
set_refused '/=1' 'unknown name'
set_refused '/enabled=true false' 'more text'
set_refused 'enabled=false' 'expected /pointer=json'
set_refused '/enabled' 'expected /pointer=json'
set_refused "/$(head -c 100000 /dev/zero | tr '\0' a)=1" ''
set_refused "$(i=0; while [ $i -lt 40 ]; do printf /a; i=$((i + 1)); done)=1" ''
