"""Teach the voice: ``python -m voice.train --base DIR --data FILE --run DIR --tokens 800000``.

The upper layers learn, the lower ones only read, each dialogue once; the loss is on replies. The rate follows the share of
tokens seen, so a run may be stopped and resumed at any checkpoint, also with more data.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence
from transformers import AttentionInterface, LlamaConfig, LlamaForCausalLM

TOKENS_A_STEP = 1_600
PEAK = 2.5e-4
WARM, FLOOR = 0.03, 0.05


def causal(module: nn.Module, query: Tensor, key: Tensor, value: Tensor, _mask: Tensor | None, **_: object) -> tuple[Tensor, None]:
    """Attention over what came before. Grouped keys are repeated first: torch's fused kernel for the CPU knows no groups, and
    the plain one that stands in for it takes more than twice as long."""
    groups = query.shape[1] // key.shape[1]
    key, value = key.repeat_interleave(groups, 1), value.repeat_interleave(groups, 1)
    out = functional.scaled_dot_product_attention(query, key, value, is_causal=True, scale=module.scaling)
    return out.transpose(1, 2).contiguous(), None


AttentionInterface.register("causal", causal)


def load_base(folder: Path) -> LlamaForCausalLM:
    """The pruned base."""
    saved = torch.load(folder / "base.pt", weights_only=False)
    model = LlamaForCausalLM(LlamaConfig(**saved["config"], attn_implementation="causal"))
    model.load_state_dict(saved["model"], strict=False)
    model.tie_weights()
    return model.float()


def read_rows(path: Path, part: str) -> list[tuple[Tensor, Tensor]]:
    """Ids and loss weights of each dialogue."""
    data = np.load(path)
    ends = np.cumsum(data[f"{part}_lengths"])
    ids, weights = data[f"{part}_ids"].astype(np.int64), data[f"{part}_weights"].astype(np.float32)
    starts = ends - data[f"{part}_lengths"]
    return [(torch.from_numpy(ids[a:b]), torch.from_numpy(weights[a:b])) for a, b in zip(starts, ends, strict=True)]


def batches_of(rows: list[tuple[Tensor, Tensor]], rng: np.random.Generator) -> list[list[tuple[Tensor, Tensor]]]:
    """One pass in random order: neighbours of like length, about `TOKENS_A_STEP` a batch."""
    order = sorted(rng.permutation(len(rows)), key=lambda i: len(rows[i][0]) // 96)
    batches, batch, width = [], [], 0
    for index in order:
        width = max(width, len(rows[index][0]))
        if batch and width * (len(batch) + 1) > TOKENS_A_STEP:
            batches.append(batch)
            batch, width = [], len(rows[index][0])
        batch.append(rows[index])
    batches.append(batch)
    return [batches[i] for i in rng.permutation(len(batches))]


class Halves:
    """The model as a part that reads and a part that learns."""

    def __init__(self, model: LlamaForCausalLM, learning: int) -> None:
        self.model = model
        #: What the reading part made of a dialogue, kept from the first pass on (half precision, 1.1 kB a token).
        self.read: dict[int, Tensor] = {}
        self.split = len(model.model.layers) - learning
        for parameter in model.parameters():
            parameter.requires_grad_(False)
        for layer in model.model.layers[self.split :]:
            layer.requires_grad_(True)
        model.model.norm.requires_grad_(True)

    @torch.no_grad()
    def lower(self, ids: Tensor) -> Tensor:
        """States [batch, length, hidden] below the layers that learn."""
        body = self.model.model
        positions = torch.arange(ids.shape[1])[None]
        x = body.embed_tokens(ids)
        turns = body.rotary_emb(x, positions)
        for layer in body.layers[: self.split]:
            x = _out(layer(x, attention_mask=None, position_ids=positions, position_embeddings=turns))
        return x

    def hidden(self, rows: list[Tensor]) -> Tensor:
        """Final hidden states [batch, length, hidden]; padding at the end is never looked at."""
        body, width = self.model.model, max(map(len, rows))
        fresh = [row for row in rows if id(row) not in self.read]
        if fresh:
            below = self.lower(pad_sequence(fresh, batch_first=True))
            self.read.update({id(row): states[: len(row)].half() for row, states in zip(fresh, below, strict=True)})
        x = pad_sequence([self.read[id(row)].float() for row in rows], batch_first=True)
        positions = torch.arange(width)[None]
        turns = body.rotary_emb(x, positions)
        for layer in body.layers[self.split :]:
            x = _out(layer(x, attention_mask=None, position_ids=positions, position_embeddings=turns))
        return body.norm(x)

    def loss(self, batch: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, int]:
        """Mean loss over the replies' tokens, and how many they were. Only their logits are computed."""
        ids = pad_sequence([i for i, _ in batch], batch_first=True)
        weights = pad_sequence([w for _, w in batch], batch_first=True)
        hidden = self.hidden([i for i, _ in batch])[:, :-1]
        counted = weights[:, 1:] > 0
        logits = hidden[counted] @ self.model.model.embed_tokens.weight.t()
        return functional.cross_entropy(logits, ids[:, 1:][counted]), int(counted.sum())


