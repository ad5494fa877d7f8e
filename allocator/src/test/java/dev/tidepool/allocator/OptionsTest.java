package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ranges of the options, and the errors that state an option's name, value and expectation. */
class OptionsTest {
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private static Arguments bad(
      UnaryOperator<ArenaByteBufAllocator.Builder> set, String... expected) {
    return Arguments.of(set, expected);
  }

  static Stream<Arguments> badOptions() {
    return Stream.of(
        bad(b -> b.upstream(null), "upstream: null", "expected: "),
        bad(b -> b.upstream(ArenaByteBufAllocator.DEFAULT), "upstream: ArenaByteBufAllocator("),
        bad(b -> b.minBlockSize(0), "minBlockSize: 0", "a power of two from 1024 to 1073741824"),
        bad(b -> b.minBlockSize(-8192), "minBlockSize: -8192", "expected: a power of two"),
        bad(b -> b.minBlockSize(512), "minBlockSize: 512", "from 1024"),
        bad(b -> b.minBlockSize(5000), "minBlockSize: 5000", "expected: a power of two"),
        bad(b -> b.minBlockSize(Integer.MIN_VALUE), "minBlockSize: -2147483648"),
        bad(b -> b.minBlockSize(1024).alignment(4096), "minBlockSize: 1024", "from 4096"),
        bad(b -> b.maxBlockSize(2048), "maxBlockSize: 2048", "a power of two from 4096"),
        bad(b -> b.maxBlockSize(1_000_000), "maxBlockSize: 1000000", "expected: a power of two"),
        bad(b -> b.maxBlockSize(Integer.MAX_VALUE), "maxBlockSize: 2147483647", "to 1073741824"),
        bad(b -> b.alignment(4), "alignment: 4", "a power of two from 8 to 4096"),
        bad(b -> b.alignment(24), "alignment: 24", "a power of two from 8 to 4096"),
        bad(b -> b.alignment(8192), "alignment: 8192", "a power of two from 8 to 4096"),
        bad(b -> b.alignment(0), "alignment: 0", "a power of two from 8 to 4096"),
        bad(b -> b.maxRetainedPerLoop(-1), "maxRetainedPerLoop: -1", "expected: >= 0"),
        bad(b -> b.trimInterval(null), "trimInterval: null", "expected: "),
        bad(b -> b.trimInterval(Duration.ofNanos(-1)), "trimInterval: PT-0.000000001S", "0"),
        bad(b -> b.trimInterval(LONGEST.plusNanos(1)), "trimInterval: " + LONGEST.plusNanos(1)),
        bad(b -> b.nativeTrimThreshold(-1), "nativeTrimThreshold: -1", "expected: >= 0"),
        bad(b -> b.nativeTrimInterval(null), "nativeTrimInterval: null", "expected: "),
        bad(b -> b.nativeTrimInterval(Duration.ofSeconds(-1)), "nativeTrimInterval: PT-1S"),
        bad(b -> b.softBudget(0), "softBudget: 0", "expected: >= 1"),
        bad(b -> b.softBudget(-5), "softBudget: -5", "expected: >= 1"),
        bad(b -> b.hardBudget(0), "hardBudget: 0", "expected: >= 1"),
        bad(b -> b.softBudget(100_000).hardBudget(99_999), "hardBudget: 99999", ">= 100000"),
        bad(b -> b.globalBudget(0), "globalBudget: 0", "expected: >= 1"),
        bad(b -> b.budgetPolicy(null), "budgetPolicy: null", "expected: "),
        bad(b -> b.leakGrace(null), "leakGrace: null", "expected: "),
        bad(b -> b.leakGrace(Duration.ofSeconds(-1)), "leakGrace: PT-1S", "expected: "),
        bad(b -> b.leakGrace(Duration.ofDays(400_000)), "leakGrace: PT9600000H", "expected: "),
        bad(b -> b.checks(null), "checks: null", "expected: "),
        bad(b -> b.recording(null), "recording: null", "expected: "),
        bad(b -> b.leakListener(null), "leakListener: null", "expected: "));
  }

  @ParameterizedTest
  @MethodSource("badOptions")
  void aBadOptionsErrorStatesNameValueAndExpectation(
      UnaryOperator<ArenaByteBufAllocator.Builder> set, String[] expected) {
    ArenaByteBufAllocator.Builder builder = set.apply(ArenaByteBufAllocator.builder());
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(expected)
        .hasMessageContaining("expected: ");
  }

  static Stream<UnaryOperator<ArenaByteBufAllocator.Builder>> extremeOptions() {
    return Stream.of(
        b -> b.minBlockSize(1024),
        b -> b.minBlockSize(1024).maxBlockSize(1024),
        b -> b.maxBlockSize(1 << 30),
        b -> b.minBlockSize(1 << 20).maxBlockSize(1 << 20),
        b -> b.alignment(8),
        b -> b.alignment(4096),
        b -> b.alignment(1024).minBlockSize(1024),
        b -> b.maxRetainedPerLoop(0),
        b -> b.maxRetainedPerLoop(Long.MAX_VALUE),
        b -> b.trimInterval(Duration.ZERO),
        b -> b.trimInterval(Duration.ofNanos(1)),
        b -> b.trimInterval(LONGEST),
        b -> b.leakGrace(Duration.ZERO),
        b -> b.leakGrace(LONGEST),
        b -> b.softBudget(1),
        b -> b.softBudget(1 << 20).hardBudget(1 << 20),
        b -> b.hardBudget(Long.MAX_VALUE),
        b -> b.globalBudget(1 << 20).closeHeaviest(true),
        b -> b.globalBudget(Long.MAX_VALUE),
        b -> b.hardBudget(1).budgetPolicy(BudgetPolicy.OVERFLOW),
        b -> b.scrub(true),
        b -> b.checks(Checks.LIGHT));
  }

  @ParameterizedTest
  @MethodSource("extremeOptions")
  void theExtremesOfEveryRangeAreAccepted(UnaryOperator<ArenaByteBufAllocator.Builder> set) {
    ArenaByteBufAllocator allocator = guard.another(set.apply(ArenaByteBufAllocator.builder()));
    EventExecutor loop = new DefaultEventExecutor();
    TestThreads.run(
        loop,
        () -> {
          ConnectionArena arena = allocator.newConnectionArena(loop);
          ByteBuf alive = arena.buffer(1);
          for (int size : new int[] {0, 1, 1000, 1024, 1025, 10_000}) {
            for (ByteBuf buffer : List.of(arena.directBuffer(size), arena.heapBuffer(size))) {
              Patterns.check(Patterns.fill(buffer, size), size);
              Patterns.check(buffer.capacity(2 * size + 1), size, size);
              buffer.release();
            }
          }
          arena.reset();
          arena.close(); // and watched for the grace
          alive.release();
        });
    TestThreads.end(loop);
    assertThat(allocator.metric().openArenas()).isZero();
  }

  @Test
  void missingArgumentsAreNamed() {
    assertThatThrownBy(() -> ArenaByteBufAllocator.DEFAULT.newConnectionArena(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("executor");
  }
}
