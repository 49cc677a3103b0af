#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# evidence.test.sh - a real run is signed, and the world's own tools agree: openssl and ssh-keygen
# accept what we signed and nothing else; we accept what ssh-keygen signed. Then the commands as
# programs: exit status, one line, nothing half made.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }
is() { # wanted, got, text
	if [ "$1" = "$2" ]; then
		echo "ok - $3"
	else
		echo "not ok - $3"
		printf '# wanted %s\n# got    %s\n' "$1" "$2" | head -c 600
	fi
}
cd "$TESTTMP" || exit 1
umask 077
report="$CONFINE report"
nonce=nonce-4-collector

# One line on stderr, nothing on stdout, this status.
refused() { # status, pattern, what, argument…
	want=$1 pattern=$2 what=$3
	shift 3
	$report "$@" >out 2>err </dev/null
	got=$?
	[ "$got" -eq "$want" ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -q -- "$pattern" err
	n $? "$what: $want, one line ($got: $(head -c 300 err))"
}

openssl genpkey -algorithm ed25519 -out key.pem 2>/dev/null
openssl pkey -in key.pem -pubout -out key.pub 2>/dev/null
openssl genpkey -algorithm ed25519 2>/dev/null | openssl pkey -pubout -out other.pub 2>/dev/null
"$CONFINE" check --only filesystem.write-outside --challenge "$nonce" --json results.json >/dev/null 2>&1
is 4 $? 'a partial run for a collector exits 4'

# --- openssl ---------------------------------------------------------------------------------
$report sign results.json --key key.pem -o bundle --chain chain >said
is 0 $? 'it is signed'
head=$(sed -n 's/^head *//p' said)
is "$head" "$(cat chain/head)" 'sign prints the head of the chain'
$report verify bundle --key key.pub --challenge "$nonce" --chain chain --head "$head" >said
is 0 $? 'and verified, by its key, its nonce, its chain and its head'
grep -q 'collector-witnessed, by the nonce' said && grep -q '^result  FAILED, exit 4' said
n $? 'what is said: who vouches, and what the run came to'
$report verify bundle --print-pae -o pae && $report verify bundle --print-sig -o sig
is 'Signature Verified Successfully' \
	"$(openssl pkeyutl -verify -pubin -inkey key.pub -rawin -in pae -sigfile sig 2>&1)" 'openssl accepts the signature'
openssl pkeyutl -verify -pubin -inkey other.pub -rawin -in pae -sigfile sig >/dev/null 2>&1
is 1 $? 'and not for another key'
printf x >>pae
openssl pkeyutl -verify -pubin -inkey key.pub -rawin -in pae -sigfile sig >/dev/null 2>&1
is 1 $? 'and not over other bytes'
is "$(openssl pkey -pubin -in key.pub -outform DER | sha256sum | cut -d' ' -f1)" \
	"$(sed -n 's/.*"keyid":"\([0-9a-f]*\)".*/\1/p' bundle/attestation.dsse.json)" 'keyid is the digest of the key in DER'
python3 - bundle <<'END'
import base64, hashlib, json, os, sys
envelope = json.load(open(sys.argv[1] + "/attestation.dsse.json"))
statement = json.loads(base64.b64decode(envelope["payload"]))
found = {os.path.relpath(os.path.join(d, f), sys.argv[1]): hashlib.sha256(open(os.path.join(d, f), "rb").read()).hexdigest()
         for d, _, files in os.walk(sys.argv[1]) for f in files if f != "attestation.dsse.json"}
results = json.load(open(sys.argv[1] + "/results.json"))
p = statement["predicate"]
ok = {
    "is an in-toto statement with the predicate test-result": statement["_type"] == "https://in-toto.io/Statement/v1"
        and statement["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
        and envelope["payloadType"] == "application/vnd.in-toto+json",
    "its subjects are the other files": {s["name"]: s["digest"]["sha256"] for s in statement["subject"]} == found,
    "holds every probe, the text and the record": {"results.json", "CONFORMANCE.md", "probes/lib.sh"} < set(found)
        and len([f for f in found if f.startswith("probes/") and f.count("/") == 2]) > 100,
    "its tests are the probes of the run": sorted(p["passedTests"] + p["warnedTests"] + p["failedTests"])
        == sorted(x["id"] for x in results["probes"]),
    "its counts reconcile": p["confine"]["counts"]["probes"] == len(results["probes"])
        == sum(v for k, v in p["confine"]["counts"].items() if k != "probes"),
    "carries nonce, host, identity and digests": p["confine"]["attestation"]["challenge"] == results["attestation"]["challenge"]
        and p["confine"]["host"]["name"] == results["host"]["hostname"]
        and all(v == p["confine"]["digests"][k] for k, v in results["conditions"]["digests"].items()),
}
for what, value in ok.items():
    print(("ok" if value else "not ok") + " - the envelope " + what)
END
(cd bundle && sha256sum probes/lib.sh probes/mark.sh probes/gconv-modules | sed 's|probes/||'
	for layer in resources filesystem network privilege syscalls ipc lifecycle environment output scratch report; do
		find probes/$layer -name '*.sh' 2>/dev/null | sort | xargs -r sha256sum | sed 's|probes/||'
	done) >list
is "$(sed -n 's/.*"catalogue":[^"]*"\([0-9a-f]*\)".*/\1/p' results.json)" "$(sha256sum <list | cut -d' ' -f1)" \
	'the digest of the probes in the record is what sha256sum makes of the bundle'

# --- ssh-keygen ------------------------------------------------------------------------------
if command -v ssh-keygen >/dev/null && id -un >/dev/null 2>&1; then
	ssh-keygen -q -t ed25519 -N '' -C 'a host' -f host
	ssh-keygen -q -t ed25519 -N secret -f locked
	echo "host namespaces=\"confine-evidence\" $(cat host.pub)" >allowed
	$report sign results.json --key host -o ssh >said
	is 0 $? 'a key of OpenSSH signs'
	is "$(ssh-keygen -lf host.pub | cut -d' ' -f2)" "$(sed -n 's/^key *//p' said)" 'under the fingerprint of ssh-keygen -l'
	$report verify ssh --key host.pub >/dev/null
	is 0 $? 'and is verified by its public line'
	$report verify ssh --print-pae -o pae && $report verify ssh --print-sig -o sig
	ssh-keygen -Y verify -f allowed -I host -n confine-evidence -s sig <pae >/dev/null 2>&1
	is 0 $? 'ssh-keygen accepts the signature'
	ssh-keygen -Y verify -f allowed -I host -n file -s sig <pae >/dev/null 2>&1
	is 255 $? 'and not in another namespace'
	printf x | cat pae - | ssh-keygen -Y verify -f allowed -I host -n confine-evidence -s sig >/dev/null 2>&1
	is 255 $? 'and not over other bytes'
	for options in '-n confine-evidence' '-n confine-evidence -O hashalg=sha256' '-n file'; do
		rm -f pae.sig
		# shellcheck disable=SC2086 # two options
		ssh-keygen -q -Y sign -f host $options pae 2>/dev/null
		blob=$(sed '1d;$d' pae.sig | tr -d '\n')
		cp -r ssh theirs
		sed "s|\"sig\":\"[^\"]*\"|\"sig\":\"$blob\"|" ssh/attestation.dsse.json >theirs/attestation.dsse.json
		case $options in
		'-n file') refused 6 'another namespace' "ssh-keygen -Y sign $options" verify theirs --key host.pub ;;
		*)
			$report verify theirs --key host.pub >/dev/null
			is 0 $? "we accept ssh-keygen -Y sign $options"
			;;
		esac
		rm -rf theirs
	done
	refused 6 'is no signature of an Ed25519 key of OpenSSH' "openssl's signature by a key of OpenSSH" verify bundle --key host.pub
	refused 6 'is not of the key' "a signature of OpenSSH by openssl's key" verify ssh --key key.pub
	refused 2 'protected by a passphrase' 'a key with a passphrase' sign results.json --key locked -o no
	ssh-keygen -q -t rsa -b 2048 -N '' -f rsa
	refused 2 'must be ssh-ed25519' 'an RSA key' sign results.json --key rsa -o no
	refused 2 'must be ssh-ed25519' 'an RSA public key' verify ssh --key rsa.pub
