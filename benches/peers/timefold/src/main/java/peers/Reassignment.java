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
import ai.timefold.solver.core.config.score.director.ScoreDirectorFactoryConfig;
import ai.timefold.solver.core.config.solver.SolverConfig;
import ai.timefold.solver.core.config.solver.termination.TerminationConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.stream.Collectors;

/**
 * The ROADEF/EURO 2012 machine reassignment, from the given assignment, by Timefold's local search as configured by default.
 *
 * Arguments: model, assignment, file out, milliseconds, seed. Out: the challenge's line. On standard output as Main's.
 */
public final class Reassignment {
    public static final class Machine {
        int number;
        int neighbourhood;
        int location;
        long[] capacity;
        long[] safety;
        long[] moves;
    }

    static final class Service {
        int spreadMin;
        final List<Integer> depends = new ArrayList<>();
        final List<Integer> dependents = new ArrayList<>();
    }

    @PlanningEntity
    public static final class Process {
        @PlanningId
        public int number;
        int service;
        long[] need;
        long moveCost;
        Machine origin;
        @PlanningVariable
        public Machine machine;

        public Machine getMachine() {
            return machine;
        }

        public void setMachine(Machine machine) {
            this.machine = machine;
        }
    }

    @PlanningSolution
    public static final class Plan {
        @ProblemFactCollectionProperty
        @ValueRangeProvider
        public List<Machine> machines = new ArrayList<>();
        @PlanningEntityCollectionProperty
        public List<Process> processes = new ArrayList<>();
        @PlanningScore
        public HardSoftLongScore score;
        boolean[] isTransient;
        long[] loadWeight;
        List<Service> services = new ArrayList<>();
        long[][] balances;
        long processWeight;
        long serviceWeight;
        long machineWeight;
        int locations;
        int neighbourhoods;
    }

    /** Hard: amounts and numbers by which constraints are missed. Soft: the challenge's cost. */
    public static final class Score implements IncrementalScoreCalculator<Plan, HardSoftLongScore> {
        private Plan plan;
        private long[][] usage;
        private long[][] held;
        private int[][] onMachine;
        private int[][] atLocation;
        private int[][] near;
        private int[] moved;
        /** How many services have so many moves. */
        private int[] servicesWith;
        private int mostMoved;
        private long hard;
        private long soft;

        @Override
        public void resetWorkingSolution(Plan plan) {
            this.plan = plan;
            int machines = plan.machines.size();
            int services = plan.services.size();
            usage = new long[machines][plan.loadWeight.length];
            held = new long[machines][plan.loadWeight.length];
            onMachine = new int[services][machines];
            atLocation = new int[services][plan.locations];
            near = new int[services][plan.neighbourhoods];
            moved = new int[services];
            servicesWith = new int[plan.processes.size() + 1];
            servicesWith[0] = services;
            mostMoved = 0;
            hard = 0;
            soft = 0;
            plan.machines.forEach(m -> soft += cost(m));
            for (int s = 0; s < services; s++) {
                hard += missing(s);
            }
            plan.processes.forEach(p -> add(p, 1));
        }

        private long cost(Machine m) {
            long[] used = usage[m.number];
            long sum = 0;
            for (int r = 0; r < used.length; r++) {
                sum += plan.loadWeight[r] * Math.max(0, used[r] - m.safety[r]);
            }
            for (long[] b : plan.balances) {
                int first = (int) b[0];
                int second = (int) b[1];
                long wanted = b[2] * (m.capacity[first] - used[first]);
                sum += b[3] * Math.max(0, wanted - (m.capacity[second] - used[second]));
            }
            return sum;
        }

        private long above(Machine m) {
            long sum = 0;
            for (int r = 0; r < plan.loadWeight.length; r++) {
                long all = usage[m.number][r] + (plan.isTransient[r] ? held[m.number][r] : 0);
                sum += Math.max(0, all - m.capacity[r]);
            }
            return sum;
        }

        /** Locations that a service lacks. */
        private long missing(int service) {
            int there = 0;
            for (int n : atLocation[service]) {
                there += n > 0 ? 1 : 0;
            }
            return Math.max(0, plan.services.get(service).spreadMin - there);
        }

        /** Processes of a neighbourhood without one that they depend on, as far as they have to do with the service. */
        private long alone(int service, int place) {
            Service s = plan.services.get(service);
            long sum = 0;
            for (int other : s.depends) {
                sum += near[other][place] == 0 ? near[service][place] : 0;
            }
            for (int other : s.dependents) {
                sum += near[service][place] == 0 && other != service ? near[other][place] : 0;
            }
            return sum;
        }

        private void add(Process p, int by) {
            Machine m = p.machine;
            if (m == null) {
                return;
            }
            int s = p.service;
            soft -= cost(m);
            hard -= above(m) + alone(s, m.neighbourhood) + missing(s);
            hard -= Math.max(0, onMachine[s][m.number] - 1);
            for (int r = 0; r < p.need.length; r++) {
                usage[m.number][r] += by * p.need[r];
            }
            onMachine[s][m.number] += by;
            atLocation[s][m.location] += by;
            near[s][m.neighbourhood] += by;
            soft += cost(m);
            hard += above(m) + alone(s, m.neighbourhood) + missing(s);
            hard += Math.max(0, onMachine[s][m.number] - 1);
            if (m != p.origin) {
                hard -= above(p.origin);
                for (int r = 0; r < p.need.length; r++) {
                    held[p.origin.number][r] += by * p.need[r];
                }
                hard += above(p.origin);
                soft += by * (plan.processWeight * p.moveCost + plan.machineWeight * p.origin.moves[m.number]);
                servicesWith[moved[s]]--;
                moved[s] += by;
                servicesWith[moved[s]]++;
                mostMoved = Math.max(mostMoved, moved[s]);
                while (mostMoved > 0 && servicesWith[mostMoved] == 0) {
                    mostMoved--;
                }
            }
        }

