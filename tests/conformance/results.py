#!/usr/bin/env python3
"""Reads what suite.sh has left in FOLDER, a NAME.tsv for each token: key, verdict, excuse, sentence.

results.py ran FOLDER NAME...   tells which of these tokens ran to the end; exit 1 where one did not
results.py table FOLDER RELEASE prints docs/tokens-tried.md, or the same of another release of Debian
"""

import pathlib
import sys

KINDS = ["ec:P-256", "ec:P-384", "rsa:2048", "ed25519", "ml-dsa-44", "ml-dsa-65", "ml-dsa-87"]
MARKS = {"passed": "yes", "not-run": "–", "failed": "FAILS"}
COMMANDS = {
    "key-generate": "`key generate`",
    "key-list": "`key list`",
    "key-show": "`key show`",
    "key-delete": "`key delete`",
    "request-generate": "`request --generate`",
    "request-key": "`request --key`, by label, ID and URI",
    "request-pss": "`request --padding pss`",
    "gate": "`request --key` without `--allow-extractable`, in a later run",
    "label-taken": "`--label` that is taken is refused",
    "id-taken": "`--id` that is taken is refused",
    "cert-install": "`cert install`, with proof",
    "cert-list": "`cert list`",
    "cert-export": "`cert export`",
    "cert-delete": "`cert delete`",
    "batch-run": "`batch run`, twice",
}


def read(path):
    """The rows of one token by their keys, and None where its suite did not come to its end."""
    rows = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            key, verdict, excuse, sentence = line.split("\t")
            rows[key] = (verdict, excuse, sentence)
    return rows if "excuses" in rows else None


def tell_ran(folder, names):
    missing = False
    for name in names:
        rows = read(folder / f"{name}.tsv")
        if rows is None:
            missing = True
            print(f"token {name}: did NOT run to the end")
            continue
        verdicts = [verdict for verdict, _, _ in rows.values()]
        counts = (f"{verdicts.count(each)} {each}" for each in ("passed", "cannot", "not-run", "failed"))
        print(f"token {name}: ran, {', '.join(counts)}")
    return 1 if missing else 0


class Notes:
    """Footnotes: one for each reason of a token, numbered as they come."""

    def __init__(self):
        self.numbers = {}

    def mark(self, name, excuse):
        return f"no [{self.numbers.setdefault((name, excuse), len(self.numbers) + 1)}]"

    def lines(self):
        return [f"{number}. {name}: {excuse}" for (name, excuse), number in self.numbers.items()]


def table_row(first_cells, key, tokens, notes):
    cells = list(first_cells)
    for name, rows in tokens.items():
        verdict, excuse, _ = rows.get(key, ("", "", ""))
        cells.append(notes.mark(name, excuse) if verdict == "cannot" else MARKS.get(verdict, ""))
    return f"| {' | '.join(cells)} |"


def print_table(folder, release):
    tokens = {path.stem: read(path) for path in sorted(folder.glob("*.tsv"))}
    unfinished = [name for name, rows in tokens.items() if rows is None]
    if unfinished or not tokens:
        sys.exit(f"results.py: no results of {', '.join(unfinished) or 'any token'}")
    notes = Notes()
    print(f"# Tokens that were tried on Debian {release}\n")
    print("Written by `./scripts/test --tokens all --write-table` from what the suite in `tests/conformance` saw; do not edit.")
    print(f"The packages are those of Debian {release}. An empty cell is not tried there; – could not be tried without what the token cannot do.\n")
    print(f"| command | key | {' | '.join(tokens)} |")
    print("|---" * (len(tokens) + 2) + "|")
    told = {name: rows.pop("token")[2] for name, rows in tokens.items()}
    keys = dict.fromkeys(key for rows in tokens.values() for key in rows)
    for command, words in COMMANDS.items():
        for kind in KINDS:
            key = f"{command}/{kind}"
            if key in keys:
                print(table_row([words, kind], key, tokens, notes))
    sentences = {key: rows[key][2] for rows in tokens.values() for key in rows if "/" not in key and key != "excuses"}
    for key, sentence in sentences.items():
        print(table_row([sentence, ""], key, tokens, notes))
    print("\n" + "\n".join(notes.lines()))
    print("\nThe modules, and the models of their tokens, as they name themselves:\n")
    print("\n".join(f"- {name}: {words}" for name, words in told.items()))


def main():
    action, folder, names = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    if action == "ran":
        sys.exit(tell_ran(folder, names))
    print_table(folder, names[0])


main()