else
	echo 'ok - ssh-keygen # SKIP not installed, or this identity has no name, which it wants'
fi

# --- other people's bundles ------------------------------------------------------------------
refused 6 'is not of the key' 'a bundle by another key' verify bundle --key other.pub
refused 6 'not the challenge nonce-5' 'another challenge' verify bundle --key key.pub --challenge nonce-5
refused 6 'is of the host' 'another host' verify bundle --key key.pub --host elsewhere
cp -r bundle bad
sed 's/"hostname":[^"]*"[^"]*"/"hostname": "elsewhere"/' bundle/results.json >bad/results.json
refused 6 'results.json: is not what was signed' 'a record with another host in it' verify bad --key key.pub
cp bundle/results.json bad/results.json
head -c 1000 bundle/attestation.dsse.json >bad/attestation.dsse.json
refused 6 'line 1' 'an envelope that is cut' verify bad --key key.pub
head -c 1000000 /dev/zero | tr '\0' '[' >bad/attestation.dsse.json
refused 6 'line 1' 'a million brackets' verify bad --key key.pub
truncate -s 1G bad/attestation.dsse.json
(ulimit -v 100000 && refused 6 'larger than' 'an envelope of 1 GiB, in 100 MB' verify bad --key key.pub)
cp bundle/attestation.dsse.json bad/
truncate -s 128M bad/controls/ids.tsv
(ulimit -v 100000 && refused 6 'ids.tsv: is not what was signed' 'a member that grew, in 100 MB' verify bad --key key.pub)
rm -rf bad

