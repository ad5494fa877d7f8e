package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** The history's growth, and how often it has the survivors walked. */
class RequestHistoryTest {
  private static final int REQUESTS = 10_000;

  private RequestHistory times = RequestHistory.none();
  private int walks;

  private void end(int request, IntPredicate leftSomething) {
    times =
        times.ended(
            request,
            100L * request,
            () -> {
              walks++;
              return leftSomething;
            });
  }

  @Test
  void walksBecomeRarerIfEveryRequestLeavesSurvivors() {
    for (int i = 0; i < REQUESTS; i++) {
      end(i, request -> true);
    }
    assertThat(walks).isBetween(1, 15);
    assertThat(times.ageNanos(7, 5000)).isEqualTo(5000 - 700);
    assertThat(times.ageNanos(REQUESTS - 1, 100L * REQUESTS)).isEqualTo(100);
  }

  @Test
  void requestsWithoutSurvivorsAreDropped() {
    for (int i = 0; i < REQUESTS; i++) {
      int now = i;
      end(i, request -> request == 3 || request > now - 10);
    }
    assertThat(times.ageNanos(3, 1000)).as("the one with a survivor").isEqualTo(1000 - 300);
    assertThat(times.ageNanos(100, 1_000_000)).isZero();
    assertThat(walks).isLessThan(REQUESTS / 4);
  }
}
