"""Universal Sentence Encoder Lite in PyTorch.

Two pre-norm transformer layers (the first widens 256 to 512), mean pooling over the tokens, one
tanh layer and L2 normalisation (Cer et al. 2018, "Universal Sentence Encoder").
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .package import Weights

MAX_TOKENS = 128
"""The original graph drops every token from position 128 on."""

VOCABULARY_ROWS = 8002
DIMENSION = 512
HEADS = 4
FFN_WIDTH = 1536
EMBEDDING_WIDTH = 256
LAYER_NORM_EPSILON = 1e-6
NORM_FLOOR = 1e-12
MASKED = -1e9

_ENCODE = "Encoder_en/KonaTransformer/Encode"
_APPLY = f"module_apply_default/{_ENCODE}"


class TransformerLayer(nn.Module):
    """One pre-norm layer; `widen` projects the residual where the width changes."""

    def __init__(self, width_in: int, width_out: int) -> None:
        super().__init__()
        self.head_width = width_in // HEADS
        self.norm_attention = nn.LayerNorm(width_in, LAYER_NORM_EPSILON)
        self.query_key_value = nn.Linear(width_in, 3 * width_in)
        self.attention_output = nn.Linear(width_in, width_out)
        self.widen = nn.Linear(width_in, width_out) if width_in != width_out else nn.Identity()
        self.norm_ffn = nn.LayerNorm(width_out, LAYER_NORM_EPSILON)
        self.ffn_in = nn.Linear(width_out, FFN_WIDTH)
        self.ffn_out = nn.Linear(FFN_WIDTH, width_out)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """Apply the layer to `hidden` [batch, seq, width]; `bias` [batch, 1, 1, seq] masks padding."""
        hidden = self.widen(hidden) + self.attend(self.norm_attention(hidden), bias)
        return hidden + self.ffn_out(torch.relu(self.ffn_in(self.norm_ffn(hidden))))

    def attend(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """Self-attention with four heads."""
        parts = self.query_key_value(hidden).split(HEADS * self.head_width, -1)
        query, key, value = (self.split_heads(part) for part in parts)
        scores = (query * self.head_width**-0.5) @ key.transpose(-1, -2) + bias
        mixed = torch.softmax(scores, -1) @ value
        return self.attention_output(mixed.transpose(1, 2).reshape(*hidden.shape[:2], -1))

    def split_heads(self, part: Tensor) -> Tensor:
        """[batch, seq, width] to [batch, heads, seq, head width]."""
        return part.reshape(*part.shape[:2], HEADS, self.head_width).transpose(1, 2)


class SentenceEncoder(nn.Module):
    """Token ids to a unit vector."""

    timing: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.pieces = nn.Embedding(VOCABULARY_ROWS, EMBEDDING_WIDTH)
        self.register_buffer("timing", torch.zeros(MAX_TOKENS, EMBEDDING_WIDTH))
        self.layers = nn.ModuleList(
            [TransformerLayer(EMBEDDING_WIDTH, DIMENSION), TransformerLayer(DIMENSION, DIMENSION)]
        )
        self.output = nn.Linear(DIMENSION, DIMENSION)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Encode `input_ids` [batch, seq], padded on the right, to vectors [batch, 512] of length 1.

        `attention_mask` [batch, seq] is 1 on tokens and 0 on padding. What lies beyond 128 is left out.
        """
        input_ids = input_ids[:, :MAX_TOKENS]
        mask = attention_mask[:, :MAX_TOKENS].to(torch.float32)
        # The original adds the pieces twice: once bare, once with the timing signal.
        hidden = 2 * self.pieces(input_ids) + self.timing[: input_ids.shape[1]]
        bias = ((1 - mask) * MASKED)[:, None, None, :]
        for layer in self.layers:
            hidden = layer(hidden, bias)
        total = (hidden * mask[:, :, None]).sum(1)
        mean = total / mask.sum(1, keepdim=True).clamp(min=1)
        vector = torch.tanh(self.output(mean))
        return vector / vector.square().sum(-1, keepdim=True).clamp(min=NORM_FLOOR).sqrt()


def build_encoder(weights: Weights) -> SentenceEncoder:
    """Fill a `SentenceEncoder` with the weights of the package, ready for inference."""
    model = SentenceEncoder()
    with torch.no_grad():
        model.pieces.weight.copy_(_tensor(weights, "module/Embeddings_en"))
        model.timing.copy_(_timing_signal(weights))
        for index, layer in enumerate(model.layers):
            assert isinstance(layer, TransformerLayer)
            _fill_layer(layer, index, weights)
        _fill_linear(
            model.output,
            _tensor(weights, "module/Encoder_en/hidden_layers/tanh_layer_0/weights"),
            _tensor(weights, "module/Encoder_en/hidden_layers/tanh_layer_0/bias"),
        )
    return model.eval()


def _fill_layer(layer: TransformerLayer, index: int, weights: Weights) -> None:
    name = f"Layer_{index}/TransformerLayer"
    for linear, part in (
        (layer.query_key_value, "qkv_transform_single"),
        (layer.attention_output, "output_transform_single"),
    ):
        kernel = _tensor(weights, f"module/{_ENCODE}/{name}/MultiheadAttention/{part}/kernel/part_0")
        _fill_linear(linear, kernel[0, 0], _concat(weights, f"{name}/MultiheadAttention/{part}/bias"))
    for linear, part in ((layer.ffn_in, "conv1"), (layer.ffn_out, "conv2")):
        kernel = _tensor(weights, f"{_APPLY}/TransformerStack/{name}/FFN/{part}/Tensordot/Reshape_1")
        _fill_linear(linear, kernel, _concat(weights, f"{name}/FFN/{part}/bias"))
    for norm, part in ((layer.norm_attention, name), (layer.norm_ffn, f"{name}/FFN")):
        norm.weight.copy_(_concat(weights, f"{part}/layer_prepostprocess/layer_norm/layer_norm_scale"))
        norm.bias.copy_(_concat(weights, f"{part}/layer_prepostprocess/layer_norm/layer_norm_bias"))
    if isinstance(layer.widen, nn.Linear):
        kernel = _concat(weights, f"{name}/dense/kernel")
        _fill_linear(layer.widen, kernel, _concat(weights, f"{name}/dense/bias"))


def _timing_signal(weights: Weights) -> Tensor:
    """Sine and cosine of position times the 128 inverse wavelengths, [128, 256]."""
    name = f"{_APPLY}/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1"
    angles = torch.arange(MAX_TOKENS, dtype=torch.float32)[:, None] * _tensor(weights, name)
    return torch.cat([angles.sin(), angles.cos()], 1)


def _fill_linear(linear: nn.Linear, kernel: Tensor, bias: Tensor) -> None:
    linear.weight.copy_(kernel.T)
    linear.bias.copy_(bias)


def _concat(weights: Weights, name: str) -> Tensor:
    return _tensor(weights, f"{_APPLY}/{name}/ConcatPartitions/concat")


def _tensor(weights: Weights, name: str) -> Tensor:
    return torch.from_numpy(weights[name].copy())
