"""Microdata for colleagues' tools: one data set, written as CSV, XLSX, SPSS, Stata, Parquet or DDI."""
