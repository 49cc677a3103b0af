#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# everyday.test.sh - ordinary work goes on as ever under the shipped default policy: each script runs
# once outside and once inside, and has to say the same and end with the same status.
#
# every TOOLS… -- SCRIPT: by bash, in an empty directory of its own; a tool that is not here is a
# skip. Neither place has a name in the output: no path, no user, no time. What needs an account of
# its uid (ssh-keygen) or a terminal device (script) has neither inside, whatever the filter.
set -u
: "${CONFINE:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1
umask 022
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
count=0

outside() {
	env -i PATH="$PATH" HOME="$PWD" TMPDIR="$PWD" LC_ALL=C.UTF-8 \
		timeout -k 5 60 bash -c "$1" </dev/null
}

inside() {
	timeout -k 5 60 "$CONFINE" run --env LC_ALL=C.UTF-8 -- /bin/bash -c "$1" </dev/null
}

every() {
	name=
	while [ "$1" != -- ]; do
		name="$name $1"
		command -v "$1" >/dev/null || {
			echo "ok - everyday:$name # SKIP $1 is not installed"
			return
		}
		shift
	done
	mkdir outside && (cd outside && outside "$2" >../wanted 2>&1; echo "status $?" >>../wanted)
	chmod -R u+rwX outside && rm -r outside
	if ! grep -q '^status 0$' wanted || [ "$(wc -l <wanted)" -lt 2 ]; then
		echo "ok - everyday:$name # SKIP it does not work outside: $(head -n 1 wanted | cut -c1-80)"
		return
	fi
	count=$((count + 1))
	inside "$2" >got 2>&1
	echo "status $?" >>got
	if cmp -s wanted got; then
		echo "ok - everyday $count:$name"
	else
		echo "not ok - everyday $count:$name"
		diff wanted got | head -n 12 | sed 's/^/# /'
	fi
}

# --- text and files ------------------------------------------------------------------------------
every sort uniq seq -- 'seq 100 | sort -rn | head -n 3; printf "b\na\nb\n" | sort | uniq -c'
every sort -- 'seq 200000 | sort -R --random-source=/dev/zero --parallel=2 -S 1M | sort -n -S 1M | tail -n 1'
every awk -- 'seq 10 | awk "{ s += \$1 } END { print s; printf \"%.3f\\n\", s / 7 }"'
every sed -- 'printf "one\ntwo\n" >f; sed -i "s/o/0/g" f; sed -n "1p;\$p" f'
every grep -- 'mkdir -p a/b; echo needle >a/b/x; echo hay >a/y; grep -rl needle a; grep -c . a/y'
every cut paste tr join -- 'printf "1 a\n2 b\n" >l; printf "1 c\n2 d\n" >r; join l r; cut -d" " -f2 l | paste -s -d, | tr a-z A-Z'
every find -- 'mkdir -p t/u; touch t/1 t/u/2; find t -type f -exec basename {} \; | sort; find t -delete; ls'
every xargs -- 'seq 40 | xargs -P 4 -n 5 sh -c "echo \$#" sh | sort | uniq -c'
every tar -- 'mkdir d; echo x >d/f; ln -s f d/l; chmod 640 d/f; tar cf a.tar --sort=name d; rm -r d; tar xf a.tar; ls d; cat d/l; stat -c %a d/f'
every gzip -- 'seq 1000 | gzip -9n | tee z.gz | gunzip | tail -n 1; gzip -t z.gz && echo good'
every xz -- 'seq 1000 | xz -T2 | xz -d | tail -n 1'
every bzip2 -- 'seq 1000 | bzip2 | bunzip2 | tail -n 1'
every zstd -- 'seq 1000 | zstd -q -T2 | zstd -dq | tail -n 1'
every dd od -- 'dd if=/dev/zero of=f bs=64K count=16 conv=fsync status=none; stat -c %s f; dd if=f bs=1 count=4 status=none | od -An -tx1; head -c 16 /dev/urandom | wc -c'
every mktemp -- 't=$(mktemp); d=$(mktemp -d); echo a >"$t"; cp "$t" "$d/x"; cat "$d/x"; stat -c %a "$t" "$d"'
every sha256sum -- 'echo data >f; sha256sum f >s; sha256sum -c s; md5sum f; cksum f'
every diff patch -- 'printf "a\nb\n" >1; printf "a\nc\n" >2; diff -u --label x --label y 1 2 >p; patch -s 1 p; cat 1; ls'
every split cat -- 'seq 100 >f; split -l 30 f part.; cat part.* | cmp - f && ls part.* | wc -l'
every ln readlink -- 'touch f; ln f h; ln -s f s; readlink s; stat -c %h f; test h -ef s && echo same'
every cp install -- 'mkdir a; echo x >a/f; chmod 700 a/f; touch -d @0 a/f; cp -a a b; stat -c "%a %Y" b/f; install -m 644 a/f g; stat -c %a g; cp --reflink=auto a/f h; cmp a/f h && mv h i && cat i'
every date touch -- 'touch -d "2001-02-03 04:05:06 UTC" f; TZ=UTC date -r f +%F; date -u -d @86400 +%F'
every truncate fallocate -- 'truncate -s 1M f; fallocate -l 64K g; stat -c %s f g; sync f'
every numfmt shuf -- 'shuf -i 1-5 | sort; numfmt --to=iec 1048576; factor 360; expr 3 \* 4'
every bc -- 'echo "scale=5; 22/7; 2^64" | bc'
every jq -- 'echo "{\"a\":[1,2]}" | jq -c ".a|map(.+1)"'

