package dev.tidepool.allocator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An event loop's arenas that serve no connection: the last that was given back is the next to be
 * taken, and what was not needed for a while is forgotten.
 *
 * <pre>
 *   0 &lt;= least &lt;= size;  entries [0, size) are there, nobody's
 *   least == the fewest there were since the last trim, which nobody missed
 * </pre>
 *
 * <p>Event loop only.
 */
final class IdleArenas {
  private @Nullable ConnectionArenas[] stack = new ConnectionArenas[1];
  private int size;
  private int least;

  @Nullable ConnectionArenas pop() {
    if (size == 0) {
      return null;
    }
    size--;
    least = Math.min(least, size);
    return stack[size];
  }

  void push(ConnectionArenas arenas) {
    if (size == stack.length) {
      stack = Arrays.copyOf(stack, 2 * size);
    }
    if (stack[size] != arenas) { // often it is: a store costs a barrier
      stack[size] = arenas;
    }
    size++;
  }

  /** Forgets those that nobody needed since the last trim. */
  void trim() {
    size -= least;
    least = size;
    stack = Arrays.copyOf(stack, Math.max(1, size)); // without what was taken and never came back
  }

  void clear() {
    least = size;
    trim();
  }

  int size() {
    return size;
  }
}
