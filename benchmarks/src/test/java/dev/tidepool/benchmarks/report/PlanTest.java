package dev.tidepool.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        Plan.of(JmhSuite.REQUEST, LeakDetection.DEFAULT, false).stream()
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
    for (LeakDetection level : LeakDetection.values()) {
      List<Trial> full = Plan.of(suite, level, false);
      List<Trial> quick = Plan.of(suite, level, true);
      assertThat(quick).isSubsetOf(full);
      assertThat(quick.isEmpty()).as("nothing of " + suite).isEqualTo(full.isEmpty());
    }
    assertThat(Plan.of(suite, LeakDetection.DISABLED, true)).isNotEmpty();
  }

  @Test
  void aLimitHasNoAllocator() {
    assertThat(Plan.of(JmhSuite.ALLOCATE_RELEASE, LeakDetection.DISABLED, false))
        .filteredOn(trial -> trial.allocator().isEmpty())
        .extracting(trial -> trial.of().className())
        .containsExactlyInAnyOrder("RawBumpBenchmark", "OpenHandleBenchmark");
  }
}
