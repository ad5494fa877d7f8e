package dev.tidepool.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SuiteTest {
  @ParameterizedTest
  @EnumSource
  void aCaseIsFoundByItsName(Suite suite) {
    for (boolean quick : new boolean[] {true, false}) {
      assertThat(suite.cases(quick))
          .isNotEmpty()
          .allSatisfy(each -> assertThat(suite.namedCase(each.name(), quick)).isEqualTo(each));
    }
  }

  @Test
  void aCaseThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Suite.LOAD.namedCase("none", true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("case: none");
  }

  @Test
  void figuresAreRowsOfJson() throws IOException {
    Figures figures = new Figures(Suite.BURST, AllocatorUnderTest.POOLED);
    figures.add("silence", Figures.UPSTREAM_HELD, Figures.BYTES, 5L, List.of(7L, 5L));
    assertThat(JSON.std.listOfFrom(Object.class, figures.toJson()))
        .containsExactly(
            Map.of(
                "suite", "burst",
                "allocator", "POOLED",
                "case", "silence",
                "figure", "upstream bytes held",
                "unit", "bytes",
                "value", 5,
                "samples", List.of(7, 5)));
  }
}
