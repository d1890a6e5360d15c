"""Training recipe of the span reader: public question sets, then digest questions, then an int8 ONNX file."""
