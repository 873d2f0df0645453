"""The sentence encoder: Universal Sentence Encoder Lite, rebuilt and exported to ONNX."""
