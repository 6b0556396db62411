"""WHAT COMES IN: files of earlier waves and of other houses, read into responses of a wave of their own."""
