#!/bin/sh
# The formula in the real Homebrew: style, audit, build, test, service.  Of the tree that is checked
# out, in a tap that exists for this.  formula.sh FOLDER, which gets what brew says.
set -eu

folder=$1
tap=actopd/local
name=$tap/actopd
HOMEBREW_NO_AUTO_UPDATE=1 HOMEBREW_NO_INSTALL_CLEANUP=1
export HOMEBREW_NO_AUTO_UPDATE HOMEBREW_NO_INSTALL_CLEANUP

cleanup() {
	brew services stop actopd >/dev/null 2>&1 || :
	brew uninstall --force "$name" >/dev/null 2>&1 || :
	brew untap --force "$tap" >/dev/null 2>&1 || :
}
trap cleanup EXIT

mkdir -p "$folder"
version=$(sed -n 's/^VERSION *= *//p' Makefile)
archive=$PWD/build/actopd-$version.tar.gz
mkdir -p build
git archive --format=tar --prefix="actopd-$version/" HEAD | gzip -9n >"$archive"
brew tap-new --no-git "$tap" >/dev/null
formula=$(brew --repository "$tap")/Formula/actopd.rb
sed -e "s|^  url \".*\"|  url \"file://$archive\"|" \
	-e "s|^  sha256 \".*\"|  sha256 \"$(shasum -a 256 "$archive" | cut -d' ' -f1)\"|" launchd/actopd.rb >"$formula"

brew install --build-from-source --verbose "$name" >"$folder/brew-install.log" 2>&1 || {
	tail -50 "$folder/brew-install.log" >&2
	exit 1
}
brew test --verbose "$name"
brew services start "$name"
actopctl ping --timeout 30s
actopctl doctor || [ $? -eq 10 ]
brew services info "$name" >"$folder/brew-services.txt"
# Not --online: the release that the addresses name is not made yet.
brew style "$formula"
brew audit --strict --formula "$name"
echo 'formula: built, tested, started, audited'
