# make help lists what there is.  Works with GNU make 3.81 (Apple's) and newer.

VERSION   = 0.1.0
RELEASED  = November 27, 2026
PREFIX   ?= /usr/local
SANITIZE ?=
SOURCE   ?= auto
WORLD    ?=

comma    := ,
PLATFORM ?= $(if $(filter Darwin,$(shell uname -s)),darwin,linux)
# A folder per flavour: objects of two compilers or sanitizers never mix.
flavour  := $(or $(subst $(comma),-,$(SANITIZE)),plain)$(if $(findstring clang,$(CC)),-clang)
BUILD    ?= build/$(flavour)

CFLAGS   ?= -O2 -g
WARN     := -Wall -Wextra -Wshadow -Wundef -Wvla -Wformat=2 -Wpointer-arith -Wstrict-prototypes \
            -Wmissing-prototypes -Wwrite-strings $(if $(WERROR),-Werror)
san      := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all)
pkgs     := libuv libcjson sqlite3
pkgflags := $(shell pkg-config --cflags $(pkgs) ncursesw check 2>/dev/null)
pkglibs  := $(shell pkg-config --libs $(pkgs) 2>/dev/null)
testlibs  = $(shell pkg-config --libs check 2>/dev/null)
defines  := -D_GNU_SOURCE -DACTOP_VERSION='"$(VERSION)"'
dialect  := -std=c11 $(defines) -iquote .
cflags   := $(dialect) -MMD -MP $(WARN) $(pkgflags) $(CPPFLAGS) $(CFLAGS) $(san)
ldflags  := $(LDFLAGS) $(san)
libs     := $(pkglibs) -lm -lpthread

# Short lines unless V=1.
quiet    := $(if $(V),,@)
say      := @$(if $(V),:,echo '  ')

