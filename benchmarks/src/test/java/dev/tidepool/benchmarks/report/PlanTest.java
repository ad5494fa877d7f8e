package dev.tidepool.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is planned is what the suites' annotations say, and a quick run leaves no suite out. */
final class PlanTest {
  @Test
  void everyValueMeetsEveryOther() {
    Map<String, String[]> values = new LinkedHashMap<>();
    values.put("a", new String[] {"1", "2"});
    values.put("b", new String[] {"x", "y"});
    assertThat(Plan.combinations(values))
        .containsExactly(
            Map.of("a", "1", "b", "x"),
            Map.of("a", "1", "b", "y"),
            Map.of("a", "2", "b", "x"),
            Map.of("a", "2", "b", "y"));
  }

  @Test
  void allocatorsOfACaseFollowEachOther() {
    List<Trial> trials =
        Plan.of(JmhSuite.REQUEST, false).stream()
            .filter(trial -> trial.allocator().isPresent())
            .toList();
    int allocators = AllocatorUnderTest.values().length;
    assertThat(trials).hasSize(2 * allocators);
    assertThat(trials.subList(0, allocators))
        .extracting(Trial::allocator)
        .doesNotHaveDuplicates()
        .doesNotContain(Optional.empty());
    assertThat(trials.subList(0, allocators))
        .extracting(Trial::of)
        .containsOnly(trials.get(0).of());
  }

  @ParameterizedTest
  @EnumSource(JmhSuite.class)
  void quickRunIsAPartOfTheFullOne(JmhSuite suite) {
    List<Trial> quick = Plan.of(suite, true);
    assertThat(quick).isNotEmpty().isSubsetOf(Plan.of(suite, false));
  }

  @ParameterizedTest
  @EnumSource(JmhSuite.class)
  void everySuiteRunsEveryAllocator(JmhSuite suite) {
    Set<AllocatorUnderTest> all = EnumSet.allOf(AllocatorUnderTest.class);
    Map<Case, Set<AllocatorUnderTest>> byCase = new HashMap<>();
    for (Trial trial : Plan.of(suite, false)) {
      trial
          .allocator()
          .ifPresent(each -> byCase.computeIfAbsent(trial.of(), any -> new HashSet<>()).add(each));
    }
    assertThat(byCase).isNotEmpty();
    if (suite != JmhSuite.RESET_COST) { // which only a connection's arena has
      assertThat(byCase.values()).containsOnly(all);
    }
  }

  @Test
  void aLimitHasNoAllocator() {
    assertThat(Plan.of(JmhSuite.ALLOCATE_RELEASE, false))
        .filteredOn(trial -> trial.allocator().isEmpty())
        .extracting(trial -> trial.of().className())
        .containsOnly(
            "RawBumpBenchmark",
            "OpenHandleBenchmark",
            "DutiesBenchmark",
            "LeastAllocatorBenchmark");
  }
}
