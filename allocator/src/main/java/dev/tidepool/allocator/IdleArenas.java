package dev.tidepool.allocator;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An event loop's arenas that serve no connection: the last that was given back is the next to be
 * taken, and what was not needed for a while is forgotten.
 *
 * <pre>
 *   0 &lt;= least &lt;= size;  entries [0, size) are idle
 *   all but the last are nobody's: no connection knows them
 *   least == the fewest there were since the last trim, which nobody missed
 * </pre>
 *
 * <p>The last is still known to the connection that gave it back: where one connection's requests
 * follow each other, nothing has to be stored between them.
 *
 * <p>Event loop only.
 */
final class IdleArenas {
  private @Nullable ConnectionArenas[] stack = new ConnectionArenas[1];
  private int size;
  private int least;

  /** The last, now nobody's; or null. */
  @Nullable ConnectionArenas pop() {
    leaveLast();
    return size == 0 ? null : removeLast();
  }

  /** The same, known to be {@code last}, for the connection that knows it. */
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
    if (stack[size] != arenas) { // often it is: a store costs a barrier
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

  /** Forgets those that nobody needed since the last trim. */
  void trim() {
    leaveLast();
    size -= least;
    least = size;
    stack = size == 0 ? new ConnectionArenas[1] : Arrays.copyOf(stack, size); // none that is away
  }

  void clear() {
    least = size;
    trim();
  }

  /**
   * Forgets all, and tells none: the thread ends, and the connection of the last may have a new
   * thread already, which finds that these are not its own.
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
