# SPDX-License-Identifier: MIT
"""Wrong lines: which are drawn, what is tried again, which survivors fail. Forge runs in `make audit`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools import mutants, mutation, mutation_bench
from tools.common import ToolError
from tools.mutants import MoneyPath, Mutant
from tools.mutation import EXPLAINED, Draw, Run, Tried
from tools.mutation_bench import NOT_COMPILED, NOTICED, SURVIVED
from tools.survivors import Survivors

FILE = "contracts/types/MarksWord.sol"
PATH = MoneyPath("7 settled is settled", (FILE,), ("Settlement*.t.sol",))


def wrong_line(number: int, new: str = "0") -> Mutant:
    return Mutant(FILE, number, 0, 1, new, "AOR", f"line{number}", new)


class StandIn:
    """In forge's place: says of each wrong line what it is told to, and remembers which it was asked."""

    def __init__(self, verdict: Callable[[Mutant], str]) -> None:
        self.asked: list[int] = []
        self.all_tests: list[int] = []
        self._verdict = verdict

    def copy(self, path: MoneyPath | None, worker: int) -> "StandIn":
        self._now = self.asked if path else self.all_tests
        return self

    def try_out(self, mutant: Mutant) -> str:
        self._now.append(mutant.number)
        return self._verdict(mutant)


@pytest.fixture
def tried(tmp_path: Path) -> Callable[[], Tried]:
    return lambda: Tried(True, tmp_path / "tried.json")


def explanations(folder: Path, *entries: tuple[str, str]) -> Survivors:
    (folder / FILE).parent.mkdir(parents=True)
    (folder / FILE).write_text("line0\nline1\n")
    file = folder / "survivors.toml"
    file.write_text(
        "".join(
            f'[[survivor]]\nfile = "{FILE}"\nline = "{old}"\nbecomes = "{new}"\nwhy = "the same"\n'
            for old, new in entries
        )
    )
    return Survivors(file, folder)


def run(bench: StandIn, tried: Tried, survivors: Survivors, lines: int = 4, goal: int = 4) -> list[str]:
    draw = Draw(PATH, [wrong_line(number) for number in range(lines)], goal)
    trials = Run([draw], bench, tried, survivors, workers=1).go()  # type: ignore[arg-type]
    return [trial.verdict for trial in trials]


def status(bench: StandIn, tried: Tried, survivors: Survivors) -> int:
    draw = Draw(PATH, [wrong_line(1)], 1)
    trials = Run([draw], bench, tried, survivors, workers=1).go()  # type: ignore[arg-type]
    return mutation.report([PATH], trials, survivors)


def test_an_interrupted_run_goes_on_where_it_stopped(tried, tmp_path: Path):
    def interrupted(mutant: Mutant) -> str:
        if mutant.number == 2:
            raise KeyboardInterrupt
        return NOTICED

    first, second = StandIn(interrupted), StandIn(lambda mutant: NOTICED)
    with pytest.raises(KeyboardInterrupt):
        run(first, tried(), Survivors(tmp_path / "none"))
    assert run(second, tried(), Survivors(tmp_path / "none")) == [NOTICED] * 4
    done = set(first.asked) - {2}
    assert done >= {0, 1}
    assert set(second.asked) == {0, 1, 2, 3} - done


def test_a_run_that_is_not_long_tries_everything_again_and_keeps_what_a_long_one_found(tmp_path: Path):
    state, none = tmp_path / "tried.json", Survivors(tmp_path / "none")
    for resume, asked in ((True, [0, 1, 2, 3]), (False, [0]), (True, [])):
        bench = StandIn(lambda mutant: NOTICED)
        run(bench, Tried(resume, state), none, goal=4 if resume else 1)
        assert bench.asked == asked


