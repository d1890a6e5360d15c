"""The screens that open over the conversation, one a file."""
