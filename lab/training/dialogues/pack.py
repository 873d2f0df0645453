"""Publish dialogues: ``python -m dialogues.pack --out DIR FILE …``, a `.jsonl.gz` for each of the writers' files."""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

from .parse import read_file
from .split import is_valid


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("files", type=Path, nargs="+")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for path in args.files:
        records = [record | {"split": "valid" if is_valid(record) else "train"} for record in read_file(path)]
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        target = args.out / f"{path.stem}.jsonl.gz"
        target.write_bytes(gzip.compress(lines.encode("utf-8"), mtime=0))
        print(target, len(records))


if __name__ == "__main__":
    main()
