package dev.tidepool.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MediansTest {
  private static Map<String, Object> row(String figure, int value) {
    return Map.of(
        "allocator",
        "POOLED",
        "case",
        "idle",
        "figure",
        figure,
        "value",
        value,
        "samples",
        List.of(1, 2));
  }

  @Test
  void ofForksTheMedianStands() {
    assertThat(Medians.of(List.of(row("held", 9), row("rss", 5), row("held", 1), row("held", 3))))
        .hasSize(2)
        .first()
        .satisfies(
            held -> {
              assertThat(held.get("figure")).isEqualTo("held");
              assertThat(held.get("value")).isEqualTo(3.0);
              assertThat(held.get("samples")).isEqualTo(List.of(9, 1, 3));
            });
  }

  @Test
  void aRowAloneStaysAsItIs() {
    assertThat(Medians.of(List.of(row("rss", 5)))).isEqualTo(List.of(row("rss", 5)));
  }
}
