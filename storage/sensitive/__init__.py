"""What nobody should write into a chat, such as a card's number: found by its form, and masked before it is kept."""
