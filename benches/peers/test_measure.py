"""What the table says of solvers that answer, lie, fail or say nothing: they are small programs made here."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

import measure
import report
from test_check import files

GOOD = {"bins": [[0, 2], [1, 3], [4]]}


class Measured(unittest.TestCase):
    def measured(self, line, solution, code=0):
        """The line of a solver that prints `line`, writes `solution` and ends with `code`."""
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "solver.py"
            program.write_text(
                "import sys\n"
                f"solution, line = {solution!r}, {line!r}\n"
                "if solution: open(sys.argv[sys.argv.index('--out') + 1], 'w').write(solution)\n"
                "if line: print(line)\n"
                "print('the reason', file=sys.stderr)\n"
                f"sys.exit({code})\n"
            )
            solver = measure.Solver("peer", [sys.executable, str(program)], [], None, "peer")
            return measure.measure(solver, "vector-packing", "tiny", files("tiny.vbp"), 60.0, 1, 0, Path(folder))

    def test_an_answer(self):
        line = self.measured(json.dumps({"objective": 3, "status": "optimal"}), json.dumps(GOOD))
        self.assertEqual((report.figure(line), report.cell(line)), (3, "3*"))

    def test_a_figure_that_is_not_the_solutions(self):
        line = self.measured(json.dumps({"objective": 2, "status": "optimal"}), json.dumps(GOOD))
        self.assertIn("WRONG: says 2, is 3", report.cell(line))

    def test_a_solution_that_is_none(self):
        line = self.measured(json.dumps({"objective": 3, "status": "optimal"}), json.dumps({"bins": [[0, 1, 2, 3, 4]]}))
        self.assertIsNone(report.figure(line))
        self.assertIn("WRONG: bin 0", report.cell(line))

    def test_no_solution(self):
        line = self.measured(json.dumps({"objective": 3, "status": "none"}), None)
        self.assertEqual((report.figure(line), report.cell(line)), (None, "none"))

    def test_a_solver_that_fails(self):
        line = self.measured("", None, code=7)
        self.assertEqual(report.cell(line), "failed (exit 7: the reason)")

    def test_the_table_counts_against_the_best_peer(self):
        def at(solver, name, value):
            judged = {"valid": True, "objective": value, "violations": []}
            times = {"time_limit": 10.0, "threads": 1, "seed": 0, "wall_seconds": 1.0, "load_before": 0.0}
            return {"suite": "cloud-balancing", "name": name, "solver": solver, "objective": value, "check": judged,
                    "bound": 90, "status": "feasible", **times}

        lines = [at("podfit", "a", 100), at("x", "a", 101), at("y", "a", 120), at("podfit", "b", 100), at("x", "b", 99)]
        text = report.markdown(lines, {}, {"z": "no wheel"}, "a machine")
        self.assertIn("1 better, 0 the same, 1 worse", text)
        self.assertIn("| a | 90 | 11.11% | – | 100 | 101 | 120 |", text)
        self.assertIn("z cannot be had here: no wheel.", text)
        for line in lines:
            line["suite"] = "gpu-trace"
        self.assertIn("1 better, 0 the same, 1 worse", report.markdown(lines[3:] + lines[:2], {}, {}, ""))


if __name__ == "__main__":
    unittest.main()
