"""What other people's tools need of the book: nbgrader, quiz banks, a Common Cartridge, completion codes."""
