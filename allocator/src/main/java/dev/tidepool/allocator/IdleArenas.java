package dev.tidepool.allocator;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The idle arenas of one event loop, last in, first out. A trim drops those not needed since the
 * trim before.
 *
 * <pre>
 *   0 &lt;= least &lt;= size;  entries [0, size) are idle
 *   all but the last: no connection refers to them
 *   least == the low-water mark of size since the last trim
 * </pre>
 *
 * <p>The connection that gave the last one back still refers to it: where one connection's requests
 * follow each other, nothing is stored between them.
 *
 * <p>Event loop only.
 */
final class IdleArenas {
  private @Nullable ConnectionArenas[] stack = new ConnectionArenas[1];
  private int size;
  private int least;

  /** Removes the last, which its connection forgets; null if there is none. */
  @Nullable ConnectionArenas pop() {
    leaveLast();
    return size == 0 ? null : removeLast();
  }

  /** Removes the last, which is {@code last}, for the connection that still refers to it. */
  void popLast(ConnectionArenas last) {
    ConnectionArenas removed = removeLast();
    if (removed != last) {
      throw new IllegalStateException("idle arenas: " + removed + " (expected: " + last + ')');
    }
  }

  private @Nullable ConnectionArenas removeLast() {
    size--;
    least = Math.min(least, size);
    return stack[size];
  }

  void push(ConnectionArenas arenas) {
    leaveLast();
    if (size == stack.length) {
      stack = Arrays.copyOf(stack, 2 * size);
    }
    if (stack[size] != arenas) { // often the same: a store costs a barrier
      stack[size] = arenas;
    }
    size++;
  }

  private void leaveLast() {
    ConnectionArenas last = size == 0 ? null : stack[size - 1];
    if (last != null) {
      last.leave();
    }
  }

  /** Drops those not needed since the last trim. */
  void trim() {
    leaveLast();
    size -= least;
    least = size;
    stack =
        size == 0 ? new ConnectionArenas[1] : Arrays.copyOf(stack, size); // none of those in use
  }

  void clear() {
    least = size;
    trim();
  }

  /**
   * Drops all without telling the last one's connection. The thread ends, and that connection may
   * have a new thread already, which finds that it does not own these.
   */
  void end() {
    size = 0;
    least = 0;
    stack = new ConnectionArenas[1];
  }

  int size() {
    return size;
  }

  void forEach(Consumer<ConnectionArenas> action) {
    for (int i = 0; i < size; i++) {
      action.accept(Objects.requireNonNull(stack[i], "arenas below size"));
    }
  }
}
