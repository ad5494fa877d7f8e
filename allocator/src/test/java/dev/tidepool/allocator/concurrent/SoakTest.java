package dev.tidepool.allocator.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.Checks;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A soak of everything at once, for as long as {@code -Dsoak.duration=} says, such as {@code
 * PT10M}. Event loops that end and are replaced, plain threads and, where the JDK has them, virtual
 * ones pass buffers around. Each carries a pattern that is checked on every hand-over. In the end
 * all memory is back upstream.
 */
class SoakTest {
  private static final Duration DURATION =
      Duration.parse(System.getProperty("soak.duration", "PT4S"));
  private static final long SEED = Long.getLong("tidepool.seed", System.nanoTime());

  @ParameterizedTest
  @EnumSource(
      value = Checks.class,
      names = {"OFF", "FULL"})
  void allMemoryReturns(Checks checks) {
    UnpooledByteBufAllocator upstream = new UnpooledByteBufAllocator(false);
    ArenaByteBufAllocator allocator = allocator(upstream, checks);
    Soak soak = new Soak(allocator, SEED);
    try {
      soak.run(DURATION.dividedBy(2));
    } catch (Throwable e) {
      throw new AssertionError("-Dtidepool.seed=" + SEED, e);
    }
    System.out.printf("soak, checks %s: %s, seed %d: %s%n", checks, DURATION, SEED, soak);
    assertThat(allocator.metric().openArenas()).as("open arenas").isZero();
    assertThat(allocator.metric().leaks()).as("leaks").isZero();
    assertThat(upstream.metric().usedDirectMemory()).as("direct memory").isZero();
    assertThat(upstream.metric().usedHeapMemory()).as("heap memory").isZero();
  }

  private static ArenaByteBufAllocator allocator(UnpooledByteBufAllocator upstream, Checks checks) {
    return ArenaByteBufAllocator.builder()
        .upstream(upstream)
        .minBlockSize(1024)
        .maxBlockSize(8192)
        .maxRetainedPerLoop(256 * 1024)
        .trimInterval(Duration.ofMillis(20))
        .softBudget(64 * 1024)
        .hardBudget(128 * 1024)
        .leakGrace(Duration.ofSeconds(30))
        .scrub(checks == Checks.FULL)
        .checks(checks)
        .build();
  }
}
