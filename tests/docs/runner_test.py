#!/usr/bin/env python3
"""The runner of pages finds what is wrong with a page, and lets a right one pass."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import page as pages

HERE = pathlib.Path(__file__).resolve().parent


def run(text):
    """Runs a page of this text; returns the exit code and what the runner says."""
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.md"
        page.write_text(text)
        environment = {**os.environ, "P11CSR": "/bin/false", "SOFTHSM2_MODULE": "/nowhere"}
        ran = subprocess.run([sys.executable, HERE / "run_pages.py", page], env=environment, capture_output=True, text=True)
        return ran.returncode, ran.stdout + ran.stderr


def console(text, before=""):
    return f"# A page\n\n{before}```console\n{text}\n```\n"


class Pages(unittest.TestCase):
    def passes(self, text):
        code, said = run(text)
        self.assertEqual(code, 0, said)
        return said

    def fails(self, text, *words):
        code, said = run(text)
        self.assertEqual(code, 1, said)
        for word in words:
            self.assertIn(word, said)

    def test_what_is_said_is_compared(self):
        self.passes(console("$ echo one; echo two\none\ntwo"))
        self.fails(console("$ echo one; echo two\none"), "page.md:6:", "it says:  two")
        self.fails(console("$ echo one\none\ntwo"), "page.md:6:", "the page: two")
        self.fails(console("$ echo one\nOne"), "page.md:5:", "the page: One", "it says:  one")

    def test_standard_error_is_compared_too(self):
        self.passes(console("$ echo one >&2\none"))
        self.fails(console("$ echo one >&2"), "it says:  one")

    def test_a_placeholder_stands_for_what_varies_in_a_line_and_for_lines(self):
        self.passes(console("$ echo serial=$RANDOM here\nserial=… here"))
        self.fails(console("$ echo serial=1 here\nserial=… there"))
        self.passes(console("$ seq 9\n1\n…\n9"))
        self.passes(console("$ seq 2\n1\n…\n2"))
        self.fails(console("$ seq 9\n1\n…\n8"))
        self.passes(console("$ echo 'ab   c'\n…      c"))

    def test_an_exit_code_is_told_by_the_page(self):
        self.fails(console("$ false"), "exit code 1")
        self.passes(console("$ (exit 4)\n$ echo $?\n4"))
        self.fails(console("$ (exit 4)\n$ echo $?\n5"), "it says:  4")

    def test_blocks_follow_each_other_in_one_folder_and_one_shell(self):
        self.passes(console("$ export NAME=one; echo $NAME >file") + console("$ cat file; echo $NAME\none\none"))

    def test_a_command_may_have_several_lines(self):
        self.passes(console("$ echo one \\\n    two\none two"))

    def test_files_and_set_up_are_there_before_the_commands(self):
        self.passes("```csv title=a.csv\na,b\n```\n" + console("$ cat a.csv\na,b"))
        self.passes(console("$ cat a\none", "<!-- docs: setup\necho one >a\n-->\n"))
        self.fails(console("$ echo one\none", "<!-- docs: setup\nfalse\n-->\n"), "page.md:3: the set-up")

    def test_questions_are_answered_at_a_terminal(self):
        ask = "$ read -p 'name: ' name; echo you are $name\nname: anna\nyou are anna"
        self.passes(console(ask, '<!-- docs: typed: ["anna"] -->\n'))
        self.fails(console(ask, '<!-- docs: typed: ["bert"] -->\n'), "it says:  name: bert")
        self.fails(console("$ echo done\ndone", '<!-- docs: typed: ["anna"] -->\n'), "nobody asked")

    def test_what_is_not_run_is_counted_with_its_reason(self):
        said = self.passes(console("$ vendor-tool", "<!-- docs: not run: it needs a card -->\n") + console("$ true"))
        self.assertIn("page.md:4: 1 commands: it needs a card", said)
        self.assertIn("1 commands in 1 blocks are not run", said)

    def test_no_command_hides_in_another_kind_of_block(self):
        self.fails("```\n$ true\n```\n" + console("$ true"), "page.md:1: a block of ''")
        self.fails("```sh\ntrue\n```\n" + console("$ true"), "page.md:1: a block of 'sh'")
        self.fails("\n    true\n" + console("$ true"), "page.md:2: an indented block")

    def test_a_page_without_a_command_proves_nothing(self):
        self.fails("# A page\n", "no command ran")

    def test_a_comment_that_is_misspelt_is_an_error(self):
        self.fails(console("$ true", "<!-- docs: not ran: x -->\n"), "no such comment")
        self.fails("<!-- docs: not run: x -->\n\ntext\n" + console("$ true"), "no block follows")
        self.fails("<!-- docs: setup\ntrue\n" + console("$ true"), "ends this")


class Troubleshooting(unittest.TestCase):
    def test_each_heading_is_an_error_that_a_command_below_it_gave(self):
        text = (HERE.parent.parent / "docs/troubleshooting.md").read_text()
        sections = re.split(r"^###? ", text, flags=re.MULTILINE)
        errors = [section.split("\n", 1) for section in sections if "p11csr: error: " in section]
        self.assertGreater(len(errors), 20)
        for heading, section in errors:
            found = [line for line in section.split("\n") if line.startswith("p11csr: error")]
            pattern = re.compile(r"p11csr: error: .*" + pages.line_pattern(heading).replace(".+?", ".*"))
            self.assertTrue(any(pattern.match(line) for line in found), f"{heading}: {found}")


if __name__ == "__main__":
    unittest.main()
