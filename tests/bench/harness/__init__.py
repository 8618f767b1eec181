"""What measures, tested: a benchmark that measures something else is worse than none."""
