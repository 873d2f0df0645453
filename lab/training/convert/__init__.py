"""CharacterChat's released checkpoints (arXiv 2308.10278) to ONNX folders that the server loads."""
