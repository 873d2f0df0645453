"""Publish care messages: ``python -m care.pack --out DIR FILE …``, a `.jsonl.gz` for each of the writers' files."""

from __future__ import annotations

import argparse
from pathlib import Path

from .texts import read_plain, write_messages


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("files", type=Path, nargs="+")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for path in args.files:
        messages = list(read_plain(path))
        write_messages(messages, args.out / f"{path.stem}.jsonl.gz")
        print(path.stem, len(messages))


if __name__ == "__main__":
    main()
