package dev.tidepool.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.benchmarks.suites.AllocateReleaseBenchmark;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Allocators that are found by the name of their class, with stand-ins for such. */
class NamedAllocatorTest {
  /** As libraries have them: with a constructor. */
  public static final class Made extends StandIn {
    public Made() {}
  }

  /** As libraries have them: one for the process. */
  public static final class OfTheProcess extends StandIn {
    public static final ByteBufAllocator DEFAULT = new OfTheProcess();

    private OfTheProcess() {}
  }

  /** Stands in for an allocator from elsewhere. */
  abstract static class StandIn extends PooledByteBufAllocator {
    StandIn() {
      super(true);
    }
  }

  @Test
  void aConstructorMakesANewOne() {
    ByteBufAllocator one = NamedAllocator.create(Made.class.getName());
    assertThat(one)
        .isInstanceOf(Made.class)
        .isNotSameAs(NamedAllocator.create(Made.class.getName()));
  }

  @Test
  void elseTheFieldHasOne() {
    assertThat(NamedAllocator.create(OfTheProcess.class.getName())).isSameAs(OfTheProcess.DEFAULT);
    assertThat(NamedAllocator.create(UnpooledByteBufAllocator.class.getName()))
        .isSameAs(UnpooledByteBufAllocator.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no.such.Allocator",
        "java.lang.String",
        "java.lang.Math",
        "io.netty.buffer.AbstractByteBufAllocator"
      })
  void anythingElseIsRefusedByItsName(String name) {
    assertThatThrownBy(() -> NamedAllocator.create(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-Dtidepool.allocator: " + name + " (expected: a ");
  }

  /** As its documentation says it is called, in a JVM of its own. */
  @Test
  void jmhMeasuresIt() throws Exception {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include(AllocateReleaseBenchmark.class.getName() + "\\.allocateAndRelease")
        .param("underTest", "NAMED")
        .param("size", "64")
        .param("direct", "true")
        .jvmArgsPrepend("-D" + NamedAllocator.PROPERTY + '=' + Made.class.getName())
        .forks(1)
        .warmupIterations(0)
        .measurementIterations(1)
        .measurementTime(new TimeValue(10, TimeUnit.MILLISECONDS))
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
    assertThat(new Runner(options.build()).runSingle().getPrimaryResult().getScore()).isPositive();
  }
}