def _out(value: Tensor | tuple) -> Tensor:
    return value[0] if isinstance(value, tuple) else value


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--tokens", type=int, default=800_000, help="tokens to see in all")
    parser.add_argument("--minutes", type=float, default=600, help="stop by then; the rate reaches its end there")
    parser.add_argument("--learning", type=int, default=12, help="layers that learn, from the top")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--checkpoint-minutes", type=float, default=4)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.run.mkdir(parents=True, exist_ok=True)
    model = load_base(args.base)
    halves = Halves(model, args.learning)
    learning = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learning, lr=PEAK, betas=(0.9, 0.98), weight_decay=0.01)
    path, seen, passes, step = args.run / "checkpoint.pt", 0, 0, 0
    if path.exists():
        state = torch.load(path, weights_only=False)
        model.load_state_dict(state["model"], strict=False)
        model.tie_weights()
        optimiser.load_state_dict(state["optimiser"])
        seen, passes, step = state["seen"], state["passes"], state["step"]
        print(f"resumed at step {step}, {seen} tokens", flush=True)
    train, valid = read_rows(args.data, "train"), read_rows(args.data, "valid")[:24]

    def save() -> None:
        state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "seen": seen, "passes": passes, "step": step}
        torch.save(state, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)

    @torch.no_grad()
    def measure() -> float:
        total, count = 0.0, 0
        for row in valid:
            loss, number = halves.loss([row])
            total, count = total + loss.item() * number, count + number
        return total / max(1, count)

    log = (args.run / "log.jsonl").open("a")
    started = saved = shown = time.time()
    shown_seen, smooth, first = seen, None, seen / args.tokens
    while seen < args.tokens and time.time() - started < 60 * args.minutes:
        for batch in batches_of(train, np.random.default_rng(args.seed + 101 * passes + step)):
            share = max(seen / args.tokens, first + (1 - first) * (time.time() - started) / 60 / args.minutes)
            factor = min(1.0, share / WARM + 0.02) * max(FLOOR, 1 - share)
            optimiser.param_groups[0]["lr"] = PEAK * factor
            loss, _ = halves.loss(batch)
            loss.backward()
            nn.utils.clip_grad_norm_(learning, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            seen += sum(len(ids) for ids, _ in batch)
            step += 1
            smooth = loss.item() if smooth is None else 0.95 * smooth + 0.05 * loss.item()
            now = time.time()
            if step % 10 == 0:
                entry = {"step": step, "tokens": seen, "loss": round(smooth, 4), "factor": round(factor, 3),
                         "speed": round((seen - shown_seen) / (now - shown))}  # fmt: skip
                shown, shown_seen = now, seen
                log.write(json.dumps(entry) + "\n")
                log.flush()
                print(entry, flush=True)
            if now - saved > 60 * args.checkpoint_minutes:
                save()
                saved = now
            if seen >= args.tokens or now - started > 60 * args.minutes:
                break
        else:
            passes += 1
            print(f"pass {passes}: valid {measure():.4f}", flush=True)
    save()
    last = measure()
    print(f"done: {seen} tokens, valid {last:.4f}, perplexity {math.exp(last):.2f}", flush=True)


if __name__ == "__main__":
    main()