def test_other_sources_are_tried_anew(tried, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    none = Survivors(tmp_path / "none")
    run(StandIn(lambda mutant: NOTICED), tried(), none)
    monkeypatch.setattr(mutation, "SOURCES", ("contracts/types",))
    again = StandIn(lambda mutant: NOTICED)
    run(again, tried(), none)
    assert again.asked == [0, 1, 2, 3]


def test_a_line_that_does_not_compile_is_replaced_by_the_next(tried, tmp_path: Path):
    bench = StandIn(lambda mutant: NOT_COMPILED if mutant.number < 2 else NOTICED)
    assert run(bench, tried(), Survivors(tmp_path / "none"), lines=6, goal=3) == [NOTICED] * 3
    assert bench.asked == [0, 1, 2, 3, 4]


def test_a_survivor_of_its_path_is_tried_with_all_tests(tried, tmp_path: Path):
    bench = StandIn(lambda mutant: SURVIVED)
    assert status(bench, tried(), Survivors(tmp_path / "none")) == 1
    assert (bench.asked, bench.all_tests) == ([1], [1])


def test_an_explained_survivor_passes_without_all_tests(tried, tmp_path: Path):
    known = explanations(tmp_path, ("line1", "0"))
    bench = StandIn(lambda mutant: SURVIVED)
    assert status(bench, tried(), known) == 0
    assert bench.all_tests == []


def test_an_explanation_of_what_was_noticed_fails(tried, tmp_path: Path):
    known = explanations(tmp_path, ("line1", "0"))
    assert status(StandIn(lambda mutant: NOTICED), tried(), known) == 1


def test_what_was_explained_is_tried_with_all_tests_once_the_explanation_is_gone(tried, tmp_path: Path):
    state = tried()
    state.note(wrong_line(1), EXPLAINED)
    bench = StandIn(lambda mutant: SURVIVED)
    assert status(bench, state, Survivors(tmp_path / "none")) == 1
    assert bench.all_tests == [1]


def test_an_explanation_of_a_line_that_is_gone_fails(tmp_path: Path):
    with pytest.raises(ToolError, match=r"explains a line that .* doesn't have: not there"):
        explanations(tmp_path, ("not there", "0"))


def test_a_tool_that_breaks_is_no_verdict(tried, tmp_path: Path):
    def broken(mutant: Mutant) -> str:
        raise ToolError("no space left")

    with pytest.raises(ToolError, match="no space left"):
        run(StandIn(broken), tried(), Survivors(tmp_path / "none"))
    assert tried().verdict(wrong_line(0)) is None


def test_a_seed_draws_the_same_lines_in_the_same_order_though_other_lines_come_and_go(
    monkeypatch: pytest.MonkeyPatch,
):
    lines = [wrong_line(number) for number in range(40)]
    monkeypatch.setattr(mutants, "read_candidates", lambda: lines)
    drawn = mutants.draw_mutants(PATH, "a seed")
    monkeypatch.setattr(mutants, "read_candidates", lambda: [line for line in lines if line.number % 4])
    fewer = mutants.draw_mutants(PATH, "a seed")
    assert fewer == [line for line in drawn if line.number % 4]
    assert drawn != mutants.draw_mutants(PATH, "another")


def test_a_wrong_line_is_not_put_into_another_file_than_it_was_proposed_for():
    mutant = Mutant(FILE, 1, 6, 7, "-", "AOR", "a = b + c;", "a = b - c;")
    assert mutant.applied(b"a = b + c;") == b"a = b - c;"
    with pytest.raises(ToolError, match="was changed while wrong lines were tried in it"):
        mutant.applied(b"a = b * c;")


def test_progress_shows_what_changes_and_the_words_beside_it():
    mutant = Mutant(FILE, 1, 0, 1, "", "AOR", "a b c d e f g + h; i j k l m", "a b c d e f g - h; i j k l m")
    assert mutation.line(mutant) == "b c d e f g [+ → -] h; i j k"
    mutant = Mutant(FILE, 1, 0, 1, "", "RR", "return a + b;", "revert();")
    assert mutation.line(mutant) == "[return a + b; → revert();]"


def test_equal_wrong_lines_of_a_file_are_told_apart_by_their_order():
    twice = [wrong_line(1), Mutant(FILE, 9, 90, 95, "0", "AOR", "line1", "0")]
    first, second = mutants.numbered(twice)
    assert (first.nth, second.nth) == (0, 1)
    assert first.identity != second.identity


def test_every_path_has_files_tests_and_an_invariant_of_the_specification():
    paths = mutants.read_paths()
    assert [path.invariant.split()[0] for path in paths] == ["1", "2", "3", "4", "5", "6", "7", "8", "10"]
    assert all(mutation_bench.tests_of(path) for path in paths)


def test_a_short_run_draws_a_few_paths_by_its_seed():
    drawn = {tuple(mutation.chosen(True, str(seed), "")) for seed in range(20)}
    assert {len(paths) for paths in drawn} == {mutation.SHORT_PATHS}
    assert len(drawn) > 5
