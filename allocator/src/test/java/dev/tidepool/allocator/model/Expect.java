package dev.tidepool.allocator.model;

import java.util.Arrays;
import java.util.Objects;

/** Assertions cheap enough for a hundred calls a step. */
final class Expect {
  private Expect() {}

  static void that(boolean holds, String what, Object subject) {
    if (!holds) {
      throw new AssertionError(what + ": " + subject);
    }
  }

  static void equal(long actual, long expected, String what, Object subject) {
    if (actual != expected) {
      throw new AssertionError(
          "%s: %d (expected: %d): %s".formatted(what, actual, expected, subject));
    }
  }

  static void same(Object actual, Object expected, String what, Object subject) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError(
          "%s: %s (expected: %s): %s".formatted(what, actual, expected, subject));
    }
  }

  static void sameBytes(byte[] actual, byte[] expected, Object subject) {
    int at = Arrays.mismatch(actual, expected);
    if (at >= 0) {
      throw new AssertionError(
          "bytes differ from index %d of %d, model: %d: %s"
              .formatted(at, actual.length, expected.length, subject));
    }
  }

  /** Runs {@code action}, which must throw {@code expected}. */
  static void fails(Class<? extends Throwable> expected, Actors.Action action, Object subject)
      throws Exception {
    try {
      action.run();
    } catch (Exception e) {
      if (expected.isInstance(e)) {
        return;
      }
      throw e;
    }
    throw new AssertionError("expected " + expected.getSimpleName() + ": " + subject);
  }
}
