# SPDX-License-Identifier: Apache-2.0
# The only build; non-recursive. `make help` lists the targets.
CC      ?= gcc
ifeq ($(origin CC),default)
CC      := gcc
endif
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0
OUT     ?= out

warnings := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wwrite-strings -Wcast-qual -Wcast-align \
	-Wpointer-arith -Wundef -Wvla -Walloca -Wformat=2 -Wswitch-enum -Wimplicit-fallthrough \
	-Wnull-dereference -Wnested-externs -Wredundant-decls -Wframe-larger-than=16384 -Werror
hardening := -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection=full \
	-fno-common -fno-strict-aliasing -fno-delete-null-pointer-checks
link_hardening := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code -Wl,--as-needed

ifneq (,$(findstring clang,$(shell $(CC) --version 2>/dev/null)))
warnings += -Wmissing-variable-declarations -Wcomma -Wassign-enum -Wunreachable-code
else
warnings += -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wformat-overflow=2 \
	-Wformat-truncation=2 -Wjump-misses-init
hardening += -ftrivial-auto-var-init=zero -fzero-call-used-regs=used-gpr
endif

optimise := -O2 -D_FORTIFY_SOURCE=3
sanitizers :=
ifeq ($(SANITIZE),1)
optimise := -O1 -g -fno-omit-frame-pointer
sanitizers := -fsanitize=address,undefined -fno-sanitize-recover=undefined
link_hardening := -pie
# Sanitised frames carry red zones, and their checks look like duplicates and null paths to gcc.
warnings := $(filter-out -Wframe-larger-than=16384 -Wnull-dereference -Wduplicated-branches \
	-Wformat-truncation=2 -Wformat-overflow=2,$(warnings)) -Wno-format-truncation -Wno-format-overflow
endif

CPPFLAGS += -I. -D_GNU_SOURCE -DCONFINE_VERSION='"$(VERSION)"' $(EXTRA_CPPFLAGS)
CFLAGS   += -std=gnu17 -g $(optimise) $(hardening) $(sanitizers) $(warnings)
LDFLAGS  += $(link_hardening) $(sanitizers)
xml_cflags := $(shell xml2-config --cflags 2>/dev/null || echo -I/usr/include/libxml2)

