#!/bin/sh
# actopctl service as far as it goes without a service manager: who owns the service, and what is
# said.  With a real systemd: tests/soak/systemd.sh.
# shellcheck source=tests/e2e/lib.sh
. tests/e2e/lib.sh

# A program in front of the real one, which says what it was asked.
fake() {
	mkdir -p "$dir/bin"
	printf '#!/bin/sh\n%s\n' "$2" >"$dir/bin/$1"
	chmod +x "$dir/bin/$1"
}

service() {
	PATH=$dir/bin:$PATH timeout 20 "$copy"/actopctl service "$@"
}

copy=$build

case_is 'a verb'
check 'that is missing is a usage error' exits_with 2 service
check 'and all are named' says 'install, uninstall, start, stop, restart, status or logs'
check 'that is mistyped is one' exits_with 2 service instal
check 'and what was meant is named' says 'did you mean install'
check 'other than logs does not follow' exits_with 2 service start --follow

case_is 'a service that the package manager owns'
fake dpkg-query '[ "$1" = -S ] && echo "actopd: $2"'
check 'is not installed again' exits_with 1 service install
check 'but enabled' says 'systemctl --user enable --now actopd.socket actopd.service'
check 'is not removed by us' exits_with 1 service uninstall --system
check 'but by it' says 'apt-get remove actopd'
fake dpkg-query 'exit 1'

case_is 'a service that Homebrew owns'
copy=$dir/Cellar/actopd/1.0/bin
mkdir -p "$copy"
cp "$build/actopctl" "$copy"
check 'is left to it' exits_with 1 service start
check 'with its command' says 'brew services start actopd'
check 'as root for the whole machine' exits_with 1 service stop --system
check 'with sudo' says 'sudo brew services stop actopd'
copy=$build

case_is 'a machine without a service manager'
if [ -d /run/systemd/system ]; then
	check 'this one has systemd, which answers itself' sh -c "'$build/actopctl' service status >/dev/null 2>&1; [ \$? -ne 2 ]"
else
	check 'has no services' exits_with 1 service start
	check 'and says how to go without' says 'actopd &'
fi
finish
