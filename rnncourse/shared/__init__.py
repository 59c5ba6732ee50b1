"""What explorers compute: numbers and a verdict in words, without any picture."""
