package peers;

import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.solution.ProblemFactCollectionProperty;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import ai.timefold.solver.core.api.score.buildin.hardsoftlong.HardSoftLongScore;
import ai.timefold.solver.core.api.score.calculator.IncrementalScoreCalculator;
import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.solver.SolverConfig;
import ai.timefold.solver.core.config.solver.termination.TerminationConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.StringTokenizer;
import java.util.stream.Collectors;

/**
 * Items into bins whose use costs something, by Timefold: construction heuristic and local search as configured by default,
 * with an incremental score, the fastest of its ways to calculate one.
 *
 * Arguments: file in, file out, milliseconds, seed. In: d, bins, items; a line a bin (cost, capacities); a line an item
 * (sizes). Out: the bin of each item. On standard output: "best MILLISECONDS HARD SOFT" for each improvement, "end HARD SOFT".
 */
public final class Main {
    public record Bin(int number, long cost, long[] capacity) {}

    @PlanningEntity(difficultyComparatorClass = BySize.class)
    public static final class Item {
        @PlanningId
        public int number;
        public long[] size;
        public double relative;
        @PlanningVariable
        public Bin bin;

        public Item() {}

        Item(int number, long[] size, double relative) {
            this.number = number;
            this.size = size;
            this.relative = relative;
        }

        public Bin getBin() {
            return bin;
        }

        public void setBin(Bin bin) {
            this.bin = bin;
        }
    }

    public static final class BySize implements Comparator<Item> {
        @Override
        public int compare(Item a, Item b) {
            int first = Double.compare(a.relative, b.relative);
            return first != 0 ? first : Integer.compare(a.number, b.number);
        }
    }

    @PlanningSolution
    public static final class Packing {
        @ProblemFactCollectionProperty
        @ValueRangeProvider
        public List<Bin> bins = new ArrayList<>();
        @PlanningEntityCollectionProperty
        public List<Item> items = new ArrayList<>();
        @PlanningScore
        public HardSoftLongScore score;
        int dims;
    }

    /** Hard: amounts above capacities. Soft: the cost of bins with an item. */
    public static final class Score implements IncrementalScoreCalculator<Packing, HardSoftLongScore> {
        private long[][] load;
        private int[] count;
        private long hard;
        private long soft;

        @Override
        public void resetWorkingSolution(Packing packing) {
            load = new long[packing.bins.size()][packing.dims];
            count = new int[packing.bins.size()];
            hard = 0;
            soft = 0;
            packing.items.forEach(item -> add(item, 1));
        }

        @Override
        public void beforeEntityAdded(Object entity) {}

        @Override
        public void afterEntityAdded(Object entity) {
            add((Item) entity, 1);
        }

        @Override
        public void beforeVariableChanged(Object entity, String variable) {
            add((Item) entity, -1);
        }

        @Override
        public void afterVariableChanged(Object entity, String variable) {
            add((Item) entity, 1);
        }

        @Override
        public void beforeEntityRemoved(Object entity) {
            add((Item) entity, -1);
        }

        @Override
        public void afterEntityRemoved(Object entity) {}

        @Override
        public HardSoftLongScore calculateScore() {
            return HardSoftLongScore.of(-hard, -soft);
        }

        private void add(Item item, int by) {
            Bin bin = item.bin;
            if (bin == null) {
                return;
            }
            long[] load = this.load[bin.number()];
            for (int d = 0; d < load.length; d++) {
                long before = Math.max(0, load[d] - bin.capacity()[d]);
                load[d] += by * item.size[d];
                hard += Math.max(0, load[d] - bin.capacity()[d]) - before;
            }
            count[bin.number()] += by;
            if (by > 0 && count[bin.number()] == 1) {
                soft += bin.cost();
            } else if (by < 0 && count[bin.number()] == 0) {
                soft -= bin.cost();
            }
        }
    }

    private Main() {}

    private static Packing read(Path file) throws IOException {
        StringTokenizer words = new StringTokenizer(Files.readString(file));
        Packing packing = new Packing();
        packing.dims = Integer.parseInt(words.nextToken());
        int bins = Integer.parseInt(words.nextToken());
        int items = Integer.parseInt(words.nextToken());
        double[] largest = new double[packing.dims];
        for (int b = 0; b < bins; b++) {
            long cost = Long.parseLong(words.nextToken());
            long[] capacity = row(words, packing.dims);
            packing.bins.add(new Bin(b, cost, capacity));
            for (int d = 0; d < packing.dims; d++) {
                largest[d] = Math.max(largest[d], Math.max(1, capacity[d]));
            }
        }
        for (int i = 0; i < items; i++) {
            long[] size = row(words, packing.dims);
            double relative = 0;
            for (int d = 0; d < packing.dims; d++) {
                relative += size[d] / largest[d];
            }
            packing.items.add(new Item(i, size, relative));
        }
        return packing;
    }

    private static long[] row(StringTokenizer words, int length) {
        long[] row = new long[length];
        for (int d = 0; d < length; d++) {
            row[d] = Long.parseLong(words.nextToken());
        }
        return row;
    }

    public static void main(String[] arguments) throws IOException {
        long started = System.currentTimeMillis();
        Packing packing = read(Path.of(arguments[0]));
        SolverConfig config = new SolverConfig()
                .withSolutionClass(Packing.class)
                .withEntityClasses(Item.class)
                .withRandomSeed(Long.parseLong(arguments[3]))
                .withTerminationConfig(new TerminationConfig()
                        .withMillisecondsSpentLimit(Long.parseLong(arguments[2])));
        config.withScoreDirectorFactory(
                new ai.timefold.solver.core.config.score.director.ScoreDirectorFactoryConfig()
                        .withIncrementalScoreCalculatorClass(Score.class));
        var solver = SolverFactory.<Packing>create(config).buildSolver();
        solver.addEventListener(event -> {
            HardSoftLongScore score = (HardSoftLongScore) event.getNewBestScore();
            System.out.println("best " + (System.currentTimeMillis() - started) + " " + score.hardScore() + " "
                    + score.softScore());
        });
        Packing solved = solver.solve(packing);
        System.out.println("end " + solved.score.hardScore() + " " + solved.score.softScore());
        String text = solved.items.stream()
                .map(item -> item.bin == null ? "-1" : Integer.toString(item.bin.number()))
                .collect(Collectors.joining(" "));
        Files.writeString(Path.of(arguments[1]), text + "\n");
    }
}
