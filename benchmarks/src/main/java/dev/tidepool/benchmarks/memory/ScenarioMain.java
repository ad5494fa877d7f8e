package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The child: runs one case with one allocator, prints its figures as JSON on standard output, where
 * nothing else goes, and ends, whatever still runs.
 */
final class ScenarioMain {
  private ScenarioMain() {}

  /** {@code SUITE CASE ALLOCATOR QUICK}. */
  public static void main(String[] args) throws Exception {
    PrintStream json = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    Suite suite = Suite.valueOf(args[0]);
    AllocatorUnderTest allocator = AllocatorUnderTest.valueOf(args[2]);
    Scenario scenario = suite.namedCase(args[1], Boolean.parseBoolean(args[3])).scenario();
    json.println(run(scenario, suite, allocator).toJson());
    System.exit(0);
  }

  private static Figures run(Scenario scenario, Suite suite, AllocatorUnderTest allocator)
      throws Exception {
    Figures figures = new Figures(suite, allocator);
    try {
      scenario.run(new Subject(allocator), figures);
    } catch (Throwable e) {
      e.printStackTrace();
      System.exit(1);
    }
    return figures;
  }

  /** Prints the feature version of the virtual machine that runs it. */
  static final class Version {
    private Version() {}

    public static void main(String[] args) {
      System.out.print(Runtime.version().feature());
    }
  }
}
