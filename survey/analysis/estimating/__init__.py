"""From a statistic and a design to estimates with variances, step by step."""