# --- shells and processes ---------------------------------------------------------------------------
every bash -- 'a=(1 2 3); echo "${#a[@]} ${a[-1]}"; while read -r x; do echo "<$x>"; done < <(seq 2); echo $((2**10)) ${RANDOM:+r}'
every bash sleep -- 'set -m; { sleep 30 & sleep 30 & kill %1; wait %1; echo $?; kill %2; wait %2; echo $?; jobs | wc -l; } 2>/dev/null'
every bash kill -- 'trap "echo caught" USR1; kill -USR1 $$; (sleep 0.1; kill -TERM $$) & trap "echo bye; exit 0" TERM; wait; wait'
every mkfifo tee -- 'mkfifo p; (echo through >p) & tee c <p; wait; cat c'
every timeout -- 'timeout 0.2 sleep 5; echo $?; timeout -s KILL 5 true; echo $?'
every setsid nohup -- 'setsid -w echo session; nohup true; nice -n 5 nice; echo end'
every flock -- 'flock l sh -c "flock -n l true || echo held"; flock l echo free'
every env id -- 'env -i A=b env; id -u | grep -c .; umask; ulimit -c'
every stdbuf tty -- 'stdbuf -oL echo buffered; tty; stty size 2>/dev/null || echo no terminal'
every ps -- 'ps -o comm= -p $$; pgrep -c bash >/dev/null && echo seen'

