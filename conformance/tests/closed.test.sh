#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
# What the host closes to everybody is not applicable, by the words that a probe names (`closed:`) and
# by no other; and the two foreign ways into the kernel have a verdict whether or not it takes them.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }

# own NAME CLOSED-LINE WORD-OUTSIDE: a probe that is refused inside by EPERM
own() {
	mkdir -p own/syscalls
	{
		printf '#!/bin/sh\n# id: syscalls.%s\n# title: A probe of this test\n# requirement: SYS-21\n' "$1"
		printf '# class: P\n# needs: nothing\n# setup: nothing\n# witness: nothing\n# refusals: EPERM\n'
		[ -z "$2" ] || printf '# closed: %s\n' "$2"
		printf '# reach: identity\n# budget: seconds=3 tasks=32 memory=64M output=64K\n'
		printf '# what: Nothing.\n# why: Nothing.\n# remedy: Nothing.\n'
		# shellcheck disable=SC2016 # for the probe to expand
		printf '. "${0%%/*}/../lib.sh"\nbegin "$1"\nif [ "$ARM" = reach ]; then say %s; else say denied EPERM; fi\n' "$3"
	} >"own/syscalls/$1.sh"
}
own own-closed 'ENOSYS SIGSEGV' 'denied SIGSEGV'
own own-not-loaded 'not-loaded' 'cannot-tell not-loaded'
own own-other 'ENOSYS' 'denied EPERM'
own own-unsaid '' 'denied ENOSYS'
own own-reached 'ENOSYS' 'reached -'
"$CONFINE" check --probes own --only 'syscalls.own-*' --only 'syscalls.abi-*' --json results.json >matrix 2>progress
n $(($? == 4 ? 0 : 1)) "a partial run exits 4"
python3 - <<'END'
import json
verdicts = {p["id"].removeprefix("syscalls."): p for p in json.load(open("results.json"))["probes"]}
for name, wanted, words in (
        ("own-closed", "not-applicable", "SIGSEGV"), ("own-not-loaded", "not-applicable", "not-loaded"),
        ("own-other", "error", "EPERM"), ("own-unsaid", "error", "ENOSYS"), ("own-reached", "enforced", "EPERM")):
    got = verdicts[name]
    print("ok" if (got["verdict"], words in got["reason"]) == (wanted, True) else "not ok",
          f"- {name}: {got['verdict']}: {got['reason']}")
for name in ("abi-i386", "abi-x32"):
    got = verdicts[name]
    print("ok" if got["verdict"] in ("enforced", "not-applicable") else "not ok", f"- {name}: {got['verdict']}: {got['reason']}")
END
"$CONFINE" check explain syscalls.abi-i386 | grep -q 'Where the host itself closes it'
n $? "explain says which answers of the host close it"

# Where no shield can be built nothing is tried, the run control as little as anything else; and the record
# of that is one that the reports take. Of a user namespace of the test's own.
if unshare -Ur true 2>/dev/null; then
	# shellcheck disable=SC2016 # for the shell in there
	unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"' sh \
		"$CONFINE" check --target none --only FS-01 --json bare.json --junit bare.xml >matrix 2>progress
	n $(($? == 4 ? 0 : 1)) "without a shield: exit 4 $(head -c 200 progress)"
	grep -q "the suite's own controls could not be tried\|no level: a partial run" matrix; n $? "without a shield: no level"
	grep -q '<error' bare.xml && ! grep -q '<failure' bare.xml; n $? "without a shield: JUnit has errors, and nothing else"
	"$BUILD/libexec/confine/confine-report" text bare.json >text 2>&1
	n $(($? == 4 ? 0 : 1)) "without a shield: confine report says the same"
	python3 - <<-'END'
	import json
	r = json.load(open("bare.json"))
	def n(ok, text): print("ok" if ok else "not ok", "-", text)
	n({r["runControl"][k] for k in ("leaky", "denyAll", "silent")} == {"untestable"}, "without a shield: the run control is untestable")
	n(all(p["verdict"] == "untestable" and "namespace" in p["reason"] for p in r["probes"]), "without a shield: each probe is, too, and says why")
	END
else
	echo "ok - without a shield # SKIP no user namespaces"
fi
