"""The networks that PyTorch exports for the tests of @anneal/onnxruntime-web: small ones, of the shapes people train.

Each is written as one writes it for PyTorch; nothing in it is there for the sake of the export.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F


class Mlp(nn.Module):
    """A multilayer perceptron on vectors."""

    def __init__(self, inputs: int = 16, width: int = 32, classes: int = 6) -> None:
        super().__init__()
        self.fc1 = nn.Linear(inputs, width)
        self.fc2 = nn.Linear(width, width)
        self.head = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(F.relu(self.fc2(F.relu(self.fc1(x)))))


class Cnn(nn.Module):
    """Convolutions, batch normalisation, max pooling; a strided convolution in place of the second pool."""

    def __init__(self, classes: int = 6) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 12, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(12)
        self.conv2 = nn.Conv2d(12, 24, 3, stride=2, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(24)
        self.conv3 = nn.Conv2d(24, 24, 3, padding=1)
        self.head = nn.Linear(24, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.relu(self.bn2(self.conv2(x)))
        x = F.relu(self.conv3(x))
        return self.head(x.mean((2, 3)))


class SqueezeExcitation(nn.Module):
    """Scales the channels by what their means say (Hu et al. 2018)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(channels, channels // 4, 1)
        self.expand = nn.Conv2d(channels // 4, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        scale = self.expand(F.relu(self.reduce(F.adaptive_avg_pool2d(x, 1))))
        return x * F.hardsigmoid(scale)


def normalised(inputs: int, outputs: int, kernel: int, stride: int, groups: int, activation: nn.Module | None) -> nn.Sequential:
    """Convolution, batch normalisation, activation."""
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), *([] if activation is None else [activation]))


class InvertedResidual(nn.Module):
    """Expansion, depthwise convolution, projection (Sandler et al. 2018), with squeeze and excitation (Howard et al. 2019)."""

    def __init__(self, inputs: int, hidden: int, outputs: int, kernel: int, stride: int, excite: bool, swish: bool) -> None:
        super().__init__()
        act = nn.Hardswish if swish else nn.ReLU6
        layers: list[nn.Module] = []
        if hidden != inputs:
            layers.append(normalised(inputs, hidden, 1, 1, 1, act()))
        layers.append(normalised(hidden, hidden, kernel, stride, hidden, act()))
        if excite:
            layers.append(SqueezeExcitation(hidden))
        layers.append(normalised(hidden, outputs, 1, 1, 1, None))
        self.block = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.block(x) if self.residual else self.block(x)


class MobileNet(nn.Module):
    """MobileNetV3-Large's fifteen blocks, narrow: kernel, hidden and output channels, excitation, hard swish, stride."""

    blocks = (
        (3, 8, 8, False, False, 1),
        (3, 16, 8, False, False, 2),
        (3, 16, 8, False, False, 1),
        (5, 16, 8, True, False, 2),
        (5, 24, 8, True, False, 1),
        (5, 24, 8, True, False, 1),
        (3, 24, 12, False, True, 1),
        (3, 24, 12, False, True, 1),
        (3, 24, 12, False, True, 1),
        (3, 24, 12, False, True, 1),
        (3, 32, 12, True, True, 1),
        (3, 32, 12, True, True, 1),
        (5, 32, 16, True, True, 2),
        (5, 40, 16, True, True, 1),
        (5, 40, 16, True, True, 1),
    )

    def __init__(self, classes: int = 6) -> None:
        super().__init__()
        self.stem = normalised(3, 8, 3, 1, 1, nn.Hardswish())
        layers = []
        width = 8
        for kernel, hidden, outputs, excite, swish, stride in self.blocks:
            layers.append(InvertedResidual(width, hidden, outputs, kernel, stride, excite, swish))
            width = outputs
        self.features = nn.Sequential(*layers)
        self.last = normalised(width, 40, 1, 1, 1, nn.Hardswish())
        self.classifier = nn.Linear(40, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.last(self.features(self.stem(x)))
        return self.classifier(x.mean((2, 3)))


class Attention(nn.Module):
    """Multi-head attention with one projection for queries, keys and values (Vaswani et al. 2017)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        batch, length, width = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        split = lambda t: t.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
        y = F.scaled_dot_product_attention(split(q), split(k), split(v), attn_mask=mask)
        return self.proj(y.transpose(1, 2).reshape(batch, length, width))


class Block(nn.Module):
    """A transformer block, normalised first (Xiong et al. 2020)."""

    def __init__(self, width: int, heads: int, tanh: bool = False) -> None:
        super().__init__()
        self.ln1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.ln2 = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)
        self.approximate = "tanh" if tanh else "none"

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        x = x + self.attention(self.ln1(x), mask)
        return x + self.fc2(F.gelu(self.fc1(self.ln2(x)), approximate=self.approximate))


class Vit(nn.Module):
    """A vision transformer (Dosovitskiy et al. 2021): patches by a convolution, a class token, learned positions."""

    def __init__(self, size: int = 12, patch: int = 3, width: int = 24, heads: int = 3, depth: int = 4, classes: int = 6) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, width, patch, patch)
        self.token = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.positions = nn.Parameter(torch.randn(1, (size // patch) ** 2 + 1, width) * 0.02)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1) + self.positions
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


class Gpt(nn.Module):
    """GPT-2's shape (Radford et al. 2019), with an output layer of its own; `mask` is 1 where a token counts, as tokenizers give it."""

    def __init__(self, vocabulary: int = 24, context: int = 16, width: int = 32, heads: int = 4, depth: int = 4) -> None:
        super().__init__()
        self.wte = nn.Embedding(vocabulary, width)
        self.wpe = nn.Embedding(context, width)
        self.blocks = nn.ModuleList(Block(width, heads, tanh=True) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)
        for module in self.modules():
            if isinstance(module, nn.Embedding):
                nn.init.normal_(module.weight, std=0.3)

    def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        length = tokens.shape[1]
        x = self.wte(tokens) + self.wpe(torch.arange(length, device=tokens.device))
        causal = torch.ones(length, length, dtype=torch.bool, device=tokens.device).tril()
        seen = causal & mask.bool()[:, None, None, :]
        for block in self.blocks:
            x = block(x, seen)
        return self.head(self.norm(x))
