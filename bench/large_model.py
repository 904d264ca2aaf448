"""A linear layer of so many inputs and outputs as an ONNX file, and what PyTorch answers for one row."""
import inspect
import json
import sys

import torch

size, path = int(sys.argv[1]), sys.argv[2]
torch.manual_seed(1)
layer = torch.nn.Linear(size, size).eval()
row = (torch.arange(size) % 7 - 3).div(7).reshape(1, size)
rows = {"x": {0: "rows"}, "y": {0: "rows"}}
# The other exporter writes tensors into a file of their own; older versions have this one only.
older = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
torch.onnx.export(
    layer, row, path, opset_version=13, input_names=["x"], output_names=["y"], dynamic_axes=rows, **older
)
with torch.no_grad():
    json.dump({"row": row[0].tolist(), "expected": layer(row)[0].tolist()}, sys.stdout)
