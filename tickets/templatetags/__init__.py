"""What templates of tickets say."""
