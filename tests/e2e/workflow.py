# SPDX-License-Identifier: MIT
"""The workflow of .github, held against the tree: it runs where nobody here can look."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

WORKFLOW = ".github/workflows/ci.yml"
MAKEFILE = pathlib.Path("Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z][\w-]*):", MAKEFILE, re.M))


def load():
    """Ruby has a parser of YAML, Python has none."""
    done = subprocess.run(["ruby", "-ryaml", "-rjson", "-e", "puts JSON.dump(YAML.load_file(ARGV[0]))", WORKFLOW],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def commands(job):
    """Each command of a job, one for each row of its matrix."""
    rows = job.get("strategy", {}).get("matrix", {}).get("include", [{}])
    for step in job["steps"]:
        for row in rows:
            text = step.get("run", "")
            for key, value in row.items():
                text = text.replace("${{ matrix.%s }}" % key, str(value))
            yield from (line.strip() for line in text.splitlines() if line.strip())


@unittest.skipUnless(shutil.which("ruby"), "no ruby")
class Workflow(unittest.TestCase):
    def setUp(self):
        self.workflow = load()
        self.jobs = self.workflow["jobs"]

    def each(self):
        return [command for job in self.jobs.values() for command in commands(job)]

    def test_every_target_of_make_is_there(self):
        made = [word for command in self.each() for words in re.findall(r"\bmake ([^&|;]*)", command)
                for word in words.split() if re.fullmatch(r"[a-z][a-z-]*", word)]
        self.assertGreater(len(made), 5)
        self.assertEqual(set(made) - TARGETS, set())

    def test_every_script_is_there(self):
        scripts = [word for command in self.each() for word in command.split() if re.fullmatch(r"[\w/.-]+\.sh", word)]
        self.assertGreater(len(scripts), 5)
        self.assertEqual([s for s in scripts if not os.path.exists(s)], [])

    def test_deps_knows_what_it_is_asked_for(self):
        known = set(re.findall(r"^\t(\w+)\) set --", pathlib.Path("tests/deps.sh").read_text(), re.M))
        asked = {m for command in self.each() for m in re.findall(r"tests/deps\.sh (\w+)", command)}
        self.assertLessEqual(asked, known)

    def test_runs_what_must_pass_before_a_change_lands(self):
        must = {m.replace('"$jobs" ', "") for m in re.findall(r"^make (.*)$", pathlib.Path(".ci/run").read_text(), re.M)}
        runs = {re.sub(r"-j\d+ ", "", command.partition("make ")[2]) for command in self.each() if "make " in command}
        # Those two are there in pieces: the jobs deb and systemd.
        self.assertEqual(must - runs - {"check-deb", "check-systemd"}, set())

    def test_builds_reads_and_installs_the_packages_and_boots_the_units(self):
        deb, systemd = (" ".join(commands(self.jobs[name])) for name in ("deb", "systemd"))
        for words in "make deb", "lintian --allow-root --fail-on error,warning build/deb/*.changes":
            self.assertIn(words, deb)
        for script in "units", "package":
            self.assertIn(f"tests/systemd/{script}.sh", systemd)

    def test_has_linux_with_both_compilers_and_a_mac_with_apple_silicon(self):
        rows = self.jobs["linux"]["strategy"]["matrix"]["include"]
        self.assertTrue(any("CC=clang" in row["run"] for row in rows))
        self.assertEqual(sum("SANITIZE=" in row["run"] for row in rows), 2)
        # Runners named macos-14 and later have arm64 processors, but for those that end in -large.
        for name in self.jobs["macos"]["strategy"]["matrix"]["os"]:
            self.assertRegex(name, r"^macos-(1[4-9]|[2-9]\d)$")

    def test_mac_keeps_what_it_saw_whatever_fails(self):
        steps = self.jobs["macos"]["steps"]
        self.assertEqual(steps[-1]["with"]["path"], "build/seen")
        for step in steps[4:]:
            self.assertEqual(step.get("if"), "always()", step)

    def test_every_job_ends_some_time_and_needs_jobs_that_are_there(self):
        for name, job in self.jobs.items():
            self.assertLessEqual(job["timeout-minutes"], 90, name)
            self.assertIn(job.get("needs", name), self.jobs)


if not shutil.which("ruby"):
    with open(os.environ.get("ACTOP_NOT_RUN", os.devnull), "a", encoding="utf-8") as told:
        told.write("workflow: without ruby it was not read\n")
unittest.main()