        @Override
        public void beforeEntityAdded(Object entity) {}

        @Override
        public void afterEntityAdded(Object entity) {
            add((Process) entity, 1);
        }

        @Override
        public void beforeVariableChanged(Object entity, String variable) {
            add((Process) entity, -1);
        }

        @Override
        public void afterVariableChanged(Object entity, String variable) {
            add((Process) entity, 1);
        }

        @Override
        public void beforeEntityRemoved(Object entity) {
            add((Process) entity, -1);
        }

        @Override
        public void afterEntityRemoved(Object entity) {}

        @Override
        public HardSoftLongScore calculateScore() {
            return HardSoftLongScore.of(-hard, -soft - plan.serviceWeight * mostMoved);
        }
    }

    private Reassignment() {}

    private static long one(StringTokenizer words) {
        return Long.parseLong(words.nextToken());
    }

    private static long[] row(StringTokenizer words, int length) {
        long[] row = new long[length];
        for (int i = 0; i < length; i++) {
            row[i] = one(words);
        }
        return row;
    }

    private static Plan read(Path model, Path assignment) throws IOException {
        StringTokenizer words = new StringTokenizer(Files.readString(model));
        Plan plan = new Plan();
        int resources = (int) one(words);
        plan.isTransient = new boolean[resources];
        plan.loadWeight = new long[resources];
        for (int r = 0; r < resources; r++) {
            plan.isTransient[r] = one(words) == 1;
            plan.loadWeight[r] = one(words);
        }
        int machines = (int) one(words);
        Map<Long, Integer> places = new HashMap<>();
        Map<Long, Integer> neighbourhoods = new HashMap<>();
        for (int m = 0; m < machines; m++) {
            Machine machine = new Machine();
            machine.number = m;
            long near = one(words);
            long location = one(words);
            neighbourhoods.putIfAbsent(near, neighbourhoods.size());
            places.putIfAbsent(location, places.size());
            machine.neighbourhood = neighbourhoods.get(near);
            machine.location = places.get(location);
            machine.capacity = row(words, resources);
            machine.safety = row(words, resources);
            machine.moves = row(words, machines);
            plan.machines.add(machine);
        }
        plan.locations = places.size();
        plan.neighbourhoods = neighbourhoods.size();
        int services = (int) one(words);
        for (int s = 0; s < services; s++) {
            Service service = new Service();
            service.spreadMin = (int) one(words);
            int depends = (int) one(words);
            for (int d = 0; d < depends; d++) {
                service.depends.add((int) one(words));
            }
            plan.services.add(service);
        }
        for (int s = 0; s < services; s++) {
            for (int other : plan.services.get(s).depends) {
                plan.services.get(other).dependents.add(s);
            }
        }
        int processes = (int) one(words);
        StringTokenizer initial = new StringTokenizer(Files.readString(assignment));
        for (int p = 0; p < processes; p++) {
            Process process = new Process();
            process.number = p;
            process.service = (int) one(words);
            process.need = row(words, resources);
            process.moveCost = one(words);
            process.origin = plan.machines.get((int) one(initial));
            process.machine = process.origin;
            plan.processes.add(process);
        }
        plan.balances = new long[(int) one(words)][];
        for (int b = 0; b < plan.balances.length; b++) {
            plan.balances[b] = row(words, 4);
        }
        plan.processWeight = one(words);
        plan.serviceWeight = one(words);
        plan.machineWeight = one(words);
        return plan;
    }

    public static void main(String[] arguments) throws IOException {
        long started = System.currentTimeMillis();
        Plan plan = read(Path.of(arguments[0]), Path.of(arguments[1]));
        SolverConfig config = new SolverConfig()
                .withSolutionClass(Plan.class)
                .withEntityClasses(Process.class)
                .withRandomSeed(Long.parseLong(arguments[4]))
                .withTerminationConfig(new TerminationConfig()
                        .withMillisecondsSpentLimit(Long.parseLong(arguments[3])));
        config.withScoreDirectorFactory(
                new ScoreDirectorFactoryConfig().withIncrementalScoreCalculatorClass(Score.class));
        var solver = SolverFactory.<Plan>create(config).buildSolver();
        solver.addEventListener(event -> {
            HardSoftLongScore score = (HardSoftLongScore) event.getNewBestScore();
            System.out.println("best " + (System.currentTimeMillis() - started) + " " + score.hardScore() + " "
                    + score.softScore());
        });
        Plan solved = solver.solve(plan);
        System.out.println("end " + solved.score.hardScore() + " " + solved.score.softScore());
        String text = solved.processes.stream()
                .map(p -> Integer.toString(p.machine.number))
                .collect(Collectors.joining(" "));
        Files.writeString(Path.of(arguments[2]), text + "\n");
    }
}
