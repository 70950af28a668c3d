"""The checkers on right and wrong answers: python3 -m unittest discover -s benches/peers"""

import json
import unittest
from pathlib import Path

from check import SUITES, Unreadable, check

INSTANCES = Path(__file__).resolve().parent.parent / "yardstick" / "tests" / "instances"


def files(*names):
    return [str(INSTANCES / name) for name in names]


class Case(unittest.TestCase):
    suite = None
    files = ()

    def judge(self, solution):
        text = solution if isinstance(solution, str) else json.dumps(solution)
        return check(self.suite, self.files, text)

    def right(self, solution, objective):
        verdict = self.judge(solution)
        self.assertEqual(verdict["violations"], [])
        self.assertEqual((verdict["valid"], verdict["objective"]), (True, objective))
        return verdict

    def wrong(self, solution, *said):
        """Not valid, no figure is told, and these violations and no others."""
        verdict = self.judge(solution)
        self.assertEqual((verdict["valid"], verdict["objective"]), (False, None))
        self.assertEqual(len(verdict["violations"]), len(said), verdict)
        for part, violation in zip(said, verdict["violations"]):
            self.assertIn(part, violation)


class VectorPacking(Case):
    suite = "vector-packing"
    files = files("tiny.vbp")

    def test_right(self):
        self.right({"bins": [[0, 2], [1, 3], [4]]}, 3)
        self.right({"bins": [[0], [2], [1, 3], [4]]}, 4)

    def test_wrong(self):
        self.wrong({"bins": [[0, 2], [1, 3]]}, "item 4 is in 0 bins")
        self.wrong({"bins": [[0, 2], [1, 3], [4], [4]]}, "item 4 is in 2 bins")
        self.wrong({"bins": [[0, 2, 2], [1, 3], [4]]}, "14 of 10 in dimension 0", "dimension 1", "item 2 is in 2")
        self.wrong({"bins": [[0, 1], [2, 4], [3]]}, "12 of 10 in dimension 0", "11 of 10 in dimension 1")
        self.wrong({"bins": [[0, 2], [1, 3], [4], []]}, "bin 3 is empty")
        self.wrong({"bins": [[0, 2], [1, 3], [4, 5]]}, "there is no item 5")
        self.wrong({"bins": [[0, 2], [1, 3], [-1]]}, "there is no item -1", "item 4 is in 0")
        self.wrong({"bins": [[False, 2], [1, 3], [4]]}, "there is no item False", "item 0 is in 0")
        self.wrong({"bin": []}, "no list of bins")


class CloudBalancing(Case):
    suite = "cloud-balancing"
    files = files("cloud.json")

    def test_right(self):
        self.right({"assignment": {"1": 20, "4": 20, "2": 30, "3": 30}}, 410)
        self.right({"assignment": {"1": 10, "4": 40, "2": 10, "3": 10}}, 590)

    def test_wrong(self):
        self.wrong({"assignment": {"1": 20, "2": 30, "3": 30}}, "process 4 is on None")
        self.wrong({"assignment": {"1": 20, "4": 11, "2": 30, "3": 30}}, "process 4 is on 11")
        self.wrong({"assignment": {"1": 20, "4": 20, "2": 30, "3": 30, "5": 30}}, "no process '5'")
        self.wrong({"assignment": {"1": 20, "4": 30, "2": 30, "3": 30}}, "5 of 4 cpuPower", "memory", "network")
        self.wrong({"assignment": {"1": 10, "4": 40, "2": 40, "3": 10}}, "3 of 2 cpuPower", "4 of 2 memory")
        self.wrong({"assignment": {"1": 10, "4": 10, "2": 10, "3": 40}}, "3 of 2 networkBandwidth")
        self.wrong({}, "no assignment")


class GpuTrace(Case):
    suite = "gpu-trace"
    files = files("nodes.csv", "pods.csv")

    def at(self, **places):
        return {"assignment": {pod: {"node": node, "gpus": list(gpus)} for pod, (node, *gpus) in places.items()}}

    def test_right(self):
        self.assertEqual(self.right(self.at(d=("n0", 0, 1), a=("n1", 0), f=("n2",)), 3000)["pods_placed"], 3)
        self.right(self.at(b=("n0", 0), c=("n1", 0), e=("n1", 0)), 1400)
        self.right({"assignment": {}}, 0)

    def test_wrong(self):
        self.wrong(self.at(x=("n0",)), "one of them is not there")
        self.wrong(self.at(f=("n3",)), "one of them is not there")
        self.wrong(self.at(b=("n1", 0)), "wants T4")
        self.wrong(self.at(e=("n0", 0)), "wants V100|P100")
        self.wrong(self.at(d=("n0", 0)), "wants 2 cards")
        self.wrong(self.at(d=("n0", 1, 1)), "wants 2 cards")
        self.wrong(self.at(a=("n0", 2)), "has the cards [2] of 2")
        self.wrong(self.at(f=("n2", 0)), "has the cards [0] of 0")
        self.wrong(self.at(b=("n0", 0), c=("n0", 0)), "1100 of 1000 thousandths of card 0")
        self.wrong(self.at(a=("n0", 0), b=("n0", 0)), "1600 of 1000 thousandths of card 0")
        self.wrong(self.at(a=("n1", 0), f=("n1",)), "6000 of 4000 cpu_milli")
        with self.assertRaises(Unreadable):
            self.judge([])


class MachineReassignment(Case):
    """The example of the challenge's definition, with the costs that it states."""

    suite = "machine-reassignment"
    files = files("model.txt", "assignment.txt")

    def test_right(self):
        self.right("0 3 0\n", 4200)
        self.right("0 2 0\n", 3510)
        self.assertEqual(self.right("0 2 1\n", 2411)["costs"]["machine_move"], 300)

    def test_wrong(self):
        self.wrong("0 3", "2 machines for 3 processes")
        self.wrong("0 3 0 0", "4 machines for 3 processes")
        self.wrong("0 3 4", "no machine '4'")
        self.wrong("0 3 -1", "no machine '-1'")
        # Service 0 wants two locations, and its processes different machines.
        self.wrong("0 1 0", "service 0: 1 locations of 2")
        self.wrong("0 0 0", "two processes on one machine", "1 locations of 2")
        # Process 2 depends on service 0 in its neighbourhood.
        self.wrong("2 3 0", "service 1 on machine 0: none of service 0 is near")
        # Process 1 leaves machine 3 and holds 10 of its transient resource there, so that 6 more do not fit.
        self.wrong("0 2 3", "machine 3: 16 of 10 of transient resource 0", "200 of 100 of resource 1")
        self.wrong("1 3 0", "machine 1: 12 of 10 of resource 0")


class Calls(unittest.TestCase):
    def test_files_that_cannot_be_read(self):
        with self.assertRaises(Unreadable):
            check("vector-packing", files("cloud.json"), "{}")
        with self.assertRaises(Unreadable):
            check("gpu-trace", files("nodes.csv"), "{}")
        with self.assertRaises(Unreadable):
            check("vector-packing", files("tiny.vbp"), "no JSON")
        self.assertEqual(len(SUITES), 4)


if __name__ == "__main__":
    unittest.main()