# obj: sources (wildcards allowed), subfolder of the build -> objects
obj       = $(patsubst %.c,$(BUILD)/$(2)%.o,$(wildcard $(1)))
proto    := $(call obj,proto/*.c)
core     := $(filter-out %/main.o,$(call obj,daemon/*.c daemon/history/*.c daemon/source/*.c \
            daemon/source/common/*.c))
native   := $(call obj,daemon/source/$(PLATFORM)/*.c)
client   := $(filter-out %/main.o,$(call obj,client/*.c client/doctor/*.c client/service/*.c client/watch/*.c))
# macOS brings its own, and no .pc of it.
curses    = $(or $(shell pkg-config --libs ncursesw 2>/dev/null),-lncurses)
serve    := $(filter-out %/main.o,$(call obj,client/serve/*.c))
servelibs = $(shell pkg-config --libs libmicrohttpd zlib 2>/dev/null)
doubles  := $(call obj,daemon/source/darwin/*.c tests/apple/*.c,apple/)
# What knows the system that it is on: over the doubles it believes to be on a Mac.
knowing  := daemon/activation.c daemon/compat.c proto/peer.c proto/sockpath.c
believing := $(knowing:%.c=$(BUILD)/apple/%.o)
applecore := $(filter-out $(knowing:%.c=$(BUILD)/%.o),$(core) $(proto)) $(believing) $(doubles)
# What the Darwin source only computes needs no Mac: its fuzz targets link it as it is.
pure     := $(filter-out $(native),$(call obj,daemon/source/darwin/channel.c \
            daemon/source/darwin/dvfs.c daemon/source/darwin/procargs.c daemon/source/darwin/smcvalue.c))

allunits := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
dunits   := $(filter test_darwin%,$(allunits))
cunits   := $(filter test_client%,$(allunits))
sunits   := $(filter test_serve%,$(allunits))
units    := $(filter-out $(dunits) $(cunits) $(sunits),$(allunits))
fuzzers  := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
benches  := $(patsubst tests/bench/%.c,%,$(wildcard tests/bench/bench_*.c))
dbenches := $(filter bench_darwin%,$(benches))
e2e      := $(filter-out %/lib.sh,$(wildcard tests/e2e/*.sh))
programs := $(BUILD)/actopd $(BUILD)/actopctl $(BUILD)/actopctl-serve
manuals  := $(addprefix $(BUILD)/man/,actopctl.1 actopd.conf.5 actop-protocol.7 actopd.8)
scripts  := $(addprefix $(BUILD)/completions/,actopctl.bash _actopctl actopctl.fish)
mdoc     := $(call obj,tests/manual/m*.c tests/manual/places.c)
SDKROOT  ?=

all: $(programs)

# The same, but says nothing when there is nothing to do.
built: $(programs)
	@:

help:
	@echo 'make              build actopd and actopctl into $(BUILD)'
	@echo 'make run          install what is missing, build, start a private daemon, watch it'
	@echo 'make run WORLD=m4-pro    the same on a pretended Mac (tests/fixtures/apple)'
	@echo 'make check        install what is missing, build, run every test'
	@echo 'make check SANITIZE=address,undefined    the same under sanitizers (or thread)'
	@echo 'make soak         the long versions: every call that can fail, 500 kill -9, 10000 ticks'
	@echo 'make check-web    the page in Chromium, Prometheus in front of it; PICTURES=DIR keeps pictures'
	@echo 'make pictures     the pictures in README.md, from a recording of an hour'
	@echo 'make lint         format, layers, sizes, clang-tidy, cppcheck, shellcheck'
	@echo 'make bench        cost per sample, per subscriber, beside a minimal C program'
	@echo 'make fuzz-NAME    libFuzzer on tests/fuzz/fuzz_NAME.c for TIME=60 seconds'
	@echo 'make actopd-apple the whole daemon over a pretended Mac: ACTOP_WORLD=FILE names which'
	@echo 'make darwin       compile and link for macOS with clang and lld: SDKROOT=DIR'
	@echo 'make manuals      manual pages and completions into $(BUILD)/man and $(BUILD)/completions'
	@echo 'make install      programs, units, documents into PREFIX=/usr/local, under DESTDIR='
	@echo 'make uninstall    takes the same away'
	@echo 'make deb          packages of Debian into build/deb'
	@echo 'make check-deb    lintian; then installs, upgrades, removes, purges them in a small Debian'
	@echo 'make check-systemd    the units under a real systemd: readiness, watchdog, sockets'
	@echo 'make deps         install libuv, cJSON, SQLite and check with apt-get or brew'
	@echo 'make clean        remove build/'
	@echo 'V=1 shows the commands; CC=clang, SANITIZE=..., WERROR=1 and CFLAGS=... apply to all of them.'

deps:
	@sh tests/deps.sh build
	@sh tests/deps.sh test

# What building needs; what testing needs beside that.
ready:
	@sh tests/deps.sh build --if-missing
ready-test: ready
	@sh tests/deps.sh test --if-missing

run: ready
	@$(MAKE) --no-print-directory built $(if $(WORLD),$(BUILD)/actopd-apple)
	@sh tests/run-private.sh $(BUILD) '$(SOURCE)' '$(WORLD)'

check: ready-test
	@$(MAKE) --no-print-directory tests

# ---- programs ----

$(BUILD)/actopd: $(BUILD)/daemon/main.o $(core) $(native) $(proto)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(libs)

$(BUILD)/actopctl: $(BUILD)/client/main.o $(client) $(proto)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(curses) $(libs)

# What "actopctl serve" starts, with the page in it.
$(BUILD)/actopctl-serve: $(BUILD)/client/serve/main.o $(serve) $(BUILD)/page.o $(client) $(proto)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(servelibs) $(curses) $(libs)

$(BUILD)/page.o: $(BUILD)/page.c
	$(quiet)$(CC) $(cflags) -c -o $@ $<
$(BUILD)/page.c: $(wildcard client/serve/page/*)
	@mkdir -p $(@D)
	$(say) EMBED $@
	$(quiet)sh client/serve/page/embed.sh > $@

# The real Darwin source over doubles of the Apple frameworks.
actopd-apple: $(BUILD)/actopd-apple
$(BUILD)/actopd-apple: $(BUILD)/daemon/main.o $(applecore)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(libs)

# ---- tests ----

# Preloaded into a daemon; sanitizers have a malloc of their own.
faults   := $(if $(filter linux,$(PLATFORM)),$(if $(SANITIZE),,$(BUILD)/fault.so))
testprograms := $(allunits:%=$(BUILD)/%) $(if $(wildcard tests/conform/run.c),$(BUILD)/conform) \
            $(fuzzers:%=$(BUILD)/corpus_%)

tests: $(programs) $(BUILD)/actopd-apple $(testprograms) $(faults) $(manuals) $(scripts)
	@BUILD=$(BUILD) SANITIZE=$(SANITIZE) sh tests/run.sh $(e2e) $(testprograms)

$(units:%=$(BUILD)/%): $(BUILD)/%: $(BUILD)/tests/unit/%.o $(proto) $(core) $(native)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(testlibs) $(libs)

$(cunits:%=$(BUILD)/%): $(BUILD)/%: $(BUILD)/tests/unit/%.o $(proto) $(client)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(testlibs) $(curses) $(libs)

$(sunits:%=$(BUILD)/%): $(BUILD)/%: $(BUILD)/tests/unit/%.o $(serve) $(BUILD)/page.o $(client) $(proto)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(testlibs) $(servelibs) $(curses) $(libs)

$(dunits:%=$(BUILD)/%): $(BUILD)/%: $(BUILD)/apple/tests/unit/%.o $(applecore)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(testlibs) $(libs)

$(BUILD)/conform: $(call obj,tests/conform/*.c) $(proto) $(core) $(native)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(testlibs) $(libs)

$(dbenches:%=$(BUILD)/%): $(BUILD)/%: $(BUILD)/apple/tests/bench/%.o $(applecore)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(libs)

$(BUILD)/bench_%: $(BUILD)/tests/bench/bench_%.o $(BUILD)/tests/bench/allocations.o $(proto) $(core) $(native)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(libs)

$(BUILD)/fault.so: tests/fault/fault.c
	$(say) LINK $@
	$(quiet)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARN) $(CFLAGS) -fPIC -shared -o $@ $<

$(BUILD)/corpus_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay_corpus.o $(proto) $(core) $(native) $(pure)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(libs)

fuzz-%:
	@$(MAKE) --no-print-directory CC=clang BUILD=build/fuzz CFLAGS='-O1 -g' \
		SANITIZE=fuzzer-no-link,address,undefined build/fuzz/fuzz_$*
	mkdir -p build/fuzz/corpus/$*
	build/fuzz/fuzz_$* -max_total_time=$(or $(TIME),60) -timeout=10 -print_final_stats=1 \
		$(if $(wildcard tests/fuzz/$*.dict),-dict=tests/fuzz/$*.dict) \
		build/fuzz/corpus/$* tests/fuzz/corpus/$*
$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(proto) $(core) $(native) $(pure)
	$(CC) $(LDFLAGS) -fsanitize=fuzzer,address,undefined -o $@ $^ $(libs)

benchtools := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(filter-out tests/bench/bench_% tests/bench/allocations.c,$(wildcard tests/bench/*.c)))

bench: ready-test
	@$(MAKE) --no-print-directory $(programs) $(benches:%=$(BUILD)/%) $(benchtools)
	@BUILD=$(BUILD) sh tests/bench/bench.sh

$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o
	@mkdir -p $(@D)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^

proto/METRICS.md: $(BUILD)/metrics_doc
	$(BUILD)/metrics_doc > $@
$(BUILD)/metrics_doc: $(BUILD)/tests/metrics_doc.o $(proto)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(libs)

# ---- manual pages and completions, made from the tables of the programs ----

manuals: $(manuals) $(scripts)

$(BUILD)/manual_actopctl: $(BUILD)/tests/manual/actopctl.o $(mdoc) $(client) $(proto)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(curses) $(libs)
$(BUILD)/manual_actopd: $(BUILD)/tests/manual/actopd.o $(mdoc) $(core) $(native) $(proto)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(libs)
$(BUILD)/manual_protocol: $(BUILD)/tests/manual/protocol.o $(mdoc) $(proto)
	$(say) LINK $@
	$(quiet)$(CC) $(ldflags) -o $@ $^ $(libs)

# made COMMAND...: a file appears only when the program that prints it has done so.
made      = @mkdir -p $(@D) && $(1) > $@.new && mv $@.new $@
$(BUILD)/man/actopctl.1: $(BUILD)/manual_actopctl
	$(call made,$< '$(RELEASED)')
$(BUILD)/man/actopd.8 $(BUILD)/man/actopd.conf.5: $(BUILD)/manual_actopd
	$(call made,$< '$(RELEASED)' $(subst .,,$(suffix $@)))
$(BUILD)/man/actop-protocol.7: $(BUILD)/manual_protocol proto/PROTOCOL.md
	$(call made,$< '$(RELEASED)' < proto/PROTOCOL.md)
$(BUILD)/completions/actopctl.bash: $(BUILD)/actopctl
	$(call made,$< completion bash)
$(BUILD)/completions/_actopctl: $(BUILD)/actopctl
	$(call made,$< completion zsh)
$(BUILD)/completions/actopctl.fish: $(BUILD)/actopctl
	$(call made,$< completion fish)

# The pictures in README.md: see tests/pictures/pictures.sh.
pictures: ready-test
	@$(MAKE) --no-print-directory all
	@BUILD=$(BUILD) sh tests/pictures/pictures.sh write

soak: ready-test
	@$(MAKE) --no-print-directory $(programs) $(faults) $(BUILD)/conform
	@BUILD=$(BUILD) ACTOP_SOAK=1 JOBS=1 sh tests/run.sh $(BUILD)/conform tests/e2e/table.sh \
		tests/e2e/fault.sh tests/e2e/race.sh tests/e2e/processes.sh

# The page in a real Chromium, and a real Prometheus in front of it.
check-web: ready-test
	@sh tests/deps.sh web --if-missing
	@$(MAKE) --no-print-directory all $(BUILD)/actopd-apple
	python3 tests/web/page.py $(BUILD) $(PICTURES)
	python3 tests/web/prometheus.py $(BUILD) $(PICTURES)

# The units, and the packages, in a small Debian that runs systemd.  As root.  Beside the machine's
# programs the packages are built without their tests: make check has run those.
check-systemd: ready-test
	@sh tests/deps.sh systemd --if-missing
	@$(MAKE) --no-print-directory all manuals
	@BUILD=$(BUILD) sh tests/systemd/units.sh

check-deb: deb
	@sh tests/deps.sh systemd --if-missing
	lintian --allow-root --fail-on error,warning build/deb/*.changes
	@sh tests/systemd/package.sh

deb: ready
	@sh tests/deps.sh deb --if-missing
	DEB_BUILD_OPTIONS='nocheck parallel=$(shell getconf _NPROCESSORS_ONLN)' sh launchd/deb.sh $(VERSION) build/deb

lint: ready-test
	@sh tests/deps.sh lint --if-missing
	@$(MAKE) --no-print-directory all manuals $(testprograms) $(BUILD)/metrics_doc
	@BUILD=$(BUILD) CC='$(CC)' sh tests/lint/lint.sh

# ---- for macOS, on any machine with clang and lld ----

# libuv and cJSON come from the machine that builds: only their headers are needed, and the SDK's
# own go first.  What they export is left to the loader of the Mac.
mac      := build/darwin
macflags := -target arm64-apple-macos12 -isysroot '$(SDKROOT)' -idirafter /usr/include $(dialect) \
            -MMD -MP $(WARN) -Werror -O2 -g
macobj    = $(patsubst %.c,$(mac)/%.o,$(wildcard $(1)))
macproto := $(call macobj,proto/*.c)
macd     := $(call macobj,daemon/*.c daemon/history/*.c daemon/source/*.c daemon/source/common/*.c \
            daemon/source/darwin/*.c)
macctl   := $(call macobj,client/*.c client/doctor/*.c client/service/*.c client/watch/*.c)
macserve := $(call macobj,client/serve/*.c) $(mac)/page.o

darwin:
	@test -d '$(SDKROOT)/usr/include' || { echo 'make darwin needs SDKROOT=DIR, a macOS SDK' >&2; exit 1; }
	@$(MAKE) --no-print-directory $(mac)/actopd $(mac)/actopctl $(mac)/actopctl-serve \
		$(mac)/tests/apple/prototypes.o
	@sh tests/darwin.sh symbols $(mac)/actopd $(mac)/actopctl $(mac)/actopctl-serve
	@sh tests/darwin.sh private '$(SDKROOT)'

$(mac)/actopd: $(macd) $(macproto)
	@sh tests/darwin.sh link '$(SDKROOT)' $@ $^
$(mac)/actopctl: $(macctl) $(macproto)
	@sh tests/darwin.sh link '$(SDKROOT)' $@ $^
$(mac)/actopctl-serve: $(macserve) $(filter-out %/main.o,$(macctl)) $(macproto)
	@sh tests/darwin.sh link '$(SDKROOT)' $@ $^
$(mac)/page.o: $(BUILD)/page.c
	$(say) CC $<
	$(quiet)clang $(macflags) -c -o $@ $<
$(mac)/%.o: %.c
	@mkdir -p $(@D)
	$(say) CC $<
	$(quiet)clang $(macflags) -c -o $@ $<

# ---- the rest ----

# UNITDIR, DOCDIR, MANDIR and the like: see launchd/install.sh.
installing = BUILD='$(BUILD)' PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' PLATFORM='$(PLATFORM)' \
            MANUALS='$(notdir $(manuals))' sh launchd/install.sh

install: all manuals
	@$(installing) install

uninstall:
	@$(installing) uninstall

clean:
	rm -rf build

$(believing): cflags += -D__APPLE__ -U__linux__
$(BUILD)/apple/%.o: %.c
	@mkdir -p $(@D)
	$(say) CC $<
	$(quiet)$(CC) $(cflags:-MMD=-MD) -isystem tests/apple/include -c -o $@ $<
$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(say) CC $<
	$(quiet)$(CC) $(cflags) -c -o $@ $<

.PHONY: all built manuals pictures help deps ready ready-test run check tests check-web check-systemd check-deb deb soak bench \
	lint install uninstall clean \
	actopd-apple darwin
.SECONDARY:
-include $(shell find $(BUILD) $(mac) -name '*.d' 2>/dev/null)
