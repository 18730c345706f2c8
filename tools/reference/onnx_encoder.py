"""Pretrains a small text encoder on sentences of a little grammar, and exports it for the fine-tuning test of @anneal/onnxruntime-web.

The objective is BERT's (Devlin et al. 2019): some tokens are hidden, and told from the rest. The test then gives the encoder a head
that tells what a sentence is about, which no pretraining asked for. Writes packages/onnxruntime-web/test/torch/fixtures/encoder.onnx and
encoder.json, which holds the grammar: the test writes its own sentences from it.

Run: python tools/reference/onnx_encoder.py, with requirements-onnx.txt.
"""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional as F

from common import versions
from onnx_batches import random
from onnx_exports import Export, export
from onnx_models import OUT
from onnx_networks import Block

LENGTH, WIDTH, HEADS, DEPTH = 12, 32, 4, 4
PAD, MASK, CLS = 0, 1, 2
UPDATES, SIZE = 1200, 32

# A sentence is the form of its topic, each capital a word of the topic's own or a shared class: words of a topic stand together,
# and topics share most of their words with another one.
TOPICS = ("weather", "kitchen", "music", "travel")
WORDS = {
    "D": ["the", "a", "this", "every"],
    "A": ["old", "quiet", "warm", "long", "bright", "heavy"],
    "V": ["brings", "follows", "meets", "leaves", "needs", "makes"],
    "P": ["near", "after", "without", "before"],
    "weather": ["rain", "cloud", "storm", "wind", "frost", "sun"],
    "kitchen": ["bread", "soup", "oven", "salt", "apple", "knife"],
    "music": ["song", "drum", "choir", "flute", "melody", "dance"],
    "travel": ["train", "road", "harbour", "ticket", "border", "map"],
}
FORMS = ["DNVDN", "DANVDN", "DNVDANPDN", "DANPDNVDN", "DNPDAN"]
VOCABULARY = ["[pad]", "[mask]", "[cls]", *(word for words in WORDS.values() for word in words)]


def sentence(draw: Callable[[], float], topic: str) -> list[int]:
    """Token numbers of a sentence about a topic, [cls] first."""
    pick = lambda words: words[int(len(words) * draw())]
    form = pick(FORMS)
    words = [pick(WORDS[topic if part == "N" else part]) for part in form]
    return [CLS, *(VOCABULARY.index(word) for word in words)]


class Encoder(nn.Module):
    """A transformer encoder; [batch, length] tokens and their mask to [batch, width], the mean over the tokens that count."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(len(VOCABULARY), WIDTH)
        self.positions = nn.Embedding(LENGTH, WIDTH)
        self.layers = nn.ModuleList(Block(WIDTH, HEADS) for _ in range(DEPTH))
        self.norm = nn.LayerNorm(WIDTH)
        for table in (self.embedding, self.positions):
            nn.init.normal_(table.weight, std=0.3)

    def states(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        x = self.embedding(tokens) + self.positions(torch.arange(tokens.shape[1]))
        for layer in self.layers:
            x = layer(x, mask.bool()[:, None, None, :])
        return self.norm(x)

    def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        counts = mask.to(torch.float32).unsqueeze(-1)
        return (self.states(tokens, mask) * counts).sum(1) / counts.sum(1)


def batch(draw: Callable[[], float]) -> tuple[torch.Tensor, torch.Tensor]:
    rows = [sentence(draw, TOPICS[int(len(TOPICS) * draw())]) for _ in range(SIZE)]
    tokens = torch.tensor([row + [PAD] * (LENGTH - len(row)) for row in rows])
    return tokens, (tokens != PAD).long()


def pretrain(encoder: Encoder) -> tuple[float, float]:
    """Hides about a fifth of the words and learns to tell them; returns the loss of the first and of the last fifty updates."""
    head = nn.Linear(WIDTH, len(VOCABULARY))
    optimizer = torch.optim.AdamW([*encoder.parameters(), *head.parameters()], lr=3e-3, weight_decay=0.01, foreach=False)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, UPDATES)
    draw, losses = random(31), []
    for _ in range(UPDATES):
        tokens, mask = batch(draw)
        hidden = torch.tensor([[draw() < 0.2 for _ in range(LENGTH)] for _ in range(SIZE)]) & (tokens > CLS)
        logits = head(encoder.states(tokens.masked_fill(hidden, MASK), mask))
        loss = F.cross_entropy(logits[hidden], tokens[hidden])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return sum(losses[:50]) / 50, sum(losses[-50:]) / 50


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(4)
    encoder = Encoder()
    first, last = pretrain(encoder)
    print(f"loss of the hidden words {first:.3f} -> {last:.3f}")
    tokens, mask = batch(random(1))
    file = export(encoder, {"tokens": tokens, "mask": mask}, Export("encoder.onnx", "dynamo", {"external_data": False}, "eval"), OUT)
    print(f"{file['nodes']} nodes, operator set {file['opset']}, {file['bytes']} bytes")
    document = {
        "program": "tools/reference/onnx_encoder.py",
        "command": "python tools/reference/onnx_encoder.py",
        "versions": versions("torch", "onnx", "onnxscript"),
        "losses": [first, last],
        "length": LENGTH,
        "width": WIDTH,
        "topics": TOPICS,
        "words": WORDS,
        "forms": FORMS,
        "vocabulary": VOCABULARY,
        "file": file,
    }
    lines = ",\n".join(f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}" for key, value in document.items())
    (OUT / "encoder.json").write_text("{" + lines + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
