"""Models: regression, proportional odds, tables, small areas. Imported only when an ask needs them."""
