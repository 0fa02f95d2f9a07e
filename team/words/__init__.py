"""Words in English and Korean: what the desk says, and how it reads what customers and models say."""
