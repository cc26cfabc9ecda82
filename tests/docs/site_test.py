#!/usr/bin/python3
"""The site is made of all pages, each is reached from the first one, and no link leads to nothing or fetches something."""

import html.parser
import pathlib
import re
import subprocess
import tempfile
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Reader(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.links, self.fetched, self.anchors = [], [], set()
        self.comments = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if "id" in found:
            self.anchors.add(found["id"])
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif "src" in found or (tag == "link" and "href" in found):
            self.fetched.append(found.get("src") or found["href"])

    def handle_comment(self, data):
        self.comments.append(data)


class Site(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.place.name) / "site"
        subprocess.run([ROOT / "scripts/site", cls.folder], check=True, stdout=subprocess.DEVNULL)
        cls.pages = {path: Reader(path.read_text()) for path in cls.folder.glob("**/*.html")}

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def target(self, page, link):
        """The file that a link within the site means, and the anchor in it."""
        path, anchor = urllib.parse.urldefrag(link)
        return (page.parent / urllib.parse.unquote(path)).resolve() if path else page, anchor

    def inner_links(self, page):
        return [link for link in self.pages[page].links if not urllib.parse.urlparse(link).scheme]

    def test_every_page_is_there(self):
        wanted = {path.relative_to(ROOT).with_suffix(".html") for path in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]}
        self.assertGreater(len(wanted), 20)
        self.assertLessEqual(wanted, {path.relative_to(self.folder) for path in self.pages})

    def test_no_link_leads_to_nothing(self):
        for page in self.pages:
            for link in self.inner_links(page):
                target, anchor = self.target(page, link)
                told = f"{page.relative_to(self.folder)}: {link}"
                self.assertTrue(target.is_file(), told)
                if anchor:
                    self.assertIn(anchor, self.pages[target].anchors, told)

    def test_a_link_elsewhere_says_https(self):
        for page, reader in self.pages.items():
            for link in reader.links:
                self.assertIn(urllib.parse.urlparse(link).scheme, ("", "https"), f"{page.name}: {link}")

    def test_nothing_is_fetched_from_elsewhere(self):
        for page, reader in self.pages.items():
            for each in reader.fetched:
                target, _ = self.target(page, each)
                self.assertTrue(target.is_file(), f"{page.relative_to(self.folder)}: {each}")

    def test_each_page_is_reached_from_the_first(self):
        reached, waiting = set(), [self.folder / "index.html"]
        while waiting:
            page = waiting.pop()
            if page not in self.pages or page in reached:
                continue
            reached.add(page)
            waiting += [self.target(page, link)[0] for link in self.inner_links(page)]
        self.assertEqual(set(self.pages) - reached, set())

    def test_lists_tables_and_blocks_are_no_plain_text(self):
        for page in self.pages:
            outside = re.sub(r"<pre>.*?</pre>", "", page.read_text(), flags=re.DOTALL)
            self.assertIsNone(re.search(r"^(- |\d+\. |\||```)", outside, flags=re.MULTILINE), page.name)

    def test_what_only_the_runner_reads_is_not_in_the_site(self):
        for page, reader in self.pages.items():
            self.assertFalse(reader.comments, page.name)
            self.assertNotIn("title=", page.read_text(), page.name)


if __name__ == "__main__":
    unittest.main()
