package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Interleavings of threads that charge one budget, made by hand through its callbacks. */
class BudgetRaceTest {
  private static final Options OPTIONS =
      new Options(
          UnpooledByteBufAllocator.DEFAULT,
          true,
          1024,
          1024,
          16,
          0,
          Duration.ZERO,
          100,
          200,
          false,
          Duration.ZERO,
          Checks.OFF);

  private Budget child;
  private boolean interleaved;

  @Test
  void pressureEndsThoughTheLastBytesGoWhileItBegins() {
    Budget parent = new Budget("parent", OPTIONS, null, this::unchargeOnce);
    child = new Budget("child", OPTIONS, parent, () -> {});
    child.charge(150);
    assertThat(child.charged()).isZero();
    assertThat(child.isUnderPressure()).isFalse();
  }

  /** Runs within {@code charge}: after the bytes were added, before the child's pressure is set. */
  private void unchargeOnce() {
    if (!interleaved) {
      interleaved = true;
      child.uncharge(150);
    }
  }
}