# --- arguments -------------------------------------------------------------------------------
refused 2 'sign needs --key' 'sign without a key' sign results.json -o no
refused 2 'sign needs -o DIR' 'sign to standard output' sign results.json --key key.pem
refused 2 'evidence is never overwritten' 'sign over something' sign results.json --key key.pem -o bundle
refused 2 'is no private key' 'sign with a public key' sign results.json --key key.pub -o no
refused 2 'missing.json' 'a record that is not there' sign missing.json --key key.pem -o no
echo '[]' >none.json
refused 2 'must be an object' 'a record that is none' sign none.json --key key.pem -o no
openssl pkey -in key.pem -pubout -out other.pub
chmod 644 other.pub
refused 2 'is no private key' 'a public key, which everybody may read' sign results.json --key other.pub -o no
chmod 644 key.pem
refused 2 'is open to everybody (mode 0644)' 'a private key for everybody' sign results.json --key key.pem -o no
chmod 600 key.pem
refused 74 'cannot make' 'a place that is not there' sign results.json --key key.pem -o missing/no
refused 2 'verify needs --key' 'verify without a key' verify bundle
refused 2 'needs a bundle, or --chain' 'verify of nothing' verify --key key.pub
refused 2 'cannot open' 'a bundle that is not there' verify missing --key key.pub
refused 2 'as a directory' 'a bundle that is a file' verify results.json --key key.pub
refused 2 'a head is NUMBER:SHA-256' 'a head that is none' verify --chain chain --key key.pub --head 1
refused 2 'needs --chain' 'a head without a chain' verify bundle --key key.pub --head "$head"
refused 2 'must be YYYY-MM-DD' 'a day that is none' verify bundle --key key.pub --as-of tomorrow
refused 2 'needs --seed N and --size K' 'a sample without a seed' sample results.json --size 3
refused 2 '--size' 'a sample of none' sample results.json --seed 1 --size 0
refused 2 'is no option of this command' 'an option of another' junit results.json --seed 1
[ ! -e no ] && [ -z "$(find . -name '*no.*')" ]
n $? 'nothing was left by what was refused'

# --- the draw, made again with sha256sum and sort --------------------------------------------
$report sample results.json --seed 42 --size 1 >drawn
is 0 $? 'a sample is drawn'
run=$(sed -n 's/.*"id":[^"]*"\([0-9a-f]\{32\}\)".*/\1/p' results.json | head -n 1)
sed "s/$run/$(echo "$run" | tr 0-9a-f a-f0-9)/" results.json >second.json
$report sample results.json second.json --seed 42 --size 2 >both
$report sample second.json results.json --seed 42 --size 2 >again
cmp -s both again
n $? 'in whatever order the files come'
for id in "$run" "$(echo "$run" | tr 0-9a-f a-f0-9)"; do
	printf '42/%s/filesystem.write-outside' "$id" | sha256sum | cut -d' ' -f1
done | sort >ranks
is "$(cat ranks)" "$(sed -n 's/^ *rank //p' both)" 'by the rank that anybody can work out'
refused 2 'is in two of the files' 'one run twice' sample results.json "$TESTTMP/./results.json" --seed 1 --size 1