base_src    := $(wildcard runner/base/*.c)
runner_src  := $(wildcard runner/*.c runner/layers/*.c)
image_src   := $(wildcard runner/image/*.c)
filter_src  := $(wildcard runner/filter/*.c)
library_src := $(wildcard runner/library/*.c)
egress_src  := $(wildcard runner/egress/*.c)
names_src   := $(wildcard runner/names/*.c)
lab_src     := $(wildcard fixtures/lab/*.c)
check_src   := $(wildcard conformance/*.c)
attack_src  := $(wildcard probes/attack/*.c)
report_src  := $(wildcard reports/*.c reports/evidence/*.c)
obj          = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
filter_obj  := $(BUILD)/gen/filter_programs.o

# The image `confine` is static and of musl, where its headers and libc.a are at hand: no loader, no
# symbols to bind, and a libc whose start asks the processor nothing, which in a virtual machine costs
# more than all of the rest. Everything else is of the host's libc, and so is the image under
# sanitizers or with `make MUSL_LIB=`.
machine      := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
MUSL_LIB     ?= /usr/lib/$(machine)-linux-musl
MUSL_INCLUDE ?= /usr/include/$(machine)-linux-musl
comma        := ,
musl         := $(if $(filter 1,$(SANITIZE)),,$(wildcard $(MUSL_LIB)/libc.a))
image_obj     = $(if $(musl),$(patsubst %.c,$(BUILD)/musl/%.o,$(1)),$(call obj,$(1)))

bin     := $(BUILD)/bin/confine
libexec := $(addprefix $(BUILD)/libexec/confine/confine-,\
	filter egress names $(if $(lab_src),lab) $(if $(check_src),check) $(if $(attack_src),attack) $(if $(report_src),report))
share   := $(BUILD)/share/confine
test_src := $(wildcard runner/tests/test_*.c runner/base/tests/test_*.c conformance/tests/test_*.c \
	reports/tests/test_*.c fixtures/lab/tests/test_*.c)
tests   := $(patsubst %.c,$(BUILD)/tests/%,$(test_src))
sources := $(base_src) $(runner_src) $(image_src) $(library_src) $(wildcard runner/examples/*.c runner/library/tests/*.c) $(filter_src) $(egress_src) $(names_src) $(lab_src) $(check_src) $(attack_src) $(report_src) $(test_src)
headers := $(wildcard runner/*.h runner/library/*.h runner/base/*.h runner/layers/*.h runner/image/*.h runner/filter/*.h runner/egress/*.h fixtures/lab/*.h \
	conformance/*.h probes/attack/*.h reports/*.h reports/evidence/*.h)

# What a dynamic loader is tempted with: real objects whose constructor leaves a mark.

# libconfine: the reader of policies, and what starts and hears the image. PREFIX is in one object and
# in confine.pc alone, which have a place for each.
PREFIX_BUILD  := $(BUILD)/lib$(PREFIX)
soname        := libconfine.so.0
library_uses  := $(filter-out %/arena_exit.c %/cgroup.c %/cgroup_place.c %/namespace.c %/pages.c %/relro.c,$(base_src)) \
	runner/policy.c runner/policy_fields.c runner/filter.c
library_parts := $(filter-out %/place.c,$(library_src)) $(library_uses)
library       := $(addprefix $(PREFIX_BUILD)/,libconfine.so.$(VERSION) libconfine.a confine.pc)
pic_obj        = $(patsubst %.c,$(BUILD)/$(1)/%.o,$(2)) $(BUILD)/$(1)/gen/filter_programs.o

preload := $(if $(attack_src),$(addprefix $(BUILD)/libexec/confine/,probe-mark.so probe-audit.so libconfine-probe.so probe-dynamic))

.PHONY: all programs tests check conform faults hosts lint sanitize valgrind soak bench bench-merge bench-suite arch child-symbols \
	install clean help format sabotage sabotage-build sabotage-table fuzz library-tests
.DELETE_ON_ERROR:
.SECONDARY:

# `make V=1` shows whole command lines.
ifeq ($(V),1)
say := @true
q :=
else
say := @printf '  %-4s %s\n'
q := @
endif

all: programs

programs: $(bin) $(libexec) $(preload) $(share) $(library)

help:
	@sed -n 's/^#: //p' Makefile

#: make            build everything into build/
#: make check      unit tests, then tests against the real kernel, as root and unprivileged
#: make conform    run the suite on this host: matrix, out/results.json, out/junit.xml
#: make lint       clang-tidy, cppcheck, clang-format
#: make sanitize   the same tests under ASan and UBSan
#: make valgrind   unit tests under valgrind
#: make arch       do the folders depend on each other as they may; do text and tables agree
#: make faults     every system call of a run made to fail, as root and unprivileged: no false claim
#: make soak       long sweeps that CI only samples
#: make hosts      the host matrix: kernels and cgroups that this machine lacks, under emulation
#: make bench      run time against bubblewrap, as a ratio
#: make bench-suite  the whole suite: seconds, processor time, memory of all its processes
#: make install    DESTDIR= PREFIX=/usr/local

$(BUILD)/libbase.a: $(call obj,$(base_src))
	@rm -f $@
	$(say) AR $@
	$(q)ar rcs $@ $^

# No -D_FORTIFY_SOURCE: musl has no checked calls. The kernel's headers stand beside the libc's, and
# are found where this compiler finds them.
musl_cflags = -nostdinc -isystem $(MUSL_INCLUDE) -isystem $(shell $(CC) -print-file-name=include) \
	-idirafter $(BUILD)/musl/include $(filter-out -D_FORTIFY_SOURCE=%,$(CFLAGS))
# What comes before libc's start, where it is written for this processor.
image_entry := $(if $(filter x86_64 aarch64,$(machine)),-Wl$(comma)-e$(comma)image_start)
musl_crt    = $(addprefix $(MUSL_LIB)/,rcrt1.o crti.o)
musl_libs   = $(musl) $(shell $(CC) --rtlib=libgcc -print-libgcc-file-name 2>/dev/null) $(MUSL_LIB)/crtn.o

$(BUILD)/musl/include:
	@mkdir -p $@.new
	@printf '#include <asm/types.h>\n#include <linux/types.h>\n' | $(CC) -M -x c - | tr ' ' '\n' | \
		sed -n 's|/types\.h$$||p' | while read -r folder; do ln -sfn "$$folder" $@.new/; done
	@mv $@.new $@

$(BUILD)/musl/%.o: %.c | $(BUILD)/musl/include
	@mkdir -p $(@D)
	$(say) CC $@
	$(q)$(CC) $(CPPFLAGS) $(musl_cflags) -MMD -MP -c -o $@ $<

ifneq ($(musl),)
$(BUILD)/bin/confine: $(call image_obj,$(runner_src) $(image_src) $(base_src)) $(BUILD)/musl/gen/filter_programs.o
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(filter-out -pie -Wl$(comma)--as-needed,$(LDFLAGS)) -static-pie -nostdlib $(image_entry) -o $@ $(musl_crt) $^ $(musl_libs)
else
$(BUILD)/bin/confine: $(call obj,$(runner_src)) $(filter_obj) $(BUILD)/libbase.a
	@mkdir -p $(@D)
	$(say) LD "$@ (not static: no $(MUSL_LIB)/libc.a, in Debian package musl-dev)"
	$(q)$(CC) $(LDFLAGS) -o $@ $^
endif

# The system call filters are compiled here, not at run time: confine-filter knows libseccomp.
$(BUILD)/libexec/confine/confine-filter: $(call obj,$(filter_src) runner/filter_digest.c) $(BUILD)/libbase.a
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(LDFLAGS) -o $@ $^ -lseccomp

# Names are asked for by a program of its own, of the host's libc: it knows every resolver (nss).
$(BUILD)/libexec/confine/confine-names: $(call obj,$(names_src))
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(LDFLAGS) -o $@ $^

# Packet filter rules are loaded by a program of its own: confine-egress knows libnftables.
$(BUILD)/libexec/confine/confine-egress: $(call obj,$(egress_src)) $(BUILD)/libbase.a
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(LDFLAGS) -o $@ $^ -lnftables

$(BUILD)/gen/filter_programs.c: $(BUILD)/libexec/confine/confine-filter
	@mkdir -p $(@D)
	$(say) GEN $@
	$(q)$< --emit-c >$@

$(filter_obj): $(BUILD)/gen/filter_programs.c
	$(say) CC $@
	$(q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/musl/gen/filter_programs.o: $(BUILD)/gen/filter_programs.c | $(BUILD)/musl/include
	@mkdir -p $(@D)
	$(say) CC $@
	$(q)$(CC) $(CPPFLAGS) $(musl_cflags) -MMD -MP -c -o $@ $<

# --- the library: position independent, nothing visible but confine.h, and malloc(3) behind a guard ----
library_cflags = $(filter-out -fPIE,$(CFLAGS)) -fPIC -fvisibility=hidden -include runner/library/memory.h
# The same under sanitizers and with libc's allocator wrapped, for its tests alone.
test_flavours  := plain asan tsan
flavour_plain  := -O2
flavour_asan   := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
flavour_tsan   := -O1 -fno-omit-frame-pointer -fsanitize=thread
flavour_cflags  = -std=gnu17 -g $(flavour_$(1)) -Wall -Wextra
library_tests  := $(addprefix $(BUILD)/library/,$(test_flavours))

# An object below $(BUILD)/NAME/, of the tree or generated.
define compile_as
$(BUILD)/$(1)/%.o: %.c runner/library/memory.h
	@mkdir -p $$(@D)
	$$(say) CC $$@
	$$(q)$$(CC) $$(CPPFLAGS) $(2) -MMD -MP -c -o $$@ $$<
$(BUILD)/$(1)/gen/filter_programs.o: $(BUILD)/gen/filter_programs.c
	@mkdir -p $$(@D)
	$$(say) CC $$@
	$$(q)$$(CC) $$(CPPFLAGS) $(2) -c -o $$@ $$<
endef
$(eval $(call compile_as,pic,$$(library_cflags)))
$(foreach flavour,$(test_flavours),$(eval $(call compile_as,library-$(flavour),\
	$$(call flavour_cflags,$(flavour)) -include runner/library/memory.h)))

$(PREFIX_BUILD)/place.o: runner/library/place.c
	@mkdir -p $(@D)
	$(say) CC $@
	$(q)$(CC) $(CPPFLAGS) -DCONFINE_PREFIX='"$(PREFIX)"' $(library_cflags) -c -o $@ $<

$(PREFIX_BUILD)/libconfine.so.$(VERSION): $(call pic_obj,pic,$(library_parts)) $(PREFIX_BUILD)/place.o runner/library/confine.map
	$(say) LD $@
	$(q)$(CC) $(filter-out -pie,$(LDFLAGS)) -shared -Wl,-soname,$(soname) \
		-Wl,--version-script=runner/library/confine.map $(if $(sanitizers),,-Wl,-z,defs) -o $@ $(filter %.o,$^)
	$(q)ln -sf $(@F) $(@D)/$(soname) && ln -sf $(soname) $(@D)/libconfine.so

# One object, in which the names of the parts are local: a program may have its own policy_load().
$(PREFIX_BUILD)/libconfine.a: $(call pic_obj,pic,$(library_parts)) $(PREFIX_BUILD)/place.o
	@rm -f $@
	$(say) AR $@
	$(q)$(LD) -r -o $(@D)/libconfine.o $^
	$(q)objcopy --localize-hidden $(@D)/libconfine.o
	$(q)ar rcs $@ $(@D)/libconfine.o

$(PREFIX_BUILD)/confine.pc: runner/library/confine.pc.in Makefile
	@mkdir -p $(@D)
	$(say) GEN $@
	$(q)sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' $< >$@

$(BUILD)/library-%/place.o: runner/library/place.c
	@mkdir -p $(@D)
	$(q)$(CC) $(CPPFLAGS) -DCONFINE_PREFIX='"$(PREFIX)"' -c -o $@ $<

define link_library_test
$(BUILD)/library/$(1): runner/library/tests/library.c $$(call pic_obj,library-$(1),$$(library_parts)) $(BUILD)/library-$(1)/place.o
	@mkdir -p $$(@D)
	$$(say) LD $$@
	$$(q)$$(CC) $$(CPPFLAGS) $$(call flavour_cflags,$(1)) -pthread -Wl,--wrap=calloc,--wrap=realloc -o $$@ $$^
endef
$(foreach flavour,$(test_flavours),$(eval $(call link_library_test,$(flavour))))
library-tests: $(library_tests)

$(BUILD)/libexec/confine/confine-lab: $(call obj,$(lab_src)) $(BUILD)/libbase.a
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(LDFLAGS) -o $@ $^ -lmicrohttpd

$(BUILD)/libexec/confine/confine-check: $(call obj,$(check_src)) $(BUILD)/libbase.a
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(LDFLAGS) -o $@ $^ -lcrypto

$(BUILD)/libexec/confine/confine-report: $(call obj,$(report_src)) $(BUILD)/libbase.a
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(LDFLAGS) -o $@ $^ -lxml2 -lcrypto

# Static: it must run in any view of the file system, whatever loader or libc is there. Of musl where
# it is at hand, like the image: it is started some six hundred times in a run of the suite.
attack_obj := $(patsubst %.c,$(BUILD)/$(if $(musl),musl,static)/%.o,$(attack_src) runner/base/names.c)
$(BUILD)/libexec/confine/confine-attack: $(attack_obj)
	@mkdir -p $(@D)
	$(say) LD $@
ifneq ($(musl),)
	$(q)$(CC) -static -s -Wl,-z,relro,-z,noexecstack -nostdlib -o $@ $(MUSL_LIB)/crt1.o $(MUSL_LIB)/crti.o $^ $(musl_libs)
else
	$(q)$(CC) -static -Wl,-z,relro,-z,noexecstack -o $@ $^
endif

preload_cc = $(CC) $(CPPFLAGS) -std=gnu17 -O2 -fPIC $(warnings) -Wl,-z,relro,-z,now
$(BUILD)/libexec/confine/probe-mark.so: probes/attack/preload/mark.c
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(preload_cc) -shared -o $@ $^
$(BUILD)/libexec/confine/probe-audit.so: probes/attack/preload/audit.c probes/attack/preload/mark.c
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(preload_cc) -shared -o $@ $^
$(BUILD)/libexec/confine/libconfine-probe.so: probes/attack/preload/mark.c
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(preload_cc) -shared -Wl,-soname,libconfine-probe.so -o $@ $^
$(BUILD)/libexec/confine/probe-dynamic: probes/attack/preload/dynamic.c $(BUILD)/libexec/confine/libconfine-probe.so
	$(say) LD $@
	$(q)$(preload_cc) -fPIE -pie -Wl,--no-as-needed -o $@ $< -L$(@D) -lconfine-probe

$(BUILD)/static/%.o: %.c
	@mkdir -p $(@D)
	$(say) CC $@
	$(q)$(CC) $(CPPFLAGS) $(filter-out -fPIE $(sanitizers),$(CFLAGS)) -MMD -MP -c -o $@ $<

$(BUILD)/obj/reports/%.o: CPPFLAGS += $(xml_cflags)
$(BUILD)/tests/reports/%: CPPFLAGS += $(xml_cflags)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(say) CC $@
	$(q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The same layout as an installed tree, so that data is found the same way (links into the tree).
$(share): Makefile
	@mkdir -p $@
	@ln -sfn $(CURDIR)/probes $@/probes
	@ln -sfn $(CURDIR)/conformance/targets $@/targets
	@ln -sfn $(CURDIR)/conformance/controls $@/controls
	@mkdir -p $@/schema && ln -sf $(abspath $(wildcard runner/schema/*.json conformance/schema/*.json)) $@/schema/
	@ln -sfn $(CURDIR)/CONFORMANCE.md $@/CONFORMANCE.md
	@touch $@

check_libs := $(shell pkg-config --libs check 2>/dev/null || echo -lcheck -lm -lrt -lpthread)
without_main = $(filter-out %/main.o %/front.o,$(1))

$(BUILD)/tests/runner/base/tests/%: runner/base/tests/%.c $(BUILD)/libbase.a
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(CPPFLAGS) $(CFLAGS) -Wno-format-nonliteral $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $< $(BUILD)/libbase.a $(check_libs)
$(BUILD)/tests/runner/tests/%: runner/tests/%.c $(call without_main,$(call obj,$(runner_src))) $(filter_obj) $(BUILD)/libbase.a
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $< $(filter %.o %.a,$^) $(check_libs)
$(BUILD)/tests/conformance/tests/%: conformance/tests/%.c $(call without_main,$(call obj,$(check_src))) $(BUILD)/libbase.a
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $(filter %.c %.o %.a,$^) $(check_libs) -lcrypto
$(BUILD)/tests/reports/tests/%: reports/tests/%.c $(call without_main,$(call obj,$(report_src))) $(BUILD)/libbase.a
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $(filter %.c %.o %.a,$^) $(check_libs) -lxml2 -lcrypto
$(BUILD)/tests/fixtures/lab/tests/%: fixtures/lab/tests/%.c $(call without_main,$(call obj,$(lab_src))) $(BUILD)/libbase.a
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $(filter %.c %.o %.a,$^) $(check_libs) -lmicrohttpd

tests: $(tests)

#: make sabotage-build   the never-installed runner that can be made to lie, and suite that can be broken
sabotage-build:
	$(q)$(MAKE) --no-print-directory BUILD=$(BUILD)/sabotage EXTRA_CPPFLAGS=-DCONFINE_SABOTAGE \
		$(BUILD)/sabotage/bin/confine $(addprefix $(BUILD)/sabotage/libexec/confine/,confine-check confine-filter)
	$(q)ln -sf $(filter-out %/confine-check %/confine-filter,$(abspath $(libexec) $(preload))) $(BUILD)/sabotage/libexec/confine/
	$(q)ln -sfn $(abspath $(BUILD)/share) $(BUILD)/sabotage/share

#: make sabotage   every mutant of the runner against the suite; the table goes into conformance/SABOTAGE.md
#: make sabotage PART=2/8   the second of eight pieces of that; make sabotage-table: one table of all pieces
sabotage_py = CONFINE=$(abspath $(bin)) SABOTAGE=$(abspath $(BUILD)/sabotage) SRC=$(CURDIR) \
	python3 conformance/tests/sabotage.py
sabotage_text = --text conformance/SABOTAGE.md
sabotage: programs sabotage-build
	$(q)$(sabotage_py) $(if $(PART),--part $(PART) --save $(BUILD)/sabotage/part-$(subst /,-of-,$(PART)).json,$(sabotage_text))

sabotage-table:
	$(q)$(sabotage_py) --merge $(wildcard $(BUILD)/sabotage/part-*.json) $(sabotage_text)

# Schemas of others are never part of the tree; where a checkout has them beside it, use them.
export JUNIT_XSD_DIR ?= $(firstword $(wildcard $(CURDIR)/../shared/schemas))
# Long sweeps: CI runs a seeded sample, soak the full figures.
export CONFINE_SWEEP ?=

# Readers of our documents that others wrote, pinned in reports/tests/npm: only for tests, never in the
# tree, and only where npm is and gets them. Not there: the tests that want them say why they skip.
$(BUILD)/npm/installed: reports/tests/npm/package.json reports/tests/npm/package-lock.json
	@mkdir -p $(@D)
	$(say) NPM $@
	$(q)cp $^ $(@D)/
	$(q)if ! command -v npm >/dev/null; then \
		echo 'npm is missing (it comes with nodejs of its own makers, or as Debian package npm)' >$(@D)/why-not; \
	elif timeout 180 npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --prefer-offline \
		--fetch-retries=1 --fetch-timeout=20000 >$(@D)/log 2>&1; then \
		rm -f $(@D)/why-not; touch $@; \
	else \
		rm -rf $(@D)/node_modules; echo 'npm could not install the pinned modules (no registry?)' >$(@D)/why-not; \
	fi

check: programs tests library-tests sabotage-build arch child-symbols $(BUILD)/npm/installed
	$(q)fixtures/run-tests $(abspath $(BUILD))

# Every mutant against the whole suite, 5,000 generated results, the whole verdict space, every system
# call of a run made to fail, 10,000 runs in a row, 500 at once, 2,000 killed supervisors, ten minutes
# of each fuzzer, and a fresh Debian tree where there is root and a mirror.
soak: programs tests library-tests sabotage-build $(BUILD)/npm/installed
	$(q)CONFINE_SWEEP=5000 CONFINE_SOAK=1 fixtures/run-tests $(abspath $(BUILD))
	$(q)$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=600
	$(q)[ "$$(id -u)" -ne 0 ] || fixtures/hosts/fresh.sh conform

faults: programs sabotage-build
	$(q)CONFINE_SOAK=1 RUN_TESTS='runner/tests/faults.test.sh*' fixtures/run-tests $(abspath $(BUILD))

hosts: programs
	$(q)CONFINE_SOAK=1 RUN_TESTS='fixtures/hosts/tests/qemu.test.sh*' fixtures/run-tests $(abspath $(BUILD))

conform: programs
	$(q)mkdir -p $(OUT)
	$(q)$(BUILD)/bin/confine check --target $(or $(TARGET),confine) --json $(OUT)/results.json --junit $(OUT)/junit.xml

install: programs
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/confine $(DESTDIR)$(PREFIX)/share/confine
	install -m 755 $(bin) $(DESTDIR)$(PREFIX)/bin/
	install -m 755 $(libexec) $(preload) $(DESTDIR)$(PREFIX)/libexec/confine/
	cp -r probes conformance/targets conformance/controls $(DESTDIR)$(PREFIX)/share/confine/
	rm -rf $(DESTDIR)$(PREFIX)/share/confine/probes/attack $(DESTDIR)$(PREFIX)/share/confine/probes/tests
	install -d $(DESTDIR)$(PREFIX)/share/confine/schema
	install -m 644 $(wildcard runner/schema/*.json conformance/schema/*.json) $(DESTDIR)$(PREFIX)/share/confine/schema/
	install -m 644 CONFORMANCE.md $(DESTDIR)$(PREFIX)/share/confine/
	install -d $(DESTDIR)$(PREFIX)/share/confine/recipes
	install -m 644 $(wildcard reports/recipes/*) $(DESTDIR)$(PREFIX)/share/confine/recipes/
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man3 $(DESTDIR)$(PREFIX)/share/man/man5
	install -d $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -m 644 runner/confine.h $(DESTDIR)$(PREFIX)/include/
	install -m 644 $(PREFIX_BUILD)/libconfine.a $(DESTDIR)$(PREFIX)/lib/
	install -m 755 $(PREFIX_BUILD)/libconfine.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/
	ln -sfn libconfine.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/$(soname)
	ln -sfn $(soname) $(DESTDIR)$(PREFIX)/lib/libconfine.so
	install -m 644 $(PREFIX_BUILD)/confine.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/
	install -m 644 $(wildcard runner/man/*.3) $(DESTDIR)$(PREFIX)/share/man/man3/
	install -m 644 $(wildcard runner/man/*.1 reports/man/*.1) $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 $(wildcard runner/man/*.5) $(DESTDIR)$(PREFIX)/share/man/man5/

sanitize:
	$(q)ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1 \
		$(MAKE) --no-print-directory SANITIZE=1 BUILD=$(BUILD)/sanitize check

# Everything up to spawn: Debian's valgrind answers ENOSYS to clone3, open_tree and Landlock.
valgrind: tests
	$(q)for test in $(tests); do \
		CK_FORK=no CK_EXCLUDE_TAGS=fork SRC=$(CURDIR) valgrind -q --error-exitcode=99 --leak-check=full \
			--show-leak-kinds=definite,indirect,possible --trace-children=no $$test >$(BUILD)/valgrind.log 2>&1 \
			|| { cat $(BUILD)/valgrind.log; echo "valgrind: $$test"; exit 1; }; \
	done; echo "valgrind: $(words $(tests)) programs clean"

# Who owns memory is said by cleanup attributes, which unix.Malloc cannot read: leaks are valgrind's and ASan's
# to find. Pointers are copied on purpose where sizeof-expression suspects that what they point to was meant.
tidy_checks := -*,clang-analyzer-*,-clang-analyzer-unix.Malloc,-clang-analyzer-valist.*,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,bugprone-*,-bugprone-sizeof-expression,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-bugprone-narrowing-conversions,-bugprone-implicit-widening-of-multiplication-result

lint:
	$(q)clang-format --dry-run -Werror $(sources) $(headers) $(wildcard probes/attack/preload/*.c fixtures/*.c)
	$(q)cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
		--inline-suppr --suppress=missingIncludeSystem -I. -D_GNU_SOURCE -DCONFINE_VERSION='""' $(filter-out $(test_src),$(sources))
	$(q)clang-tidy --quiet --warnings-as-errors='*' --checks='$(tidy_checks)' \
		$(filter-out $(test_src),$(sources)) -- $(CPPFLAGS) -idirafter runner -DCONFINE_PREFIX='""' $(xml_cflags) -std=gnu17 2>/dev/null
	@echo "lint: clean"

#: make format     clang-format in place
format:
	$(q)clang-format -i $(sources) $(headers) $(wildcard probes/attack/preload/*.c fixtures/*.c)

arch:
	$(q)sh conformance/arch.sh

#: make child-symbols   what the child of the image may call between clone and exec, against the list
child_obj := $(addprefix $(BUILD)/$(if $(musl),musl,obj)/runner/,child.o child_steps.o child_mounts.o child_domain.o domain.o init.o netns.o)
child-symbols: $(child_obj)
	$(q)nm -u $(child_obj) | awk '$$1 == "U" { print $$2 }' | sed 's/^__\(.*\)_chk$$/\1/' | sort -u >$(BUILD)/child.symbols
	$(q)diff -u runner/child.symbols $(BUILD)/child.symbols && echo "child-symbols: as listed"

-include $(shell find $(BUILD) -name hosts -prune -o -type f -name '*.d' -print 2>/dev/null)

clean:
	rm -rf build out

# Wall time against bubblewrap with the same view, alternating, in one run: a ratio, never a limit.
$(BUILD)/bench: fixtures/bench.c $(BUILD)/libbase.a
	$(say) CC $@
	$(q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^

# The same work of the kernel's with nothing around it.
$(BUILD)/bare: $(call image_obj,fixtures/bare.c)
	$(say) LD $@
	$(q)$(CC) -static $(if $(musl),-nostdlib -o $@ $(MUSL_LIB)/crt1.o $(MUSL_LIB)/crti.o $^ $(musl_libs),-o $@ $^)

bench: programs $(BUILD)/bench $(BUILD)/bare
	$(q)sh fixtures/bench.sh $(abspath $(BUILD))

#: make bench-merge   thousands of hosts into one report: time, memory, against python3-junitparser
bench-merge: programs
	$(q)python3 reports/tests/bench_merge.py $(abspath $(BUILD))/bin/confine reports/tests/data $(HOSTS)

# As whoever calls it.
SUITE_RUNS ?= 5
bench-suite: programs
	$(q)python3 fixtures/bench_suite.py $(abspath $(BUILD))/bin/confine $(SUITE_RUNS)

# libFuzzer harnesses of every reader of outside bytes; FUZZ_SECONDS each.
FUZZ_SECONDS ?= 20
fuzz_src := $(wildcard runner/fuzz/fuzz_*.c conformance/fuzz/fuzz_*.c reports/fuzz/fuzz_*.c fixtures/lab/fuzz/fuzz_*.c)
fuzzers  := $(patsubst %.c,$(BUILD)/%,$(fuzz_src))
fuzz_flags := -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -std=gnu17
fuzz_obj  = $(patsubst %.c,$(BUILD)/fuzz-obj/%.o,$(filter-out %/main.c %/front.c,$(1)))
fuzz_link = $(q)clang $(fuzz_flags) -fsanitize=fuzzer -o $@ $^

# What a harness calls is compiled once, with the fuzzer's counters in it.
$(BUILD)/fuzz-obj/reports/%.o $(BUILD)/reports/fuzz/%.o: CPPFLAGS += $(xml_cflags)
$(BUILD)/fuzz-obj/%.o: %.c
	@mkdir -p $(@D)
	$(say) FUZZ $@
	$(q)clang $(CPPFLAGS) $(fuzz_flags) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<
$(BUILD)/fuzz-obj/gen/%.o: $(BUILD)/gen/%.c
	@mkdir -p $(@D)
	$(say) FUZZ $@
	$(q)clang $(CPPFLAGS) $(fuzz_flags) -fsanitize=fuzzer-no-link -c -o $@ $<

$(BUILD)/runner/fuzz/%: $(BUILD)/fuzz-obj/runner/fuzz/%.o $(call fuzz_obj,$(runner_src) $(base_src)) $(BUILD)/fuzz-obj/gen/filter_programs.o
	@mkdir -p $(@D)
	$(fuzz_link)
$(BUILD)/conformance/fuzz/%: $(BUILD)/fuzz-obj/conformance/fuzz/%.o $(call fuzz_obj,$(check_src) $(base_src))
	@mkdir -p $(@D)
	$(fuzz_link) -lcrypto
$(BUILD)/reports/fuzz/%: $(BUILD)/fuzz-obj/reports/fuzz/%.o $(call fuzz_obj,$(report_src) $(base_src))
	@mkdir -p $(@D)
	$(fuzz_link) -lxml2 -lcrypto
$(BUILD)/fixtures/lab/fuzz/%: $(BUILD)/fuzz-obj/fixtures/lab/fuzz/%.o $(call fuzz_obj,$(lab_src) $(base_src))
	@mkdir -p $(@D)
	$(fuzz_link) -lmicrohttpd

#: make fuzz       every reader of outside bytes under libFuzzer, FUZZ_SECONDS=20 each
fuzz: $(fuzzers)
	$(q)for fuzzer in $(fuzzers); do \
		name=$$(basename $$fuzzer); seeds=$$(sed -n 's/^ \* seeds: //p' $${fuzzer#$(BUILD)/}.c); \
		mkdir -p $(BUILD)/corpus/$$name; \
		$$fuzzer -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
			-artifact_prefix=$(BUILD)/corpus/ $(BUILD)/corpus/$$name $$seeds >$(BUILD)/$$name.log 2>&1 \
			|| { tail -n 30 $(BUILD)/$$name.log; exit 1; }; \
		sed -n 's/^stat::number_of_executed_units: */  /p' $(BUILD)/$$name.log | sed "s/$$/ inputs through $$name/"; \
	done
