"""One module a command: ``HELP``, ``DESCRIPTION``, ``configure(parser)`` and ``run(parsed, settings, console)``."""
