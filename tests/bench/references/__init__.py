"""What figures are measured beside: bare programs that do the same work with nothing around it."""