# --- languages --------------------------------------------------------------------------------------
every python3 -- 'python3 -c "import json, re, math; print(json.dumps({\"a\": [1, 2.5]}), re.sub(\"a+\", \"b\", \"caat\"), math.factorial(20))"'
every python3 -- 'python3 -c "
import threading
out = []
ts = [threading.Thread(target=lambda i=i: out.append(i * i)) for i in range(16)]
[t.start() for t in ts]; [t.join() for t in ts]
print(sorted(out))"'
every python3 -- 'python3 -c "
import subprocess
print(subprocess.run([\"tr\", \"a-z\", \"A-Z\"], input=b\"hello\", capture_output=True, check=True).stdout)
print(subprocess.check_output(\"exit 0; echo no\", shell=True))
print(subprocess.Popen([\"sleep\", \"0.1\"], start_new_session=True, close_fds=True).wait(5))"'
every python3 -- 'cat >p.py <<X
import multiprocessing as m
def f(x): return x * x
if __name__ == "__main__":
    with m.Pool(3) as pool: print(pool.map(f, range(10)))
    q = m.get_context("spawn").Queue(); q.put(7); print(q.get(timeout=20))
X
python3 p.py'
every python3 -- 'python3 -c "
import asyncio
async def serve(r, w): w.write((await r.readline()).upper()); w.close()
async def main():
    s = await asyncio.start_server(serve, \"127.0.0.1\", 0)
    r, w = await asyncio.open_connection(*s.sockets[0].getsockname())
    w.write(b\"over loopback\\n\"); print(await r.read())
asyncio.run(main())"'
every python3 -- 'python3 -c "
import mmap, os, tempfile, socket, select, signal, shutil, zlib
with tempfile.TemporaryFile() as f:
    f.truncate(8192); m = mmap.mmap(f.fileno(), 8192); m[0:2] = b\"hi\"; print(bytes(m[0:3]))
a, b = socket.socketpair(); a.send(b\"x\"); print(select.select([b], [], [], 5)[0] == [b])
signal.signal(signal.SIGALRM, lambda *_: print(\"alarm\")); signal.setitimer(signal.ITIMER_REAL, 0.05); signal.pause()
os.mkdir(\"d\"); shutil.make_archive(\"z\", \"zip\", \"d\"); print(os.path.exists(\"z.zip\"), zlib.crc32(b\"a\"))"'
every python3 -- 'python3 -c "
import sqlite3, hashlib, ctypes, fcntl, resource, uuid
c = sqlite3.connect(\"x.db\"); c.execute(\"pragma journal_mode=wal\"); c.execute(\"create table t(a)\"); c.executemany(\"insert into t values(?)\", [(i,) for i in range(9)]); c.commit()
print(c.execute(\"select sum(a) from t\").fetchone(), hashlib.sha256(b\"\").hexdigest()[:8], ctypes.CDLL(None).abs(-3), len(uuid.uuid4().hex))
f = open(\"l\", \"w\"); fcntl.lockf(f, fcntl.LOCK_EX); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0)"'
every perl -- 'perl -e "print join(\",\", map { \$_ ** 2 } grep { \$_ % 2 } 1..9), qq{\n}; my \$p = fork; if (!\$p) { exit 3 } waitpid \$p, 0; print \$? >> 8, qq{\n}; print scalar(localtime(0)) ? qq{t\n} : q{}"'
every node -- 'node -e "console.log([1,2,3].map(x => x * 2), process.version.length > 3, os.cpus().length > 0, Object.keys(os.networkInterfaces()).includes(\"lo\"))"'
every node -- 'node -e "
const { Worker } = require(\"worker_threads\");
const w = new Worker(\"const { parentPort } = require(\\\"worker_threads\\\"); parentPort.postMessage(6 * 7)\", { eval: true });
w.on(\"message\", m => console.log(m)); w.on(\"exit\", c => console.log(\"exit\", c))"'
every node -- 'node -e "
const cp = require(\"child_process\"), fs = require(\"fs\");
fs.writeFileSync(\"f\", \"text\"); fs.watchFile; console.log(fs.readFileSync(\"f\", \"utf8\"), cp.execSync(\"echo child\").toString().trim());
fs.promises.readFile(\"f\").then(b => {
	console.log(b.length);
	cp.spawn(\"cat\", [\"f\"]).stdout.on(\"data\", d => console.log(String(d)));
})"'
every node -- 'node -e "
const http = require(\"http\");
const s = http.createServer((q, r) => r.end(\"served\")).listen(0, \"127.0.0.1\", () =>
	http.get({ port: s.address().port, host: \"127.0.0.1\" }, r => r.on(\"data\", d => { console.log(String(d)); s.close() })))"'

# --- building things ----------------------------------------------------------------------------------
every gcc -- 'printf "#include <stdio.h>\nint main(void) { return puts(\"hello\") < 0; }\n" >h.c; gcc -O2 -Wall -o h h.c && ./h; gcc -static -o s h.c 2>/dev/null && ./s'
every gcc -- 'cat >t.c <<X
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static void *run(void *n) { return n; }
int main(void)
{
	pthread_t t[8];
	for (long i = 0; i < 8; i++)
		pthread_create(&t[i], NULL, run, (void *)i);
	for (long i = 0; i < 8; i++) {
		void *n;
		pthread_join(t[i], &n);
		printf("%ld ", (long)n);
	}
	fflush(stdout);
	if (vfork() == 0)
		_exit(0);
	wait(NULL);
	return system("echo; echo system") | pclose(popen("cat >/dev/null", "w"));
}
X
gcc -pthread -o t t.c && ./t'
every make cc -- 'printf "all: a b\n\t@cat a b\n%%:\n\t@echo \$@ >\$@\n" >Makefile; make -j4 -s'
every git -- 'git init -q -b main r && cd r && git config user.name n && git config user.email e && echo 1 >f && git add f && git commit -qm first && echo 2 >>f && git commit -qam second && git log --format=%s && git diff HEAD~1 --stat && git status --short'
every git -- 'git init -q -b main r && cd r && git config user.name n && git config user.email e && for i in 1 2 3; do echo $i >f$i; git add .; git commit -qm $i; done; git checkout -qb side HEAD~1; echo s >s; git add s; git commit -qm s; git merge -q --no-edit main; git gc -q; git fsck 2>&1 | wc -l; cd ..; git clone -q r c && git -C c log --oneline | wc -l; git -C c stash list; git -C c archive HEAD | tar t | wc -l'
every sqlite3 -- 'sqlite3 x.db "pragma journal_mode=wal; create table t(a primary key, b); insert into t select value, hex(value) from generate_series(1, 500); select count(*), sum(a) from t; vacuum;"'
every openssl -- 'echo data | openssl dgst -sha256; openssl rand -hex 8 | wc -c; echo s | openssl enc -aes-256-cbc -pbkdf2 -k k | openssl enc -d -aes-256-cbc -pbkdf2 -k k; openssl genpkey -algorithm ed25519 | wc -l'
every openssl -- 'openssl speed -seconds 1 -bytes 1024 sha256 >/dev/null 2>&1 && echo measured'
every curl -- 'echo content >f; curl -s "file://$PWD/f"; curl -s --max-time 2 http://127.0.0.1:1/; echo $?'
every busybox -- 'busybox sh -c "echo in busybox | busybox wc -w; busybox seq 3 | busybox sort -r"'
every gpg-agent gpg -- 'mkdir -m 700 g; GNUPGHOME=g gpg --batch -q --passphrase "" --quick-gen-key t ed25519 2>/dev/null; GNUPGHOME=g gpg -K 2>/dev/null | grep -c ^sec; GNUPGHOME=g gpgconf --kill all'
every ip -- 'ip -o link show lo | cut -d: -f2; ip -4 -o addr show dev lo | grep -c 127.0.0.1'
every locale getconf -- 'locale charmap; getconf PAGESIZE; uname -sm; nproc | grep -c .'
every dpkg-deb -- 'mkdir -p p/DEBIAN; printf "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: m\nDescription: d\n" >p/DEBIAN/control; dpkg-deb --root-owner-group -b p x.deb >/dev/null && dpkg-deb -f x.deb Version'

# A tracer is refused, and says so; nothing hangs.
if command -v strace >/dev/null; then
	if inside 'strace -o t true 2>e; test $? -ne 0 && grep -qi "not permitted" e'; then
		echo 'ok - strace is refused in words'
	else
		echo 'not ok - strace is refused in words'
	fi
else
	echo 'ok - strace is refused in words # SKIP strace is not installed'
fi
if [ "$count" -ge 40 ]; then
	echo "ok - $count everyday scripts, the same inside as outside"
else
	echo "ok - $count everyday scripts, the same inside as outside # SKIP too few of the tools are installed"
fi
