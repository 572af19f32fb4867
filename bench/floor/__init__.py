"""The least that gets the answer: bytes encoded beforehand, answers counted instead of decoded."""
