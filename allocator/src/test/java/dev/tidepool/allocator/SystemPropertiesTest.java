package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The system properties {@code dev.tidepool.*}: every option, every unit, and the errors for
 * invalid values.
 */
class SystemPropertiesTest {
  private static Options options(Map<String, String> properties) {
    return new SystemProperties(properties::get)
        .applyTo(ArenaByteBufAllocator.builder())
        .build()
        .options();
  }

  private static Options option(String name, String value) {
    return options(Map.of(SystemProperties.PREFIX + name, value));
  }

  @Test
  void withoutPropertiesTheDefaultsHold() {
    assertThat(options(Map.of())).isEqualTo(new Options(Map.of()));
  }

  @Test
  void everyOptionHasAProperty() {
    Map<String, String> properties =
        Map.ofEntries(
            Map.entry("dev.tidepool.upstream", "pooled"),
            Map.entry("dev.tidepool.preferDirect", "false"),
            Map.entry("dev.tidepool.minBlockSize", "16k"),
            Map.entry("dev.tidepool.maxBlockSize", "2m"),
            Map.entry("dev.tidepool.alignment", "64"),
            Map.entry("dev.tidepool.maxRetainedPerLoop", "1g"),
            Map.entry("dev.tidepool.trimInterval", "250ms"),
            Map.entry("dev.tidepool.nativeTrimThreshold", "64m"),
            Map.entry("dev.tidepool.nativeTrimInterval", "3s"),
            Map.entry("dev.tidepool.softBudget", "8m"),
            Map.entry("dev.tidepool.hardBudget", "16m"),
            Map.entry("dev.tidepool.globalBudget", "1g"),
            Map.entry("dev.tidepool.budgetPolicy", "Pause"),
            Map.entry("dev.tidepool.closeHeaviest", "true"),
            Map.entry("dev.tidepool.scrub", "true"),
            Map.entry("dev.tidepool.leakGrace", "2m"),
            Map.entry("dev.tidepool.checks", "full"),
            Map.entry("dev.tidepool.recording", "sampled"));
    assertThat(properties)
        .containsOnlyKeys(
            Options.ALL.stream().map(option -> SystemProperties.PREFIX + option.name()).toList());
    Options options = options(properties);
    assertThat(options)
        .isEqualTo(
            ArenaByteBufAllocator.builder()
                .upstream(PooledByteBufAllocator.DEFAULT)
                .preferDirect(false)
                .minBlockSize(16 << 10)
                .maxBlockSize(2 << 20)
                .alignment(64)
                .maxRetainedPerLoop(1L << 30)
                .trimInterval(Duration.ofMillis(250))
                .nativeTrimThreshold(64L << 20)
                .nativeTrimInterval(Duration.ofSeconds(3))
                .softBudget(8L << 20)
                .hardBudget(16L << 20)
                .globalBudget(1L << 30)
                .budgetPolicy(BudgetPolicy.PAUSE)
                .closeHeaviest(true)
                .scrub(true)
                .leakGrace(Duration.ofMinutes(2))
                .checks(Checks.FULL)
                .recording(Recording.SAMPLED)
                .options());
  }

  @Test
  void everyOptionOfTheBuilderIsReadFromItsProperty() {
    for (Option<?> option : Options.ALL) {
      String name = SystemProperties.PREFIX + option.name();
      assertThatThrownBy(() -> option(option.name(), "nonsense"))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(name + ": nonsense (expected: ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "8192, 8192",
    "8k, 8192",
    "8K, 8192",
    "' 3m ', 3145728",
    "2g, 2147483648",
    "9223372036854775807, 9223372036854775807"
  })
  void sizes(String value, long bytes) {
    assertThat(option("maxRetainedPerLoop", value).get(Options.MAX_RETAINED_PER_LOOP))
        .isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"0, PT0S", "1500, PT1.5S", "20ms, PT0.02S", "5s, PT5S", "5S, PT5S", "1m, PT1M"})
  void times(String value, Duration time) {
    assertThat(option("trimInterval", value).get(Options.TRIM_INTERVAL)).isEqualTo(time);
    assertThat(option("leakGrace", value).get(Options.LEAK_GRACE)).isEqualTo(time);
  }

  @Test
  void upstreams() {
    assertThat(option("upstream", "unpooled").get(Options.UPSTREAM))
        .isSameAs(UnpooledByteBufAllocator.DEFAULT);
    assertThat(option("upstream", "Pooled").get(Options.UPSTREAM))
        .isSameAs(PooledByteBufAllocator.DEFAULT);
    assertThat(option("upstream", "adaptive").get(Options.UPSTREAM))
        .isInstanceOf(AdaptiveByteBufAllocator.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "upstream           | arena                | unpooled, pooled or adaptive",
        "preferDirect       | yes                  | true or false",
        "scrub              | ''                   | true or false",
        "minBlockSize       | 8kb                  | bytes, such as 8192, 8k or 4m",
        "minBlockSize       | -1                   | bytes, such as 8192, 8k or 4m",
        "minBlockSize       | 2g                   | at most 2g - 1",
        "maxBlockSize       | 1.5m                 | bytes, such as 8192, 8k or 4m",
        "alignment          | x                    | bytes, such as 8192, 8k or 4m",
        "maxRetainedPerLoop | 9223372036854775808  | at most 9223372036854775807",
        "softBudget         | 99999999999g         | at most 9223372036854775807",
        "hardBudget         | many                 | bytes, such as 8192, 8k or 4m",
        "trimInterval       | 1h                   | milliseconds, or a time such as 500ms, 5s or 1m",
        "trimInterval       | 9999999999999999     | milliseconds, or a time such as 500ms, 5s or 1m",
        "leakGrace          | -5s                  | milliseconds, or a time such as 500ms, 5s or 1m",
        "checks             | some                 | off, light or full",
        "recording          | some                 | off, sampled or all",
      })
  void anInvalidPropertysErrorStatesNameValueAndExpectation(
      String name, String value, String expected) {
    assertThatThrownBy(() -> option(name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dev.tidepool.%s: %s (expected: %s)", name, value, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "minBlockSize       | 5k               | minBlockSize: 5120 (expected: a power of two",
        "maxBlockSize       | 1k               | maxBlockSize: 1024 (expected: a power of two",
        "alignment          | 1                | alignment: 1 (expected: a power of two",
        "softBudget         | 0                | softBudget: 0 (expected: >= 1)",
        "trimInterval       | 999999999999999m | trimInterval: PT16666666666666H39M (expected: ",
        "leakGrace          | 999999999999999m | leakGrace: PT16666666666666H39M (expected: ",
      })
  void anOutOfRangePropertyIsNamedInTheError(String name, String value, String message) {
    assertThatThrownBy(() -> option(name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
