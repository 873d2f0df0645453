"""The voice and the care reader from data to weights on random bases, in a minute: ``python -m voice.smoke``.

Nothing here says how good they are; it says that the code still runs from the first file to the last.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .tiny import write_base

ROOT = Path(__file__).resolve().parents[3]


def step(module: str, *arguments: str) -> None:
    """Run one command."""
    subprocess.run([sys.executable, "-m", module, *arguments], check=True)


def main() -> None:
    """Every step once."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "base").mkdir()
        write_base(folder / "base")
        dialogues = str(ROOT / "lab/data/rapport-dialogues/w01.jsonl.gz")
        data, run = str(folder / "data.npz"), str(folder / "run")
        base = ["--base", str(folder / "base")]
        step("voice.prepare", "--dialogues", dialogues, *base, "--bank", str(ROOT / "characters/bank"), "--out", data)
        train = ["--data", data, "--run", run, "--learning", "1", "--minutes", "0.1"]
        step("voice.train", *base, *train, "--tokens", "9000")
        step("voice.train", *base, *train, "--tokens", "12000")
        messages = str(ROOT / "lab/data/care-messages/care-en1.jsonl.gz")
        step("care.train", "--smoke", "--texts", messages, "--run", str(folder / "care"), "--epochs", "1")
    print(f"smoke: the voice and the care reader ran in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
