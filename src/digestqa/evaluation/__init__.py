"""How good the answers are: questions with known answers, verdicts, figures with intervals, a baseline to hold."""
