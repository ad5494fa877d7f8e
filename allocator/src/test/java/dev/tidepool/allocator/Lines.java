package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

/** Source lines of a test, to compare with stack traces. */
public final class Lines {
  private Lines() {}

  /** The line below the caller's. */
  public static int next() {
    return StackWalker.getInstance()
        .walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber() + 1);
  }

  /** Fails unless {@code trace} points at {@code line} of {@code method} of {@code test}. */
  public static void assertAt(Trace trace, Class<?> test, String method, int line) {
    assertThat(trace).isNotNull();
    assertThat(trace.line().getClassName()).isEqualTo(test.getName());
    assertThat(trace.line().getMethodName()).isEqualTo(method);
    assertThat(trace.line().getLineNumber()).isEqualTo(line);
    assertThat(trace.frames().get(0)).as("on top").isEqualTo(trace.line());
  }
}
