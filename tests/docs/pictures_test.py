#!/usr/bin/env python3
"""What draws the pictures draws what was there, and the pictures that are kept belong to what they were made from."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
KEPT = ROOT / "docs/pictures"
sys.path.insert(0, str(HERE / "pictures"))

import plot_svg
import terminal_svg


def texts(svg):
    return ["".join(each.itertext()) for each in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


class Terminal(unittest.TestCase):
    def screen(self, *pieces, width=20):
        screen = terminal_svg.Screen(width)
        for text, when in pieces:
            screen.feed(text, when)
        return screen

    def test_lines_are_kept_with_their_times(self):
        self.assertEqual(self.screen(("one\n", 0.5), ("two\n", 1.0)).text(), [("one", 0.5), ("two", 1.0)])

    def test_a_long_line_goes_on_in_the_next(self):
        self.assertEqual([line for line, _ in self.screen(("abcdef", 0), width=4).text()], ["abcd", "ef"])

    def test_what_is_written_over_is_gone_and_was_there_for_a_while(self):
        screen = self.screen(("1 of 2", 0.5), ("\r\x1b[K2 of 2", 0.9), ("\r\x1b[Kdone\n", 1.2))
        self.assertEqual([line for line, _ in screen.text()], ["done"])
        self.assertEqual([text for _, text, _, _ in screen.gone], ["1 of 2", "2 of 2"])

    def test_a_long_pause_is_not_waited_for(self):
        self.assertEqual(self.screen(("a\n", 0.1), ("b\n", 100)).text()[1][1], 0.1 + terminal_svg.LONGEST_PAUSE)

    def test_a_sequence_that_is_not_known_is_no_picture(self):
        self.assertRaises(ValueError, self.screen, ("\x1b[2J", 0))

    def test_the_drawing_has_each_line_as_it_was(self):
        drawn = texts(terminal_svg.draw(self.screen(("$ a <b>\n  &c\n", 0)), "title"))
        self.assertEqual(drawn, ["title", "$ a <b>", "  &c"])


    def test_a_command_is_set_off_to_its_end(self):
        drawn = terminal_svg.draw(self.screen(("$ abcdef\n$ a \\\n  b\nsaid\n", 0), width=6), "title")
        kinds = re.findall(r'class="line (\w+)"', drawn)
        self.assertEqual(kinds, ["typed", "typed", "typed", "typed", "said"])


class Plot(unittest.TestCase):
    def test_values_lie_where_the_axis_says(self):
        axis = plot_svg.Axis([1, 1000], 0, 300)
        self.assertEqual([axis.place(value) for value in (1, 10, 1000)], [0, 100, 300])
        plain = plot_svg.Axis([50, 100], 0, 112, logarithmic=False)
        self.assertAlmostEqual(plain.place(50), 50)

    def test_labels_are_moved_apart(self):
        self.assertEqual(plot_svg.spread([10, 12, 50], 17), [10, 27, 50])

    def test_the_numbers_stand_beside_the_lines(self):
        drawing = plot_svg.plot("t", "x", "y", {"ours": [(1, 17), (10, 18)], "theirs": [(1, 32), (10, 7036)]})
        self.assertLessEqual({"ours: 18", "theirs: 7,036", "17"}, set(texts(drawing)))
        self.assertIn("<desc>y by x. ours: 17 at 1; 18 at 10. theirs: 32 at 1; 7,036 at 10.</desc>", drawing)

    def test_a_number_does_not_lie_on_another_program(self):
        self.assertEqual(plot_svg.label_place(100, [200]), 92)
        self.assertEqual(plot_svg.label_place(100, [90]), 117)
        self.assertIsNone(plot_svg.label_place(100, [90, 112]))


class Kept(unittest.TestCase):
    def test_each_picture_can_be_read_and_does_not_show_where_it_was_made(self):
        pictures = sorted(KEPT.glob("*.svg"))
        self.assertEqual([each.stem for each in pictures], ["architecture", "batch", "calls", "demo", "enroll", "sessions", "time"])
        for picture in pictures:
            text = picture.read_text()
            ElementTree.fromstring(text)
            self.assertNotRegex(text, r"/(root|home|tmp|work)/", picture.name)

    def test_the_figures_are_those_of_the_tables(self):
        page = (ROOT / "docs/figures.md").read_text()
        rounds = re.search(r"of (\d+) runs each", page)[1]
        with tempfile.TemporaryDirectory() as folder:
            for table in KEPT.glob("*.tsv"):
                (pathlib.Path(folder) / table.name).write_text(table.read_text())
            subprocess.run([sys.executable, HERE / "pictures/figures.py", folder, f"{folder}/page.md", rounds], check=True)
            self.assertEqual((pathlib.Path(folder) / "page.md").read_text(), page)
            for name in ("calls", "time", "sessions"):
                self.assertEqual((pathlib.Path(folder) / f"{name}.svg").read_text(), (KEPT / f"{name}.svg").read_text(), name)

    def test_the_drawing_of_the_rooms_has_each_room(self):
        drawing = (KEPT / "architecture.svg").read_text()
        rooms = {path.name for path in (ROOT / "src").iterdir() if path.is_dir()}
        self.assertGreater(len(rooms), 6)
        for room in rooms:
            self.assertIn(f">{room}</text>", drawing)


if __name__ == "__main__":
    unittest.main()
