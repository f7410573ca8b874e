# The formula of Homebrew, for a tap: launchd/RELEASING.md says how it gets there, and
# launchd/release.sh fills in the version and the checksum.
class Actopd < Formula
  desc "Telemetry of this machine, with its past, on a Unix socket"
  homepage "https://github.com/actopd/actopd"
  url "https://github.com/actopd/actopd/releases/download/v0.1.0/actopd-0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"
  head "https://github.com/actopd/actopd.git", branch: "main"

  depends_on "pkgconf" => :build
  depends_on "cjson"
  depends_on "libmicrohttpd"
  depends_on "libuv"

  uses_from_macos "ncurses"
  uses_from_macos "sqlite"
  uses_from_macos "zlib"

  # The Makefile brings programs, manuals, completions and the sample configuration; only that of
  # bash is elsewhere in Homebrew (etc/bash_completion.d).
  def install
    system "make", "install", "PREFIX=#{prefix}", "BASHDIR=#{bash_completion}"
  end

  def caveats
    <<~EOS
      Who may ask: you, on ~/.actop/run/actopd.sock. To start it:
        brew services start actopd
      A configuration is not needed. To begin one:
        mkdir -p ~/.config/actop
        cp #{opt_prefix}/share/doc/actopd/examples/actopd.conf ~/.config/actop/
      What it cannot see on this machine, and why:
        actopctl doctor
    EOS
  end

  # brew's "sockets" are for IP only, so the daemon makes its own.  --wait: a daemon that somebody
  # started by hand is waited for; ending with 75 would have launchd try again for ever.  The log
  # keeps itself short, for nobody rotates what launchd writes; launchd gets what comes before it.
  service do
    run [opt_bin/"actopd", "--wait", "--log-file", var/"log/actopd.log"]
    keep_alive true
    process_type :standard
    error_log_path var/"log/actopd.err"
    working_dir var
  end

  # A path that is short: the name of a socket has 103 bytes on macOS.
  test do
    assert_match version.to_s, shell_output("#{bin}/actopctl --version")
    assert_match version.to_s, shell_output("#{bin}/actopd --version")
    daemon = spawn bin/"actopd", "--socket", testpath/"s", "--state", testpath/"state"
    begin
      ask = [bin/"actopctl", "--socket", testpath/"s"]
      30.times do
        break if quiet_system(*ask, "now", "-f", "ram_total_bytes")

        sleep 1
      end
      assert_match(/\A[1-9]\d+\n\z/, shell_output("#{ask.join(" ")} now -f ram_total_bytes -o plain"))
    ensure
      Process.kill "TERM", daemon
      Process.wait daemon
    end
    assert_path_exists testpath/"state/history.db"
  end
end
