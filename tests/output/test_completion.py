from __future__ import annotations

import shutil
import subprocess

import pytest

from digestqa.cli import COMMANDS, build_parser
from digestqa.output.completion import completion_script


def complete_in_bash(*words: str) -> set[str]:
    """What bash itself offers once it has taken the script."""
    script = completion_script(build_parser(), "bash")
    listed = " ".join(f'"{word}"' for word in words)
    program = (
        f"{script}\nCOMP_WORDS=({listed}); COMP_CWORD={len(words) - 1}; _digestqa\nprintf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return set(done.stdout.split())


def test_bash_offers_every_command_and_the_general_options() -> None:
    assert set(COMMANDS) | {"--version", "--seeds"} <= complete_in_bash("digestqa", "")


def test_bash_offers_the_options_of_the_command_that_was_typed() -> None:
    assert {"--json", "--trial", "--batch"} <= complete_in_bash("digestqa", "ask", "--")
    assert "--trial" not in complete_in_bash("digestqa", "rebuild", "--")


def test_bash_offers_the_choices_of_an_option() -> None:
    assert complete_in_bash("digestqa", "ask", "--color", "a") == {"auto", "always"}
    assert complete_in_bash("digestqa", "completion", "z") == {"zsh"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_every_command_and_option(shell: str) -> None:
    script = completion_script(build_parser(), shell)  # type: ignore[arg-type]  # parametrised Literal
    for command in COMMANDS:
        assert command in script
    assert "batch" in script
    assert "dry-run" in script


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_itself_accepts_the_script(shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed here")
    script = completion_script(build_parser(), shell)  # type: ignore[arg-type]  # parametrised Literal
    check = subprocess.run([program, "-n"], input=script, capture_output=True, text=True, check=False)
    assert (check.returncode, check.stderr) == (0, "")
