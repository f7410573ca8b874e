#!/bin/sh
# make install and uninstall below a throw-away DESTDIR, and what the units in it are worth.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

root=$dir/root
install_it() {
	PLATFORM=${PLATFORM:-linux} BUILD=$build PREFIX=$1 DESTDIR=$root sh launchd/install.sh "$2"
}

case_is 'make install'
check 'works' install_it /usr install
for file in bin/actopd bin/actopctl bin/actopctl-serve lib/systemd/system/actopd.service \
	lib/systemd/system/actopd.socket lib/systemd/user/actopd.service \
	lib/systemd/user/actopd.socket lib/systemd/system/actopctl-serve.service \
	lib/systemd/user/actopctl-serve.service share/doc/actopd/LICENSE \
	share/doc/actopd/README.md share/doc/actopd/examples/actopd.conf \
	share/doc/actopd/examples/watts.c share/doc/actopd/examples/agent.yml \
	share/doc/actopd/examples/grafana.json share/doc/actopd/examples/prometheus.md; do
	check "brings $file" [ -s "$root/usr/$file" ]
done
for file in man/man1/actopctl.1 man/man5/actopd.conf.5 man/man7/actop-protocol.7 man/man8/actopd.8 man/man1/actopctl-serve.1 \
	bash-completion/completions/actopctl zsh/site-functions/_actopctl \
	fish/vendor_completions.d/actopctl.fish; do
	check "brings $file" [ -s "$root/usr/share/$file" ]
done
# Each command and each option has its entry; an option that help hides has none.
manual_has() {
	grep -qF -- "$2" "$root/usr/share/man/$1"
}
check 'brings a manual of every command' manual_has man1/actopctl.1 '.Ss completion'
check 'brings a manual of every option of the daemon' manual_has man8/actopd.8 'max\-clients'
check 'brings a manual of every key' manual_has man5/actopd.conf.5 '.It max-clients = N'
check 'brings a manual of every request' manual_has man7/actop-protocol.7 '.It unsubscribe'
check 'brings programs that run' "$root/usr/bin/actopctl" --version >/dev/null
check 'fills every place' exits_with 1 grep -rn '@[A-Z]*@' "$root/usr/lib"
check 'puts no configuration where a daemon reads it' [ ! -e "$root/etc" ]
check 'brings an example that the daemon accepts' \
	"$root/usr/bin/actopd" --test -c "$root/usr/share/doc/actopd/examples/actopd.conf"

# Options of ExecStart that the daemon does not know, keys that systemd does not.
options_of() {
	sed -n 's/^ExecStart=[^ ]*//p' "$1"
}
case_is 'the units'
for unit in system user; do
	service=$root/usr/lib/systemd/$unit/actopd.service
	# shellcheck disable=SC2046  # they are words
	check "of the $unit start the daemon with options that it has" \
		"$build/actopd" $(options_of "$service") --test -c launchd/actopd.conf
done
# actopctl-serve runs until it is ended; what it prints first says that it understood.
serves() {
	# shellcheck disable=SC2046  # they are words
	set -- $(options_of "$1" | sed "s/\$OPTIONS/--listen 127.0.0.1:0/")
	rm -f "$dir/address"
	"$build/actopctl-serve" "$@" >"$dir/address" &
	server=$!
	until_true 10 grep -q '^http://127' "$dir/address"
	served=$?
	kill "$server"
	wait "$server"
	return $served
}
for unit in system user; do
	check "of the $unit serve by HTTP with options that are there" \
		serves "$root/usr/lib/systemd/$unit/actopctl-serve.service"
done
check 'of the system listen where clients look' \
	grep -qx 'ListenStream=/run/actop/actopd.sock' "$root/usr/lib/systemd/system/actopd.socket"
check 'of the user listen where clients look' \
	grep -qx 'ListenStream=%t/actop/actopd.sock' "$root/usr/lib/systemd/user/actopd.socket"
verify() {
	# The programs are below DESTDIR; what else they name must exist.
	sed -i "s|=/usr/bin/actop|=$root/usr/bin/actop|" "$root/usr/lib/systemd/$1"/*
	XDG_RUNTIME_DIR=$dir SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --recursive-errors=no --man=no "--$1" \
		"$root/usr/lib/systemd/$1"/* >"$dir/out" 2>&1 && [ ! -s "$dir/out" ] || {
		cat "$dir/out" >&2
		return 1
	}
}
exposure() {
	systemd-analyze security --offline=yes --no-pager --threshold="$2" \
		"$root/usr/lib/systemd/system/$1.service" >"$dir/out" 2>&1 || {
		cat "$dir/out" >&2
		return 1
	}
}
if command -v systemd-analyze >/dev/null 2>&1; then
	check 'of the system are right' verify system
	check 'of the user are right' verify user
	check 'of the system expose little: at most 1.6 of 10' exposure actopd 16
	check 'of the system expose little by HTTP: at most 1.8 of 10' exposure actopctl-serve 18
else
	echo 'install: without systemd-analyze the units were not verified' >>"${ACTOP_NOT_RUN:-/dev/null}"
fi

case_is 'make uninstall'
check 'works' install_it /usr uninstall
check 'leaves nothing' equal "$(cd "$dir" && find root)" root
# As after make clean.
check 'works again' install_it /usr install
check 'takes away what was installed, without what was built' make -s uninstall BUILD="$dir/nowhere" PREFIX=/usr DESTDIR="$root"
check 'and leaves nothing then' equal "$(cd "$dir" && find root)" root
case_is 'in another prefix'
check 'install works' install_it /opt/actop install
check 'the unit names the program there' grep -q '^ExecStart=/opt/actop/bin/actopd ' \
	"$root/opt/actop/lib/systemd/system/actopd.service"
echo mine >"$root/opt/actop/share/doc/actopd/note"
check 'uninstall works' install_it /opt/actop uninstall
check "somebody else's file stays" equal "$(cat "$root/opt/actop/share/doc/actopd/note")" mine
check 'and is all that stays' equal "$(find "$root" -type f | wc -l | tr -d ' ')" 1

case_is 'on macOS'
mac() {
	PLATFORM=darwin install_it /opt/homebrew "$1"
}
rm -rf "$root"
check 'install works' mac install
for name in actopd actopctl-serve; do
	check "brings the template of $name for launchd" [ -s "$root/opt/homebrew/share/actopd/$name.plist.in" ]
done
check 'brings no units of systemd' [ ! -e "$root/opt/homebrew/lib" ]
check 'uninstall works' mac uninstall
check 'and leaves nothing' [ ! -e "$root/opt" ]
finish
