#!/bin/sh
# The packages of "make deb" in a throw-away Debian that runs systemd: installed, upgraded under
# clients, removed, installed again and purged.  See machine.sh for what it needs.
#     sudo sh tests/systemd/package.sh [FOLDER]
# shellcheck source=tests/systemd/machine.sh
. tests/systemd/machine.sh

packages=build/deb
state=/var/lib/private/actop

# The same packages, as the version that follows: make_next FILE
make_next() {
	tree=$work/next
	rm -rf "$tree"
	dpkg-deb -R "$1" "$tree"
	sed -i 's/^Version: .*/&+next/; s/actopd (= \([^)]*\))/actopd (= \1+next)/' "$tree/DEBIAN/control"
	dpkg-deb -b --root-owner-group "$tree" "$root/root/next" >/dev/null
}

dpkg() {
	inside env DEBIAN_FRONTEND=noninteractive dpkg "$@" >>"$work/dpkg.log" 2>&1
}

property() {
	inside systemctl show -P "$1" "$2"
}

is() {
	inside systemctl "$1" "$2" >/dev/null 2>&1
}

# A member of status: number or text.
status() {
	as_user actopctl status -o json | sed 's/.*"'"$1"'":"\{0,1\}\([0-9a-f]*\).*/\1/'
}

names_of_user() {
	awk -F: '{ print $1 }' "$root/etc/passwd" "$root/etc/group" | grep actop
}

# All that bears our name, outside the journal and what dpkg keeps of files that it may overwrite.
remains() {
	(cd "$root" && find . -xdev -path ./proc -prune -o -name '*actop*' -print |
		grep -v -e '^\./root/' -e '^\./var/log/' -e '^\./var/cache/' -e '/py3compile/')
}

try_install() {
	check 'installs' dpkg -i /root/packages/actopd.deb /root/packages/actopctl-serve.deb /root/packages/python3-actopd.deb
	check 'runs then' is is-active actopd.service
	check 'is ready: the first question is answered' as_user actopctl now -f ram_total_bytes -o plain
	check 'starts with the machine: the socket' is is-enabled actopd.socket
	check 'starts with the machine: the daemon' is is-enabled actopd.service
	check 'is no daemon of every user' exits_quietly as_user systemctl --user is-enabled actopd.service 2>/dev/null
	check 'serves nothing by HTTP unasked' exits_quietly is is-active actopctl-serve.service
	check 'nor when the machine starts' exits_quietly is is-enabled actopctl-serve.service
	check 'the module for Python asks it' as_user python3 -c \
		'import actopd; assert actopd.Monitor().get_snapshot().ram_used_gb > 0'
	check 'makes no user' exits_quietly names_of_user
	check 'actopctl service names the commands of the package manager' \
		sh -c "nsenter -t $leader -a actopctl service uninstall --system 2>&1 | grep -q 'apt'"
}

# 40 clients come while the package is upgraded; one watches all the time, one has a cursor.
try_upgrade() {
	epoch=$(status epoch) first=$(status head_seq)
	as_user actopctl watch -n 1 --cursor-file /home/ann/cursor -f load_1m -o json >/dev/null
	as_user sh -c 'for i in $(seq 40); do actopctl --timeout 20s ping >/dev/null || echo no; done' \
		>"$work/asked" 2>&1 &
	asker=$!
	as_user timeout 60 actopctl watch -n 12 -f load_1m -o json >"$work/watched" 2>"$work/watched.err" &
	watcher=$!
	before=$(property MainPID actopd.service)
	check 'upgrades' dpkg -i /root/next/actopd.deb /root/next/actopctl-serve.deb /root/next/python3-actopd.deb
	check 'the new daemon runs' [ "$(property MainPID actopd.service)" != "$before" ]
	wait "$asker"
	# Who is being answered just then is told; to connect never fails.
	check 'nobody is refused' exits_quietly grep -v -e 'is stopping' -e '^no$' "$work/asked"
	wait "$watcher"
	check 'who watches goes on in the new daemon' equal "$(grep -c '"type":"sample"' "$work/watched")" 12
	check 'and misses no sample' exits_quietly grep '"type":"gap"' "$work/watched"
	check 'the epoch stays' equal "$(status epoch)" "$epoch"
	check 'sample numbers go on' [ "$(status head_seq)" -gt "$first" ]
	as_user actopctl watch -n 1 --cursor-file /home/ann/cursor -f load_1m -o json >"$work/resumed" 2>&1
	check 'a cursor of before the upgrade is good' grep -q '"type":"sample"' "$work/resumed"
	check 'and nothing is missing behind it' exits_quietly grep '"type":"gap"' "$work/resumed"
}

try_remove() {
	kept=$(status head_seq) epoch=$(status epoch)
	echo 'log-level = warn' >"$root/etc/actop/actopd.conf"
	check 'is removed' dpkg -r python3-actopd actopctl-serve actopd
	check 'the daemon is gone' exits_quietly inside pgrep -x actopd
	check 'and its socket' [ ! -e "/proc/$leader/root/run/actop" ]
	check 'the history stays' inside test -s $state/history.db
	check 'installs again' dpkg -i /root/packages/actopd.deb
	check 'and goes on with the history' equal "$(status epoch)" "$epoch"
	check 'at the next number' [ "$(status head_seq)" -gt "$kept" ]
	check 'with the configuration of the administrator' sh -c \
		"nsenter -t $leader -a actopd --system --print-config | grep -q '^log-level *= *warn'"
}

try_purge() {
	check 'is purged' dpkg -P python3-actopd actopctl-serve actopd
	check 'the history is gone' exits_quietly inside ls -d $state /var/lib/actop 2>/dev/null
	check "what the administrator wrote stays" [ -s "$root/etc/actop/actopd.conf" ]
	rm -rf "$root/etc/actop" "$root/home/ann/cursor"
	check 'nothing else remains' exits_quietly remains
}

# In a tree that nothing runs in, as when an image is made.
try_image() {
	cp -a --reflink=auto "$base" "$work/image"
	mkdir "$work/image/packages"
	cp "$root"/root/packages/*.deb "$work/image/packages"
	check 'installs into an image, without systemd' sh -c \
		"chroot '$work/image' sh -c 'dpkg -i /packages/*.deb' >>'$work/dpkg.log' 2>&1"
	check 'to start when that is booted' [ -L "$work/image/etc/systemd/system/multi-user.target.wants/actopd.service" ]
	check 'is purged from an image' sh -c \
		"chroot '$work/image' dpkg -P python3-actopd actopctl-serve actopd >>'$work/dpkg.log' 2>&1"
	rm -rf "$work/image"
}

make_root || exit 1
: >"$work/dpkg.log"
mkdir "$root/root/packages" "$root/root/next" "$root/etc/actop"
for name in actopd actopctl-serve python3-actopd; do
	set -- $packages/"$name"_*.deb
	cp "$1" "$root/root/packages/$name.deb" && make_next "$1" &&
		mv "$root"/root/next/"$name"_*.deb "$root/root/next/$name.deb" || exit 1
done
rm -rf "$work/image"
check 'systemd boots' boot || exit 1
inside loginctl enable-linger ann
until_true 20 inside test -S /run/user/1000/bus
try_install
try_upgrade
try_remove
try_purge
try_image
[ "$failed" -eq 0 ] || cat "$work/dpkg.log" >&2
finish
