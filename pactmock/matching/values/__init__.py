"""What the matching rules ask of single values: texts, JSON values, lists, objects, statuses, XML elements."""
