"""From result to task: which items concern a task or unit, and where they are sure to be low or falling."""
